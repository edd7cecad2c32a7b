"""MailDigest (who wants the daily mail), Webhook (which program is told), Delivery (each message and how it went)."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from field.accounts.models import User
from field.core.db import Base, Code, Instant, Json
from field.core.ids import new_id
from field.core.sealing import SealedText


class Kind(StrEnum):
    """How a message travels."""

    MAIL = "mail"
    WEBHOOK = "webhook"


class State(StrEnum):
    """How far it has come; `failed` means that nobody tries any more unless somebody asks."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class MailDigest(Base):
    """Somebody who asked for the daily mail, with the address that they gave; gone when they end it.

    `confirmed_at` is None until a reader of that mailbox has opened the link that was sent there, and
    `confirmation` is what that link names; None while no link was made for this address.
    """

    __tablename__ = "mail_digests"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    district: Mapped[int] = mapped_column(index=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), unique=True)
    address_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    address_masked: Mapped[str] = mapped_column(String(254))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    sent_on: Mapped[date | None]
    confirmation: Mapped[UUID | None] = mapped_column(unique=True)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)
    address = SealedText()


class Webhook(Base):
    """An address that is told of hazards' steps; what happened up to `told_until` is in its deliveries."""

    __tablename__ = "webhooks"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    district: Mapped[int] = mapped_column(index=True)
    url: Mapped[str] = mapped_column(String(500))
    secret_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    secret_masked: Mapped[str] = mapped_column(String(80))
    added_at: Mapped[datetime] = mapped_column(Instant)
    added_by: Mapped[UUID]
    told_until: Mapped[datetime] = mapped_column(Instant)
    secret = SealedText()


class Delivery(Base):
    """A message to one target. Its id is what receivers know it by.

    `about` keeps it from being made twice: the id of a hazard's step, for a daily mail the number of the day, for
    the link that confirms an address what it names.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        UniqueConstraint("target_id", "about"),
        Index(None, "district", "state", "made_at", "id"),
        Index(None, "state", "next_at"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    district: Mapped[int]
    kind: Mapped[Kind] = mapped_column(Code)
    target_id: Mapped[UUID]
    about: Mapped[UUID]
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    state: Mapped[State] = mapped_column(Code, default=State.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(Instant)
    answer: Mapped[str | None] = mapped_column(String(120))
    made_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
