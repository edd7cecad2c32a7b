"""Signing in and out, making accounts, enrolling phones."""

import secrets
from collections.abc import Iterable, Set
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from flask_babel import gettext as _
from sqlalchemy import update

from field.accounts import queries
from field.accounts.models import Device, DeviceUser, Role, SignIn, Throttle, User, UserArea
from field.accounts.scope import Actor
from field.audit import service as audit
from field.core.clock import utcnow
from field.core.db import db
from field.core.errors import Problem
from field.core.ids import new_id

_hasher = PasswordHasher()
# Verified for unknown users, so that they take as long as known ones.
_NOBODY = _hasher.hash(secrets.token_hex(16))

WINDOW = timedelta(minutes=15)
# After so many failures each further try waits; nobody is locked out for longer than a minute.
FREE_TRIES = {"account": 5, "address": 30}
LONGEST_WAIT = timedelta(seconds=60)


def create_user(
    username: str,
    name: str,
    role: Role,
    password: str,
    district: int,
    areas: Iterable[str],
    *,
    department: str | None = None,
    by: UUID | None = None,
) -> User:
    """Add an account; raises Problem when the name is taken or the password short."""
    if len(password) < 8:
        raise Problem("invalid", _("A password needs at least eight characters."))
    if queries.user_by_name(username):
        raise Problem("conflict", _("This user name is taken."))
    user = User(
        id=new_id(),
        district=district,
        username=username.strip().lower(),
        name=name,
        role=role,
        department=department,
        password_hash=_hasher.hash(password),
        areas=[UserArea(area_code=code) for code in sorted(set(areas))],
    )
    db.session.add(user)
    db.session.flush()
    audit.record("account.created", district, ("user", user.id), by, role=role.value)
    return user


def set_password(user: User, password: str) -> None:
    """Replace somebody's password."""
    user.password_hash = _hasher.hash(password)


def check_credentials(username: str, password: str) -> User | None:
    """The user whose password this is; as slow for a stranger as for a member."""
    user = queries.user_by_name(username)
    try:
        _hasher.verify(user.password_hash if user else _NOBODY, password)
    except (VerifyMismatchError, InvalidHashError):
        return None
    return user if user and user.disabled_at is None else None


def open_sign_in(user: User) -> str:
    """Start a session; answers the token, which is stored only as a hash."""
    token = secrets.token_urlsafe(32)
    db.session.add(SignIn(user_id=user.id, token_hash=queries.token_hash(token)))
    audit.record("signed.in", user.district, ("user", user.id), user.id)
    return token


def close_sign_in(sign_in: SignIn) -> None:
    """End a session; ending twice is the same as once."""
    sign_in.ended_at = sign_in.ended_at or utcnow()
    audit.record("signed.out", sign_in.user.district, ("user", sign_in.user_id), sign_in.user_id)


def end_sign_ins(user_ids: set[UUID]) -> None:
    """End every session of some people."""
    live = SignIn.user_id.in_(user_ids), SignIn.ended_at.is_(None)
    db.session.execute(update(SignIn).where(*live).values(ended_at=utcnow()))


def wait_for(username: str, address: str, now: datetime) -> timedelta:
    """How long the next try must wait: doubles from one second, by account and by address."""
    return max(_wait(kind, key, now) for kind, key in _throttle_keys(username, address))


def count_failure(username: str, address: str, now: datetime) -> None:
    """Remember a failed try."""
    for _kind, key in _throttle_keys(username, address):
        row = db.session.get(Throttle, key)
        if row is None or now - row.since > WINDOW:
            db.session.merge(Throttle(key=key, failures=1, since=now, last_at=now))
        else:
            row.failures += 1
            row.last_at = now


def forget_failures(username: str) -> None:
    """A success clears the account's count, not the address's."""
    row = db.session.get(Throttle, f"account:{username.strip().lower()[:64]}")
    if row is not None:
        db.session.delete(row)


def _throttle_keys(username: str, address: str) -> list[tuple[str, str]]:
    return [("account", f"account:{username.strip().lower()[:64]}"), ("address", f"address:{address[:64]}")]


def _wait(kind: str, key: str, now: datetime) -> timedelta:
    row = db.session.get(Throttle, key)
    if row is None or now - row.since > WINDOW or row.failures < FREE_TRIES[kind]:
        return timedelta()
    pause = min(timedelta(seconds=2 ** min(row.failures - FREE_TRIES[kind], 6)), LONGEST_WAIT)
    return max(row.last_at + pause - now, timedelta())


def enrol(user: User, device: Device | None, build: str) -> tuple[Device, str | None]:
    """Enrol a phone for a user; a phone that is known keeps its id and credential (then None is answered)."""
    token = None
    if device is None or device.district != user.district:
        token = secrets.token_urlsafe(32)
        device = Device(
            id=new_id(), district=user.district, credential_hash=queries.token_hash(token), users=[]
        )
        db.session.add(device)
    device.build = build
    device.contact_at = utcnow()
    if user.id not in {member.user_id for member in device.users}:
        device.users.append(DeviceUser(user_id=user.id))
        audit.record("device.enrolled", user.district, ("device", device.id), user.id)
    return device, token


def note_lost_device(device_id: UUID | None, people: Set[UUID | None], actor: Actor) -> Device | None:
    """Write down a phone that is not known here, as after the restore of an older backup, for the people who used it.

    It cannot send: nobody has its credential. None when there are no such people, one of them works outside the
    actor's area, or somebody else has the id.
    """
    known = queries.people_within(actor.scope, people)
    if device_id is None or not people or known != people or db.session.get(Device, device_id) is not None:
        return None
    return _noted(device_id, known, actor)


def note_handed_device(device_id: UUID, people: Set[UUID], actor: Actor) -> Device:
    """Write down what a phone that belongs to another district now was to people of the actor's area, who left
    something on it. Noting it again gives the same one, for all who were named."""
    name = uuid5(device_id, str(actor.scope.district))
    device = db.session.get(Device, name)
    if device is None:
        return _noted(name, people, actor)
    there = {member.user_id for member in device.users}
    device.users.extend(DeviceUser(user_id=one) for one in sorted(people - there))
    return device


def _noted(device_id: UUID, people: Set[UUID], actor: Actor) -> Device:
    device = Device(
        id=device_id,
        district=actor.scope.district,
        credential_hash=queries.token_hash(secrets.token_urlsafe(32)),
        revoked_at=utcnow(),
        users=[DeviceUser(user_id=one) for one in sorted(people)],
    )
    db.session.add(device)
    audit.record("device.noted", device.district, ("device", device.id), actor.id)
    return device


def revoke_device(device: Device, actor: User) -> None:
    """Make a lost phone's credential useless; what it sent stays.

    Everybody who uses it is signed out everywhere: a session that still lived on it would enrol it again.
    """
    device.revoked_at = device.revoked_at or utcnow()
    end_sign_ins({member.user_id for member in device.users})
    audit.record("device.revoked", device.district, ("device", device.id), actor.id)
