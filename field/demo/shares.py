"""Dividing a total by weights so that the parts are whole numbers and add up."""

from collections.abc import Sequence


def shares(total: int, weights: Sequence[float]) -> list[int]:
    """Parts of a total, each as near to its weight as whole numbers can be; the largest remainders are rounded up."""
    whole = sum(weights) or 1
    exact = [total * weight / whole for weight in weights]
    parts = [int(one) for one in exact]
    by_remainder = sorted(range(len(parts)), key=lambda place: (parts[place] - exact[place], place))
    for place in by_remainder[: total - sum(parts)]:
        parts[place] += 1
    return parts
