"""Looking after accounts: adding, suspending, readmitting, a new password; each told to the audit chain."""

import secrets
from collections.abc import Iterable
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from field.accounts import service
from field.accounts.models import Role, User, UserArea
from field.accounts.scope import Actor
from field.audit import service as audit
from field.core.clock import utcnow
from field.core.db import only
from field.core.errors import Problem

# Without letters and digits that look alike, since it is read out or copied by hand once.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def one_time_password() -> str:
    """Sixteen characters in groups of four, about 79 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4))


def member(user_id: UUID, actor: Actor) -> User:
    """An account of the actor's district; raises Problem `not-found`."""
    return only(select(User).where(User.id == user_id, User.district == actor.scope.district))


def add(
    username: str, name: str, role: Role, areas: Iterable[str], department: str | None, actor: Actor
) -> tuple[User, str]:
    """Make an account; answers it with its password, which is shown once and kept nowhere.

    Raises Problem `conflict` when the user name is taken.
    """
    password = one_time_password()
    user = service.create_user(
        username,
        name,
        role,
        password,
        actor.scope.district,
        areas,
        department=department if role == Role.HANDLER else None,
        by=actor.id,
    )
    return user, password


def assign(user: User, areas: Iterable[str], actor: Actor) -> None:
    """Let somebody answer for these areas from now on; their phone fetches its round anew."""
    wanted = set(areas)
    if wanted != {area.area_code for area in user.areas}:
        user.areas = [area for area in user.areas if area.area_code in wanted] + [
            UserArea(area_code=code) for code in sorted(wanted - {area.area_code for area in user.areas})
        ]
        audit.record("account.assigned", user.district, ("user", user.id), actor.id, areas=sorted(wanted))


def suspend(user: User, actor: Actor) -> None:
    """Keep somebody out from now on; what their phone still holds is set aside when it comes, not lost."""
    if user.id == actor.id:
        raise Problem("conflict", _("You cannot suspend yourself."))
    if user.disabled_at is None:
        user.disabled_at = utcnow()
        service.end_sign_ins({user.id})
        audit.record("account.disabled", user.district, ("user", user.id), actor.id)


def readmit(user: User, actor: Actor) -> None:
    """Let somebody in again with the password they had."""
    if user.disabled_at is not None:
        user.disabled_at = None
        audit.record("account.enabled", user.district, ("user", user.id), actor.id)


def reset_password(user: User, actor: Actor) -> str:
    """A new password, shown once; every session of theirs ends."""
    password = one_time_password()
    service.set_password(user, password)
    service.end_sign_ins({user.id})
    audit.record("account.password_reset", user.district, ("user", user.id), actor.id)
    return password
