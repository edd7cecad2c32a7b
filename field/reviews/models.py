"""Review: one decision on one revision of a visit."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from field.core.clock import utcnow
from field.core.db import Base, Code, Instant
from field.core.ids import new_id
from field.visits.models import Visit


class Decision(StrEnum):
    """What a lead can say of a revision."""

    APPROVED = "approved"
    RETURNED = "returned"


class Review(Base):
    """A decision; the unique pair keeps two leads from deciding one revision twice. `batch`: decided together."""

    __tablename__ = "reviews"
    __table_args__ = (UniqueConstraint("visit_id", "revision"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    district: Mapped[int]
    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visits.id"))
    revision: Mapped[int]
    decision: Mapped[Decision] = mapped_column(Code)
    reason: Mapped[str | None] = mapped_column(String(500))
    reviewer_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    batch: Mapped[UUID | None]
    decided_at: Mapped[datetime] = mapped_column(Instant, default=utcnow)
    visit: Mapped[Visit] = relationship()
