"""The call that a door shows as its last, the one that settled it, when it last opened, and finding all of them again
among its visits."""

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from field.core.db import db
from field.places.models import Dwelling
from field.visits.models import Visit, VisitRevision

# After these somebody was at home: phones propose the hour at which doors here have opened before.
OPENED_OUTCOMES = frozenset({"done", "refused", "rescheduled"})
# After these a door counts as covered; the others call for another visit.
SETTLED_OUTCOMES = frozenset({"done", "vacant", "refused", "demolished", "not_found"})
# The columns of a door that a call fills, in its order.
_SHOWN = ("visit_id", "visit_outcome", "visit_at", "visit_by")


@dataclass(frozen=True)
class Call:
    """When somebody was at a door, who, and with which outcome."""

    visit: UUID | None
    outcome: str | None
    at: datetime
    by: UUID | None


def shown_call(door: Dwelling) -> Call | None:
    """What a door shows."""
    if door.visit_at is None:
        return None
    return Call(door.visit_id, door.visit_outcome, door.visit_at, door.visit_by)


def show_call(door: Dwelling, call: Call | None) -> None:
    """Let a door show another one, or none."""
    facts = (None,) * len(_SHOWN) if call is None else astuple(call)
    for name, value in zip(_SHOWN, facts, strict=True):
        setattr(door, name, value)


def last_call(*doors: Dwelling) -> Call | None:
    """The last of the visits recorded at some doors that are one, by when they happened."""
    calls = [
        Call(visit.id, visit.outcome, called_at(visit.revisions[0]), visit.author_id)
        for visit in _visits(doors)
    ]
    return max(calls, key=lambda call: (call.at, call.visit), default=None)


def last_opening(*doors: Dwelling) -> datetime | None:
    """When somebody last opened there, as it was said at first or as it was corrected."""
    opened = [
        called_at(visit.revisions[0])
        for visit in _visits(doors)
        if OPENED_OUTCOMES & {revision.outcome for revision in visit.revisions}
    ]
    return max(opened, default=None)


def last_settling(*doors: Dwelling, unwritten: Iterable[Visit] = ()) -> tuple[datetime, str] | None:
    """When a call last settled what is there, and how; also among visits that are not written yet."""
    ids = {door.id for door in doors}
    settling = [
        (called_at(visit.revisions[0]), visit.outcome)
        for visit in {*_visits(doors), *(visit for visit in unwritten if visit.dwelling_id in ids)}
        if visit.outcome in SETTLED_OUTCOMES
    ]
    return max(settling, default=None)


def note_settling(door: Dwelling, at: datetime, outcome: str, unwritten: Iterable[Visit] = ()) -> None:
    """A call settles its door, or what was said of it at first did and its correction does not: then another may have.
    Nobody at home later takes nothing back."""
    if outcome in SETTLED_OUTCOMES and (door.settled_at is None or door.settled_at <= at):
        door.settled_at, door.settled_as = at, outcome
    elif outcome not in SETTLED_OUTCOMES and door.settled_at == at:
        show_settling(door, last_settling(*_entries(door), unwritten=unwritten))


def show_settling(door: Dwelling, call: tuple[datetime, str] | None) -> None:
    """Let a door be settled by another call, or by none."""
    door.settled_at, door.settled_as = call or (None, None)


def _entries(door: Dwelling) -> list[Dwelling]:
    """A door with those that were closed for it."""
    return [door, *db.session.scalars(select(Dwelling).where(Dwelling.merged_into == door.id))]


def differing(door: Dwelling) -> dict[str, tuple[Any, Any]]:
    """What an open door shows otherwise than its visits, and those of entries closed for it, say: both, by column."""
    if door.merged_into is not None:
        return {}
    one = _entries(door)
    call = last_call(*one)
    if call is None:
        return {}
    said = dict(zip(_SHOWN, astuple(call), strict=True)) | {"opened_at": last_opening(*one)}
    said |= dict(zip(("settled_at", "settled_as"), last_settling(*one) or (None, None), strict=True))
    shown = {name: getattr(door, name) for name in said}
    return {name: (shown[name], said[name]) for name in said if shown[name] != said[name]}


def _visits(doors: Sequence[Dwelling]) -> Sequence[Visit]:
    return db.session.scalars(
        select(Visit)
        .options(selectinload(Visit.revisions))
        .where(Visit.district == doors[0].district, Visit.dwelling_id.in_([door.id for door in doors]))
    ).all()


def called_at(first: VisitRevision) -> datetime:
    """When the call was, by the clock of the phone put right; a correction says more of the same call."""
    return min(first.received_at, first.recorded_at + timedelta(seconds=first.clock_skew_s or 0))
