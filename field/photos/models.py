"""Photo: one picture of one visit in one kind, from its first piece to its durable copy."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from field.core.clock import utcnow
from field.core.db import Base, Code, Instant, Number
from field.core.ids import new_id


class PhotoState(StrEnum):
    """Only a stored photo has been proved whole and is durable."""

    UPLOADING = "uploading"
    STORED = "stored"
    QUARANTINED = "quarantined"
    EXPIRED = "expired"


class Photo(Base):
    """`id` is the upload's address; `photo_id` and `visit_id` are the phone's, and the visit may come later.

    `digest` is over the bytes as received, `stored_digest` over what is kept after metadata was
    stripped, which is also its key in the store; `orientation` is EXIF's 1 to 8, read before. What came
    through a form has no `device_id`.
    """

    __tablename__ = "photos"
    __table_args__ = (
        UniqueConstraint("photo_id", "kind", "digest"),
        Index(None, "district", "visit_id"),
        Index(None, "district", "state", "touched_at"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    district: Mapped[int]
    photo_id: Mapped[UUID]
    visit_id: Mapped[UUID]
    device_id: Mapped[UUID | None]
    kind: Mapped[str] = mapped_column(Code)
    digest: Mapped[str] = mapped_column(String(80))
    declared_type: Mapped[str] = mapped_column(Code)
    length: Mapped[int] = mapped_column(Number)
    offset: Mapped[int] = mapped_column(Number, default=0)
    state: Mapped[PhotoState] = mapped_column(Code, default=PhotoState.UPLOADING)
    reason: Mapped[str | None] = mapped_column(Code)
    media_type: Mapped[str | None] = mapped_column(Code)
    stored_digest: Mapped[str | None] = mapped_column(String(80))
    stored_length: Mapped[int | None] = mapped_column(Number)
    width: Mapped[int | None]
    height: Mapped[int | None]
    orientation: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(Instant, default=utcnow)
    touched_at: Mapped[datetime] = mapped_column(Instant, default=utcnow)
    stored_at: Mapped[datetime | None] = mapped_column(Instant)
