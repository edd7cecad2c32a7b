"""What is late is pressed by itself: once for each deadline, a few days after it, and written down in its life."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import selectinload

from field.core.changes import next_change
from field.core.db import db
from field.hazards import life
from field.hazards.models import Action, Cause, Finding, FindingStatus
from field.hazards.routing import routing_of

BATCH = 200


def late_ids(district: int, today: date, after: UUID | None = None) -> Sequence[UUID]:
    """Hazards past their deadline or past the day to accept, in the order of their ids."""
    unaccepted = and_(Finding.status == FindingStatus.REFERRED, Finding.accept_by < today)
    statement = select(Finding.id).where(
        Finding.district == district,
        Finding.settled.is_(False),
        Finding.withdrawn.is_(False),
        or_(Finding.due_on < today, unaccepted),
    )
    if after is not None:
        statement = statement.where(Finding.id > after)
    return db.session.scalars(statement.order_by(Finding.id).limit(BATCH)).all()


def press(ids: Sequence[UUID], district: int, today: date, now: datetime) -> int:
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
        since = late_since(finding, today)
        if since is None or was_pressed(finding):
            continue
        days = (today - since).days
        if days > routing.escalate_days(_holder(finding)):
            life.escalate(finding, None, None, now, today, cause=_cause(finding), days_late=days)
            pressed += 1
    return pressed


def late_since(finding: Finding, today: date) -> date | None:
    """The last day on which it was in time; None when it still is, or when it is settled."""
    days = [finding.due_on]
    if finding.status == FindingStatus.REFERRED and finding.accept_by is not None:
        days.append(finding.accept_by)
    first = min(days)
    return None if finding.settled or first >= today else first


def was_pressed(finding: Finding) -> bool:
    """Whether somebody pressed for it since its deadline or its department was set."""
    for step in reversed(finding.steps):
        if step.action == Action.ESCALATE:
            return True
        if step.due_on is not None or step.action == Action.REFER:
            return False
    return False


def _holder(finding: Finding) -> str | None:
    held = (FindingStatus.REFERRED, FindingStatus.RECEIPTED, FindingStatus.IN_PROGRESS)
    return finding.department if finding.status in held else None


def _cause(finding: Finding) -> Cause:
    waits = finding.status == FindingStatus.REFERRED and finding.due_on >= (
        finding.accept_by or finding.due_on
    )
    return Cause.NOT_ACCEPTED if waits else Cause.STILL_OPEN
