"""What the form of a correction showed when it was opened; it comes back with what was typed.

What somebody left as it was shown is not theirs: it stays as it is by now. What they changed counts when they saw what
stands; where another has changed that meanwhile, both are told beside the field.
"""

from collections.abc import Mapping

import orjson

PREFIX = "was."


def told(facts: Mapping[str, str | None]) -> str:
    """What a form shows of some facts, for a hidden field of it."""
    return orjson.dumps({name: text or "" for name, text in facts.items()}).decode()


def shown(given: Mapping[str, str], key: str, now: Mapping[str, str | None]) -> dict[str, str]:
    """What the form showed of the facts under a key; a form that does not say showed what stands now."""
    try:
        said = orjson.loads(given.get(PREFIX + key, ""))
    except orjson.JSONDecodeError:
        said = None
    usual = {name: text or "" for name, text in now.items()}
    if not isinstance(said, dict):
        return usual
    return usual | {name: text for name, text in said.items() if name in usual and isinstance(text, str)}


def typed(text: str | None, now: str, was: str | None) -> str:
    """What somebody typed; what stands now where they left the field as it was shown (`was`)."""
    if text is None or (was is not None and text.strip() == was.strip()):
        return now
    return text.strip()
