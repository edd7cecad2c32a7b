"""InboxEvent (what phones sent, by event id), InboxConflict (same id, other bytes), InboxNumber (same again)."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from field.core.db import Base, Code, Instant, Json, Number
from field.core.ids import new_id
from field.core.sealing import seal, unseal
from field.visits.upcasts import read


class Result(StrEnum):
    """What the inbox says of an event; duplicate is an answer, not a state."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    QUARANTINED = "quarantined"
    GONE = "gone"


# What is kept of an envelope beside a content that is not the one that stands.
CLAIMED = ("device_id", "seq", "author_id", "schema", "digest")


class InboxEvent(Base):
    """An event by its id. The body is kept here only while it is not applied; afterwards the revision has it.

    `closed_at` and its companions say that somebody has looked and will not have it applied; it is kept all the same.
    `clock_skew_s` is by how much the phone's clock was behind ours when it was sent; None when nobody could measure it.
    `visit_id` is the visit that a kept body names, None while it cannot be read: photos wait for both.
    """

    __tablename__ = "inbox_events"
    __table_args__ = (
        Index(None, "district", "device_id", "seq"),
        Index(None, "district", "result", "received_at"),
        Index(None, "district", "waits_for"),
        Index(None, "visit_id"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    district: Mapped[int]
    device_id: Mapped[UUID]
    seq: Mapped[int | None] = mapped_column(Number)
    author_id: Mapped[UUID | None]
    type: Mapped[str | None] = mapped_column(Code)
    schema: Mapped[int | None]
    enc: Mapped[str] = mapped_column(Code, default="none")
    digest: Mapped[str] = mapped_column(String(80))
    claimed_digest: Mapped[str | None] = mapped_column(String(80))
    recorded_at: Mapped[datetime | None] = mapped_column(Instant)
    received_at: Mapped[datetime] = mapped_column(Instant)
    clock_skew_s: Mapped[int | None] = mapped_column(Number)
    result: Mapped[Result] = mapped_column(Code)
    problems: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    waits_for: Mapped[UUID | None]
    visit_id: Mapped[UUID | None]
    body_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_by: Mapped[UUID | None]
    closed_reason: Mapped[str | None] = mapped_column(String(500))

    def keep_body(self, text: bytes) -> None:
        """Keep the exact bytes, encrypted; the id must be set."""
        self.body_sealed = seal(text, self.__tablename__, "body", self.id)
        self.visit_id = visit_named_in(text)

    def claims(self) -> dict[str, Any]:
        """What its envelope claimed, by CLAIMED."""
        return {name: getattr(self, name) for name in CLAIMED}

    @property
    def body_bytes(self) -> bytes:
        """The exact bytes of an event that is not applied."""
        assert self.body_sealed is not None
        return unseal(self.body_sealed, self.__tablename__, "body", self.id)


class InboxConflict(Base):
    """Another body under an id that is taken: both are facts, a lead decides and closes it with a word.

    `seq`, `author_id` and `schema` are what its envelope claimed.
    """

    __tablename__ = "inbox_conflicts"
    __table_args__ = (
        UniqueConstraint("event_id", "digest"),
        Index(None, "district", "received_at"),
        Index(None, "visit_id"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    district: Mapped[int]
    event_id: Mapped[UUID]
    device_id: Mapped[UUID]
    seq: Mapped[int | None] = mapped_column(Number)
    author_id: Mapped[UUID | None]
    schema: Mapped[int | None]
    digest: Mapped[str] = mapped_column(String(80))
    received_at: Mapped[datetime] = mapped_column(Instant)
    visit_id: Mapped[UUID | None]
    body_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_by: Mapped[UUID | None]
    closed_reason: Mapped[str | None] = mapped_column(String(500))

    def keep_body(self, text: bytes) -> None:
        """Keep the exact bytes, encrypted; the id must be set."""
        self.body_sealed = seal(text, self.__tablename__, "body", self.id)
        self.visit_id = visit_named_in(text)

    @property
    def body_bytes(self) -> bytes:
        """The exact bytes that came."""
        return unseal(self.body_sealed, self.__tablename__, "body", self.id)


def visit_named_in(text: bytes) -> UUID | None:
    """The visit that a body names, also one that cannot be understood otherwise."""
    try:
        return UUID(read(text)["visit"])
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


class InboxNumber(Base):
    """Another number of what is here, or was left to another district: a phone that is enrolled anew numbers again
    what waits on it, and says which number that had before. Nothing is missing there.
    """

    __tablename__ = "inbox_numbers"
    device_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(Number, primary_key=True)
    district: Mapped[int]
    event_id: Mapped[UUID]
    received_at: Mapped[datetime] = mapped_column(Instant)
