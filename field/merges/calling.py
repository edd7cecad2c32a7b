"""What a door shows of the last call, what settled it and when it last opened: taken from an entry that is closed,
and given back."""

from datetime import datetime
from typing import Any
from uuid import UUID

from field.merges.models import MergeDecision
from field.places.models import Dwelling
from field.visits.calls import (
    Call,
    last_call,
    last_opening,
    last_settling,
    show_call,
    show_settling,
    shown_call,
)


def take_call(other: Dwelling, kept: Dwelling, moved: dict[str, Any]) -> None:
    """The door shows whichever call was last; what it showed before is noted."""
    known, offered = shown_call(kept), shown_call(other)
    if offered is None or (known is not None and offered.at <= known.at):
        return
    moved["call"] = {"taken": _written(offered), "before": _written(known)}
    show_call(kept, offered)


def give_call_back(decision: MergeDecision, kept: Dwelling) -> None:
    """Without the other door's call: what was there before, or a later one at this door, which may have come since."""
    noted, shown = decision.moved.get("call"), shown_call(kept)
    if noted is None or shown is None or not _is_the(shown, _read(noted["taken"])):
        return
    calls = [call for call in (_read(noted["before"]), last_call(kept)) if call is not None]
    show_call(kept, max(calls, key=lambda call: call.at, default=None))


def _is_the(shown: Call, taken: Call | None) -> bool:
    return taken is not None and (shown.visit, shown.at) == (taken.visit, taken.at)


def _written(call: Call | None) -> list[str | None] | None:
    if call is None:
        return None
    return [
        str(call.visit) if call.visit else None,
        call.outcome,
        call.at.isoformat(),
        str(call.by) if call.by else None,
    ]


def _read(parts: list[str] | None) -> Call | None:
    if parts is None:
        return None
    visit, outcome, at, by = parts
    return Call(UUID(visit) if visit else None, outcome, datetime.fromisoformat(at), UUID(by) if by else None)


def take_opening(other: Dwelling, kept: Dwelling, moved: dict[str, Any]) -> None:
    """Phones propose hours at which a door has opened before: the last time counts, at whichever entry."""
    before = kept.opened_at
    if other.opened_at is None or (before is not None and other.opened_at <= before):
        return
    moved["opened"] = {"taken": other.opened_at.isoformat(), "before": before.isoformat() if before else None}
    kept.opened_at = other.opened_at


def give_opening_back(decision: MergeDecision, kept: Dwelling) -> None:
    """Without what was taken, unless the door has opened again since."""
    noted = decision.moved.get("opened")
    if noted is None or kept.opened_at != datetime.fromisoformat(noted["taken"]):
        return
    before = datetime.fromisoformat(noted["before"]) if noted["before"] else None
    kept.opened_at = max((at for at in (before, last_opening(kept)) if at is not None), default=None)


def take_settling(other: Dwelling, kept: Dwelling, moved: dict[str, Any]) -> None:
    """What is settled at one entry is settled at the other."""
    if other.settled_at is None or (kept.settled_at is not None and other.settled_at <= kept.settled_at):
        return
    before = kept.settled_at.isoformat() if kept.settled_at else None
    moved["settled"] = {"taken": other.settled_at.isoformat(), "before": [before, kept.settled_as]}
    kept.settled_at, kept.settled_as = other.settled_at, other.settled_as


def give_settling_back(decision: MergeDecision, kept: Dwelling) -> None:
    """Without what was taken, unless the door was settled again since."""
    noted = decision.moved.get("settled")
    if noted is None or kept.settled_at != datetime.fromisoformat(noted["taken"]):
        return
    at, outcome = noted["before"]
    before = (datetime.fromisoformat(at), outcome) if at else None
    calls = [call for call in (before, last_settling(kept)) if call is not None]
    show_settling(kept, max(calls, default=None))
