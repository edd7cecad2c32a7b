"""What is late is pressed by itself: once for each deadline, a few days after it, and written down in its life."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from field.core.changes import next_change
from field.core.clock import local_day
from field.core.db import db
from field.hazards import life, pressing
from field.hazards.causes import Cause
from field.hazards.models import Action, Finding, FindingStatus
from field.hazards.routing import routing_of

BATCH = 200


def late_ids(district: int, today: date, after: UUID | None = None) -> Sequence[UUID]:
    """Hazards past their deadline or past the day to accept, in the order of their ids."""
    statement = select(Finding.id).where(
        Finding.district == district,
        Finding.settled.is_(False),
        Finding.withdrawn.is_(False),
        Finding.runs_out_on < today,
    )
    if after is not None:
        statement = statement.where(Finding.id > after)
    return db.session.scalars(statement.order_by(Finding.id).limit(BATCH)).all()


def press(ids: Sequence[UUID], district: int, today: date, now: datetime, zone: str) -> int:
    """Escalate those of them that are late for long enough and were not pressed since; says how many."""
    next_change(db.session(), district)  # before the hazards, as visits that arrive lock them
    statement = (
        select(Finding)
        .where(Finding.id.in_(ids))
        .options(selectinload(Finding.steps))
        .order_by(Finding.id)
        .with_for_update()
    )
    routing, pressed = routing_of(district), 0
    for finding in db.session.scalars(statement.execution_options(populate_existing=True)).all():
        allowed = routing.escalate_days(_holder(finding))
        missed = [one for one in unpressed(finding, today, zone) if (today - one[0]).days > allowed]
        if missed:
            day, cause = missed[0]
            life.escalate(finding, None, None, now, today, cause=cause, days_late=(today - day).days)
            pressed += 1
    return pressed


def unpressed(finding: Finding, today: date, zone: str) -> list[tuple[date, Cause]]:
    """The deadlines that it has missed and for which nobody pressed yet, the earliest first."""
    if finding.settled:
        return []
    deadlines = [(finding.due_on, Cause.STILL_OPEN)]
    if finding.status == FindingStatus.REFERRED and finding.accept_by is not None:
        deadlines.append((finding.accept_by, Cause.NOT_ACCEPTED))
    pressed_on = last_pressed(finding, zone)
    return sorted(one for one in deadlines if one[0] < today and (pressed_on is None or one[0] >= pressed_on))


def last_pressed(finding: Finding, zone: str) -> date | None:
    """When somebody pressed since its deadline or its department was set: for every deadline missed by then.

    What was pressed as not accepted, and is accepted then, still has its deadline to miss.
    """
    for step in reversed(finding.steps):
        if step.action == Action.ESCALATE:
            return local_day(step.at, zone)
        if pressing.sets_a_deadline(step):
            return None
    return None


def _holder(finding: Finding) -> str | None:
    held = (FindingStatus.REFERRED, FindingStatus.RECEIPTED, FindingStatus.IN_PROGRESS)
    return finding.department if finding.status in held else None
