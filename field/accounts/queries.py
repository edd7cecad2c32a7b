"""Finding users, sign-ins and devices."""

import hashlib
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from field.accounts.models import Device, SignIn, User
from field.core.db import db


def token_hash(token: str) -> bytes:
    """What is kept of a random credential."""
    return hashlib.sha256(token.encode()).digest()


def user_by_name(username: str) -> User | None:
    """A user by user name, disabled or not."""
    return db.session.scalar(select(User).where(User.username == username.strip().lower()))


def user(user_id: UUID) -> User | None:
    """A user by id."""
    return db.session.get(User, user_id)


def users(district: int) -> Sequence[User]:
    """All accounts of a district by role and name."""
    return db.session.scalars(
        select(User).where(User.district == district).order_by(User.role, User.username)
    ).all()


def names(user_ids: set[UUID]) -> dict[UUID, str]:
    """Display names by user id, in one query."""
    rows = db.session.execute(select(User.id, User.name).where(User.id.in_(user_ids)))
    return {row.id: row.name for row in rows}


def sign_in_by_token(token: str) -> SignIn | None:
    """A sign-in that was not ended."""
    statement = select(SignIn).where(SignIn.token_hash == token_hash(token), SignIn.ended_at.is_(None))
    return db.session.scalar(statement)


def device_by_credential(token: str) -> Device | None:
    """A device that was not revoked."""
    statement = select(Device).where(Device.credential_hash == token_hash(token), Device.revoked_at.is_(None))
    return db.session.scalar(statement)


def devices(district: int) -> Sequence[Device]:
    """All phones of a district, last contact first."""
    return db.session.scalars(
        select(Device).where(Device.district == district).order_by(Device.contact_at.desc(), Device.id)
    ).all()
