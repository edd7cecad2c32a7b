"""Days that doors of the pack wait for: when somebody is to be reminded, when they asked for another visit."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select

from field.core.db import db
from field.places.models import Dwelling
from field.visits.models import ServiceRequest, Visit


def reminders(district: int, doors: Sequence[Dwelling]) -> dict[UUID, list[date]]:
    """By door, the days of its requests, soonest first, without those that a settled call surely lies after.

    The phone leaves out the rest by its own calendar. What was asked for, and by whom, is not told.
    """
    settled = {door.id: door.settled_at.date() if door.settled_at else date.min for door in doors}
    if not settled:
        return {}
    statement = select(ServiceRequest.dwelling_id, ServiceRequest.remind_on).where(
        ServiceRequest.district == district,
        ServiceRequest.dwelling_id.in_(list(settled)),
        ServiceRequest.remind_on.is_not(None),
        ServiceRequest.withdrawn.is_(False),
    )
    found: dict[UUID, set[date]] = defaultdict(set)
    for door, day in db.session.execute(statement):
        if day is not None and day >= settled[door]:
            found[door].add(day)
    return {door: sorted(days) for door, days in found.items()}


def come_again(district: int, doors: Iterable[Dwelling]) -> dict[UUID | None, date]:
    """By the last visit of a door, when it was put off to, where that was said."""
    put_off = [door.visit_id for door in doors if door.visit_outcome == "rescheduled"]
    if not put_off:
        return {}
    statement = select(Visit.id, Visit.come_again_on).where(
        Visit.district == district, Visit.id.in_(put_off), Visit.come_again_on.is_not(None)
    )
    return {visit: day for visit, day in db.session.execute(statement) if day is not None}
