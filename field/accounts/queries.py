"""Finding users, sign-ins and devices."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from field.accounts.models import Device, DeviceUser, Role, SignIn, User, UserArea
from field.accounts.scope import Scope
from field.core.db import db

# Made once: every request asks one of these.
_SIGN_IN = (
    select(SignIn)
    .options(joinedload(SignIn.user).joinedload(User.areas))
    .where(SignIn.token_hash == bindparam("hash"), SignIn.ended_at.is_(None))
)
_DEVICE = select(Device).where(Device.credential_hash == bindparam("hash"), Device.revoked_at.is_(None))
_NAMES = select(User.id, User.name).where(User.id.in_(bindparam("ids", expanding=True)))


def token_hash(token: str) -> bytes:
    """What is kept of a random credential."""
    return hashlib.sha256(token.encode()).digest()


def user_by_name(username: str) -> User | None:
    """A user by user name, disabled or not."""
    return db.session.scalar(select(User).where(User.username == username.strip().lower()))


def user(user_id: UUID) -> User | None:
    """A user by id."""
    return db.session.get(User, user_id)


def users(district: int, role: Role | None = None, search: str = "") -> Sequence[User]:
    """Accounts of a district by role and user name; `search` is a part of the name or user name."""
    statement = select(User).where(User.district == district)
    if role is not None:
        statement = statement.where(User.role == role)
    if search:
        parts = (
            User.name.icontains(search, autoescape=True),
            User.username.icontains(search, autoescape=True),
        )
        statement = statement.where(or_(*parts))
    rows = db.session.scalars(statement.order_by(User.username)).all()
    return sorted(rows, key=lambda row: list(Role).index(row.role))


def users_by_role(district: int) -> Counter[Role]:
    """How many accounts there are of each role."""
    statement = select(User.role, func.count()).where(User.district == district).group_by(User.role)
    return Counter({Role(role): number for role, number in db.session.execute(statement)})


def names(user_ids: set[UUID]) -> dict[UUID, str]:
    """Display names by user id, in one query."""
    return {row.id: row.name for row in db.session.execute(_NAMES, {"ids": list(user_ids)})}


def language_of(user_id: UUID) -> str | None:
    """What somebody has chosen to read; None while they have never signed in."""
    return db.session.scalar(select(User.language).where(User.id == user_id))


def handlers(user_ids: set[UUID], department: str | None) -> dict[UUID, str]:
    """Those of them who handle what is referred to a department, by name: nobody else is named to it."""
    statement = select(User.id, User.name).where(
        User.id.in_(user_ids), User.role == Role.HANDLER, User.department == department
    )
    return {row.id: row.name for row in db.session.execute(statement)}


def sign_in_by_token(token: str) -> SignIn | None:
    """A sign-in that was not ended."""
    return db.session.scalars(_SIGN_IN, {"hash": token_hash(token)}).unique().one_or_none()


def device_by_credential(token: str) -> Device | None:
    """A device that was not revoked."""
    return db.session.scalar(_DEVICE, {"hash": token_hash(token)})


def lock_devices(ids: set[UUID]) -> dict[UUID, Device]:
    """Phones by id, read anew and held until the transaction ends; in the order of their ids, so that two never
    wait for each other."""
    statement = select(Device).where(Device.id.in_(ids)).order_by(Device.id).with_for_update()
    rows = db.session.scalars(statement.execution_options(populate_existing=True))
    return {row.id: row for row in rows}


def members(device_ids: set[UUID]) -> dict[tuple[UUID, UUID | None], User]:
    """Who enrolled on some phones, with their areas, by phone and user; in one query."""
    statement = select(DeviceUser.device_id, User).join(User, DeviceUser.user_id == User.id)
    statement = statement.where(DeviceUser.device_id.in_(device_ids)).options(joinedload(User.areas))
    return {(device_id, user.id): user for device_id, user in db.session.execute(statement).unique()}


def users_of_devices(device_ids: set[UUID]) -> dict[UUID, set[UUID]]:
    """The ids of those who enrolled on some phones, by phone."""
    statement = select(DeviceUser.device_id, DeviceUser.user_id).where(DeviceUser.device_id.in_(device_ids))
    found: dict[UUID, set[UUID]] = {}
    for device_id, user_id in db.session.execute(statement):
        found.setdefault(device_id, set()).add(user_id)
    return found


def people_within(scope: Scope, ids: Iterable[UUID | None]) -> set[UUID]:
    """Which of some people work within the scope."""
    statement = (
        select(User.id)
        .join(UserArea, UserArea.user_id == User.id)
        .where(User.district == scope.district, User.id.in_(set(ids)), scope.within(UserArea.area_code))
    )
    return set(db.session.scalars(statement))


def devices_of(scope: Scope) -> Sequence[Device]:
    """The phones of people who work within the scope, last contact first."""
    people = select(UserArea.user_id).where(scope.within(UserArea.area_code))
    statement = (
        select(Device)
        .options(selectinload(Device.users))
        .where(Device.district == scope.district, Device.users.any(DeviceUser.user_id.in_(people)))
        .order_by(Device.contact_at.desc().nulls_last(), Device.id)
    )
    return db.session.scalars(statement).all()


def of_other_districts(user_ids: Iterable[UUID], district: int) -> set[UUID]:
    """Those among some people whose accounts belong to another district."""
    statement = select(User.id).where(User.id.in_(set(user_ids)), User.district != district)
    return set(db.session.scalars(statement))
