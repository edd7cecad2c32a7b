"""Reading the audit chain, and proving that it is whole."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from field.audit.models import AuditEntry
from field.audit.service import entry_hash
from field.core.changes import DistrictHead
from field.core.db import db


@dataclass(frozen=True)
class Verdict:
    """`broken_at` is the first entry that does not follow; None means the chain is whole."""

    entries: int
    head: str
    broken_at: int | None


def newest_entries(district: int, before: int | None = None, limit: int = 50) -> Sequence[AuditEntry]:
    """Newest first; `before` is an entry number, for the next page."""
    statement = select(AuditEntry).where(AuditEntry.district == district)
    if before is not None:
        statement = statement.where(AuditEntry.number < before)
    return db.session.scalars(statement.order_by(AuditEntry.number.desc()).limit(limit)).all()


def newest_about(district: int, subject: UUID, actions: Collection[str]) -> AuditEntry | None:
    """Which of some actions was last done with a subject, and by whom."""
    statement = select(AuditEntry).where(
        AuditEntry.district == district, AuditEntry.subject_id == subject, AuditEntry.action.in_(actions)
    )
    return db.session.scalars(statement.order_by(AuditEntry.number.desc()).limit(1)).first()


def verify(district: int) -> Verdict:
    """Walk the whole chain: edited, deleted and cut-off entries are all noticed."""
    newest, number = bytes(32), 0
    statement = select(AuditEntry).where(AuditEntry.district == district).order_by(AuditEntry.number)
    for entry in db.session.scalars(statement.execution_options(yield_per=1000)):
        number += 1
        row = {column.key: getattr(entry, column.key) for column in AuditEntry.__table__.columns}
        if entry.number != number or entry_hash(newest, row) != entry.hash:
            return Verdict(number, newest.hex(), number)
        newest = entry.hash
    head = db.session.get(DistrictHead, district)
    expected = (head.audit_no, head.audit_hash) if head else (0, bytes(32))
    return Verdict(number, newest.hex(), None if expected == (number, newest) else number + 1)
