"""Review: one decision on one revision of a visit. ReversedReturn: one that was taken back. ReturnReason: a ready-made
reason to return one."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from field.core.clock import utcnow
from field.core.db import Base, Code, Instant, Json
from field.core.ids import new_id
from field.visits.models import Visit


class Decision(StrEnum):
    """What a lead can say of a revision."""

    APPROVED = "approved"
    RETURNED = "returned"
    CORRECTED = "corrected"


class Review(Base):
    """A decision; the unique pair keeps two leads from deciding one revision twice.

    `batch` is of those decided together; its id tells when.

    `parts` are those that a return points at: [{"part": "dwelling_changes.rooms", "reason": "…"}], the reason only
    where there is one. A lead's correction is the decision on the revision that it made.
    """

    __tablename__ = "reviews"
    __table_args__ = (UniqueConstraint("visit_id", "revision"), Index(None, "district", "batch"))
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    district: Mapped[int]
    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visits.id"))
    revision: Mapped[int]
    decision: Mapped[Decision] = mapped_column(Code)
    reason: Mapped[str | None] = mapped_column(String(500))
    parts: Mapped[list[dict[str, str]]] = mapped_column(Json, default=list)
    reviewer_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    batch: Mapped[UUID | None]
    decided_at: Mapped[datetime] = mapped_column(Instant, default=utcnow)
    visit: Mapped[Visit] = relationship()


class ReversedReturn(Base):
    """A return that was taken back, as it had been decided: a visit's history keeps the reason, nobody acts on it."""

    __tablename__ = "reversed_returns"
    __table_args__ = (Index(None, "visit_id"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    district: Mapped[int]
    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visits.id"))
    revision: Mapped[int]
    reason: Mapped[str | None] = mapped_column(String(500))
    parts: Mapped[list[dict[str, str]]] = mapped_column(Json, default=list)
    reviewer_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[datetime] = mapped_column(Instant)
    reversed_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    reversed_at: Mapped[datetime] = mapped_column(Instant)

    @classmethod
    def of(cls, review: Review, actor_id: UUID) -> "ReversedReturn":
        """What is kept of a return that somebody takes back now."""
        kept = ("district", "visit_id", "revision", "reason", "parts", "reviewer_id", "decided_at")
        facts = {name: getattr(review, name) for name in kept}
        return cls(reversed_by=actor_id, reversed_at=utcnow(), **facts)


class ReturnReason(Base):
    """A ready-made reason for returning visits, in both languages, as the district has put it."""

    __tablename__ = "return_reasons"
    __table_args__ = (Index(None, "district", "position"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    district: Mapped[int]
    position: Mapped[int] = mapped_column(default=0)
    zh: Mapped[str] = mapped_column(String(120))
    en: Mapped[str] = mapped_column(String(120))
