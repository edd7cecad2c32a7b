"""Writing the audit chain: entries are collected while work is done and chained just before the commit."""

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import event, insert, update
from sqlalchemy.orm import Session, SessionTransaction

from field.audit.models import AuditEntry
from field.core.changes import DistrictHead, lock_audit_head
from field.core.clock import instant_text, utcnow
from field.core.db import before_commit, db

_PENDING = "audit_pending"
_INSERT = insert(AuditEntry.__table__)  # type: ignore[arg-type]


def record(
    action: str,
    district: int,
    subject: tuple[str, UUID | None],
    actor: UUID | None,
    **details: Any,
) -> None:
    """Note an action inside the running transaction; `subject` is (kind, id); no personal data in details."""
    kind, subject_id = subject
    row = {
        "district": district,
        "at": utcnow(),
        "actor_id": actor,
        "action": action,
        "subject_kind": kind,
        "subject_id": subject_id,
        "details": details,
    }
    db.session().info.setdefault(_PENDING, []).append(row)


def entry_hash(previous: bytes, row: dict[str, Any]) -> bytes:
    """SHA-256 over the previous hash and the entry's fields in a fixed order."""
    at: datetime = row["at"]
    fields = [
        row["district"],
        row["number"],
        instant_text(at),
        str(row["actor_id"]),
        row["action"],
        row["subject_kind"],
        str(row["subject_id"]),
        row["details"],
    ]
    return hashlib.sha256(previous + orjson.dumps(fields, option=orjson.OPT_SORT_KEYS)).digest()


@before_commit
def _chain(session: Session) -> None:
    pending: list[dict[str, Any]] = session.info.pop(_PENDING, [])
    for district in sorted({row["district"] for row in pending}):
        _extend(session, district, [row for row in pending if row["district"] == district])


def _extend(session: Session, district: int, rows: list[dict[str, Any]]) -> None:
    number, newest = lock_audit_head(session, district)
    for row in rows:
        number += 1
        row["number"] = number
        # Stored times keep microseconds, the hash only milliseconds: both databases read the same back.
        newest = row["hash"] = entry_hash(newest, row)
    session.connection().execute(_INSERT, rows)
    session.execute(
        update(DistrictHead)
        .where(DistrictHead.district == district)
        .values(audit_no=number, audit_hash=newest)
        .execution_options(synchronize_session=False)
    )


def _mark(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        session.info.setdefault("audit_marks", {})[transaction] = len(session.info.get(_PENDING, []))


def _drop_undone(session: Session, previous: SessionTransaction) -> None:
    marks: dict[SessionTransaction, int] = session.info.setdefault("audit_marks", {})
    if previous.nested:
        del session.info.setdefault(_PENDING, [])[marks.pop(previous, 0) :]
    else:
        session.info.pop(_PENDING, None)
        marks.clear()


event.listen(db.session, "after_transaction_create", _mark)
event.listen(db.session, "after_soft_rollback", _drop_undone)
