"""MergeDecision: whether two entries are one, as a person decided; taken back, it counts no more."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from field.core.db import Base, Code, Instant, Json
from field.core.ids import new_id


class Kind(StrEnum):
    """What may be one: two visits at a door, two entries of a person, two entries of a door."""

    VISITS = "visits"
    PEOPLE = "people"
    ADDRESSES = "addresses"


class MergeDecision(Base):
    """`left_id` < `right_id` are visits, occupancies or doors; `kept_id` is None when they are not the same.

    `moved` names what went from the other door to the one that was kept, and the call that this one showed before, so
    that it can go back.
    """

    __tablename__ = "merge_decisions"
    __table_args__ = (
        Index(None, "district", "kind", "left_id", "right_id"),
        Index("ix_merge_decisions_at", "district", "decided_at"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    district: Mapped[int]
    grid_code: Mapped[str] = mapped_column(Code)
    kind: Mapped[Kind] = mapped_column(Code)
    left_id: Mapped[UUID]
    right_id: Mapped[UUID]
    kept_id: Mapped[UUID | None]
    moved: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    decided_by: Mapped[UUID]
    decided_at: Mapped[datetime] = mapped_column(Instant)
    undone_by: Mapped[UUID | None]
    undone_at: Mapped[datetime | None] = mapped_column(Instant)
