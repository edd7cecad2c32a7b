"""Who is asking: the signed-in user and the enrolled device of this request."""

from datetime import timedelta

from flask import current_app, g, request, session

from field.accounts import queries
from field.accounts.models import Device, SignIn, User
from field.accounts.scope import Actor
from field.core.clock import utcnow
from field.core.db import transaction

DEVICE_COOKIE = "device"
_SEEN_EVERY = timedelta(minutes=5)


def current_sign_in() -> SignIn | None:
    """The live server-side session, or None when missing, ended, idle too long or too old."""
    if "sign_in" not in g:
        g.sign_in = _live_sign_in(session.get("token"))
    found: SignIn | None = g.sign_in
    return found


def current_user() -> User | None:
    """Who is signed in."""
    sign_in = current_sign_in()
    return sign_in.user if sign_in else None


def current_actor() -> Actor:
    """Who is signed in, for services; only behind @permit."""
    if "actor" not in g:
        user = current_user()
        assert user is not None
        g.actor = Actor.of(user)
    actor: Actor = g.actor
    return actor


def current_device() -> Device | None:
    """The phone that sends, by its credential."""
    if "device" not in g:
        token = request.cookies.get(DEVICE_COOKIE)
        g.device = queries.device_by_credential(token) if token else None
    found: Device | None = g.device
    return found


def _live_sign_in(token: str | None) -> SignIn | None:
    if not token:
        return None
    sign_in = queries.sign_in_by_token(token)
    if sign_in is None or sign_in.user.disabled_at is not None:
        return None
    now = utcnow()
    idle = timedelta(minutes=current_app.config["SESSION_IDLE_MINUTES"])
    if now - sign_in.seen_at > idle or now - sign_in.created_at > timedelta(
        hours=current_app.config["SESSION_HOURS"]
    ):
        return None
    if now - sign_in.seen_at > _SEEN_EVERY:
        with transaction():
            sign_in.seen_at = now
    g.language = sign_in.user.language
    return sign_in
