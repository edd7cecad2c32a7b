"""Who looked at a visit: one audit entry for each person, visit and hour, also when a page was fetched ahead.

The entry is written before the page leaves: what cannot be recorded is not shown.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from field.accounts.scope import Actor
from field.audit import service as audit
from field.audit.models import AuditEntry
from field.core.clock import utcnow
from field.core.db import db
from field.visits.models import Visit

ACTION = "visit.viewed"
ONCE_IN = timedelta(hours=1)
SHOWN = 12


def is_noted(visit: Visit, actor: Actor) -> bool:
    """Whether this person's look within the last hour stands in the audit trail already."""
    statement = select(AuditEntry.number).where(
        AuditEntry.district == visit.district,
        AuditEntry.subject_id == visit.id,
        AuditEntry.action == ACTION,
        AuditEntry.actor_id == actor.id,
        AuditEntry.at > utcnow() - ONCE_IN,
    )
    return db.session.scalar(statement.limit(1)) is not None


def note(visit: Visit, actor: Actor) -> None:
    """Write it down."""
    audit.record(ACTION, visit.district, ("visit", visit.id), actor.id)


def looks_at(district: int, visit_id: UUID) -> Sequence[AuditEntry]:
    """The latest looks, newest first."""
    statement = select(AuditEntry).where(
        AuditEntry.district == district, AuditEntry.subject_id == visit_id, AuditEntry.action == ACTION
    )
    return db.session.scalars(statement.order_by(AuditEntry.number.desc()).limit(SHOWN)).all()
