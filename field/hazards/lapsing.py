"""Rechecks whose photo does not come: after the days that the district gives they no longer count.

Nobody has to run anything for it: whoever looks, a phone that fetches its round or a lead, ends what has waited too
long. The hazard is then to be looked at again.
"""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import selectinload

from field.accounts.scope import Actor
from field.audit import service as audit
from field.core.changes import next_change
from field.core.clock import local_day, start_of_day
from field.core.db import db
from field.core.twice import in_turn
from field.hazards import life
from field.hazards.models import Action, Finding, FindingStatus, FindingStep, RecheckTerm
from field.photos.models import Photo

# While the district has not said otherwise.
PHOTO_DAYS = 7


def photo_days(district: int) -> int:
    """For how many days a recheck waits for its photo."""
    term = db.session.get(RecheckTerm, district)
    return term.photo_days if term else PHOTO_DAYS


def set_photo_days(days: int, actor: Actor, now: datetime) -> None:
    """Say for how long; what waits already is judged by the same days."""
    district = actor.scope.district
    in_turn(district)
    db.session.merge(RecheckTerm(district=district, photo_days=days, changed_at=now, changed_by=actor.id))
    audit.record("recheck_term.set", district, ("recheck_term", None), actor.id, photo_days=days)


def waits_until(finding: Finding, zone: str) -> date | None:
    """The last day on which its recheck waits, if no photo of that visit comes before; None when it does not wait."""
    if finding.status != FindingStatus.AWAITING_PHOTO or finding.waits_from is None:
        return None
    return local_day(finding.waits_from, zone) + timedelta(days=photo_days(finding.district))


def are_due(district: int, now: datetime, zone: str) -> bool:
    """Whether a recheck has waited too long."""
    return db.session.scalar(select(Finding.id).where(_waited(district, now, zone)).limit(1)) is not None


def end_waits(district: int, now: datetime, zone: str) -> int:
    """Let rechecks that have waited too long count no more; says how many."""
    next_change(db.session(), district)  # before the hazards, as visits and photos that arrive lock them
    statement = (
        select(Finding)
        .where(_waited(district, now, zone))
        .options(selectinload(Finding.steps))
        .order_by(Finding.id)
        .with_for_update(of=Finding)
        .execution_options(populate_existing=True)
    )
    rows = db.session.scalars(statement).all()
    for finding in rows:
        life.step(finding, Action.LAPSE_RECHECK, None, now, visit_id=_waiting_visit(finding))
    return len(rows)


def _waited(district: int, now: datetime, zone: str) -> ColumnElement[bool]:
    """No photo of the visit, whichever, has moved since the days began that a recheck may wait."""
    since = start_of_day(local_day(now, zone) - timedelta(days=photo_days(district)), zone)
    moving = (
        select(Photo.id)
        .join(FindingStep, FindingStep.visit_id == Photo.visit_id)
        .where(FindingStep.finding_id == Finding.id, FindingStep.action == Action.AWAIT_PHOTO)
        .where(Photo.district == district, Photo.touched_at >= since)
    )
    # Nothing of their state: an index on that leads a database to all that is open.
    return and_(Finding.district == district, Finding.waits_from < since, ~moving.exists())


def _waiting_visit(finding: Finding) -> UUID | None:
    return next(step.visit_id for step in reversed(finding.steps) if step.action == Action.AWAIT_PHOTO)
