"""The call that a door shows as its last, and finding that again among the visits that were recorded there."""

from dataclasses import astuple, dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from field.core.db import db
from field.places.models import Dwelling
from field.visits.models import Visit, VisitRevision


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
    facts = (None,) * 4 if call is None else astuple(call)
    for name, value in zip(("visit_id", "visit_outcome", "visit_at", "visit_by"), facts, strict=True):
        setattr(door, name, value)


def last_call(door: Dwelling) -> Call | None:
    """The last of the visits recorded at a door, by when they happened."""
    visits = db.session.scalars(
        select(Visit)
        .options(selectinload(Visit.revisions))
        .where(Visit.district == door.district, Visit.dwelling_id == door.id)
    )
    calls = [(called_at(visit.revisions[0]), visit.id, visit) for visit in visits]
    if not calls:
        return None
    at, visit_id, visit = max(calls)
    return Call(visit_id, visit.outcome, at, visit.author_id)


def called_at(first: VisitRevision) -> datetime:
    """When the call was, by the clock of the phone put right; a correction says more of the same call."""
    return min(first.received_at, first.recorded_at + timedelta(seconds=first.clock_skew_s or 0))
