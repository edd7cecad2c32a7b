"""User, sign-ins, devices. Passwords are argon2id hashes; credentials are kept as SHA-256 only."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from field.core.clock import utcnow
from field.core.db import Base, Code, Instant, Json, Number
from field.core.ids import new_id


class Role(StrEnum):
    """What somebody is here for; permissions.py says what each may do."""

    WORKER = "worker"
    LEAD = "lead"
    HANDLER = "handler"
    OFFICE = "office"
    OFFICER = "officer"
    ADMIN = "admin"


class User(Base):
    """A person with an account; `department` only for handlers."""

    __tablename__ = "users"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    district: Mapped[int] = mapped_column(index=True)
    username: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(50))
    role: Mapped[Role] = mapped_column(Code)
    department: Mapped[str | None] = mapped_column(Code)
    language: Mapped[str | None] = mapped_column(String(5))  # None: nobody has signed in yet
    password_hash: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(Instant, default=utcnow)
    disabled_at: Mapped[datetime | None] = mapped_column(Instant)
    areas: Mapped[list["UserArea"]] = relationship(lazy="selectin", cascade="all, delete-orphan")


class UserArea(Base):
    """An area that somebody answers for; everything below it is included."""

    __tablename__ = "user_areas"
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    area_code: Mapped[str] = mapped_column(Code, primary_key=True)


class SignIn(Base):
    """A server-side session, so that it can be ended from here."""

    __tablename__ = "sign_ins"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    created_at: Mapped[datetime] = mapped_column(Instant, default=utcnow)
    seen_at: Mapped[datetime] = mapped_column(Instant, default=utcnow)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    user: Mapped[User] = relationship(lazy="joined")


class Device(Base):
    """A phone that enrolled; its credential can send and nothing else."""

    __tablename__ = "devices"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    district: Mapped[int] = mapped_column(index=True)
    credential_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    build: Mapped[str | None] = mapped_column(String(40))
    enrolled_at: Mapped[datetime] = mapped_column(Instant, default=utcnow)
    contact_at: Mapped[datetime | None] = mapped_column(Instant)
    cleared_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    highest_seq: Mapped[int] = mapped_column(Number, default=0)
    state: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    users: Mapped[list["DeviceUser"]] = relationship(cascade="all, delete-orphan")


class DeviceUser(Base):
    """Somebody who enrolled on a device once and may be the author of what it sends."""

    __tablename__ = "device_users"
    device_id: Mapped[UUID] = mapped_column(ForeignKey("devices.id"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    enrolled_at: Mapped[datetime] = mapped_column(Instant, default=utcnow)


class Throttle(Base):
    """Failed sign-ins by account or by address within a window."""

    __tablename__ = "throttles"
    __table_args__ = (Index(None, "since"),)
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    since: Mapped[datetime] = mapped_column(Instant)
    last_at: Mapped[datetime] = mapped_column(Instant)
