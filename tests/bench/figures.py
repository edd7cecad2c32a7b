"""A figure: what several rounds of a measure gave, in its unit, with what it is beside."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Figure:
    """Values of the rounds in a unit; as ratios when there is a yardstick. `target` as docs/performance.md says it."""

    name: str
    unit: str
    values: Sequence[float]
    yardstick: str = ""
    target: str = ""

    def as_dict(self) -> dict[str, object]:
        """For build/bench.json."""
        spread = {"median": median(self.values), "min": min(self.values), "max": max(self.values)}
        return spread | {"unit": self.unit, "yardstick": self.yardstick, "target": self.target}


def ratios(above: Sequence[float], below: Sequence[float]) -> list[float]:
    """Round by round."""
    return [one / other for one, other in zip(above, below, strict=True)]
