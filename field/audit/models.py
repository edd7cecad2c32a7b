"""AuditEntry: one line of a district's chain. What may be written is in service."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from field.core.db import Base, Code, Instant, Json, Number


class AuditEntry(Base):
    """An action; `hash` covers the entry and the hash before it. Details hold no personal data."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index(None, "district", "subject_id"),)
    district: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(Number, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Instant)
    actor_id: Mapped[UUID | None]
    action: Mapped[str] = mapped_column(Code)
    subject_kind: Mapped[str] = mapped_column(Code)
    subject_id: Mapped[UUID | None]
    details: Mapped[dict[str, Any]] = mapped_column(Json)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))
