"""Finding users, sign-ins and devices."""

import hashlib
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from field.accounts.models import Device, DeviceUser, SignIn, User, UserArea
from field.accounts.scope import Scope
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


def devices_of(scope: Scope) -> Sequence[Device]:
    """The phones of people who work within the scope, last contact first."""
    people = select(UserArea.user_id).where(scope.within(UserArea.area_code))
    statement = (
        select(Device)
        .where(Device.district == scope.district, Device.users.any(DeviceUser.user_id.in_(people)))
        .order_by(Device.contact_at.desc(), Device.id)
    )
    return db.session.scalars(statement).all()
