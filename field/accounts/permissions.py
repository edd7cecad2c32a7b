"""What each role may do, and @permit, without which a route does not start the app."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import Flask, redirect, request, url_for

from field.accounts.actors import current_device, current_user
from field.accounts.models import Role
from field.core import permits
from field.core.errors import Problem
from field.core.responses import htmx, wants_json

P = ParamSpec("P")
R = TypeVar("R")

PUBLIC = permits.PUBLIC
DEVICE = "device"
SIGNED_IN = "signed-in"

PERMISSIONS: dict[str, frozenset[Role]] = {
    SIGNED_IN: frozenset(Role),
    "phone.use": frozenset({Role.WORKER, Role.LEAD}),
    "visit.read": frozenset({Role.LEAD, Role.OFFICE}),
    "visit.review": frozenset({Role.LEAD}),
    "number.disclose": frozenset({Role.LEAD}),
    "reason.manage": frozenset({Role.OFFICE, Role.ADMIN}),
    "register.rule": frozenset({Role.OFFICE, Role.ADMIN}),
    "photo.read": frozenset({Role.LEAD, Role.OFFICE}),  # handlers see those of their hazards, there
    "hazard.read": frozenset({Role.LEAD, Role.OFFICE, Role.HANDLER}),
    "merge.decide": frozenset({Role.LEAD, Role.OFFICE}),
    "hazard.follow": frozenset({Role.LEAD}),
    "hazard.press": frozenset({Role.LEAD, Role.OFFICE}),
    "referral.read": frozenset({Role.LEAD, Role.OFFICE, Role.HANDLER}),
    "referral.handle": frozenset({Role.HANDLER}),
    "notification.receive": frozenset({Role.LEAD, Role.OFFICE, Role.HANDLER}),
    "notification.manage": frozenset({Role.OFFICE, Role.ADMIN}),
    "notice.print": frozenset({Role.LEAD, Role.OFFICE}),
    "hazard.rule": frozenset({Role.OFFICE}),
    "plate.manage": frozenset({Role.LEAD, Role.OFFICE}),
    "coverage.read": frozenset({Role.LEAD, Role.OFFICE}),
    "phones.read": frozenset({Role.LEAD, Role.ADMIN}),
    "record.rescue": frozenset({Role.LEAD, Role.ADMIN}),
    "record.read": frozenset({Role.LEAD, Role.ADMIN}),  # whoever judges one again or closes it has read it
    "conflict.decide": frozenset({Role.LEAD}),  # who closes two contents has read both
    "phone.revoke": frozenset({Role.ADMIN}),
    "account.manage": frozenset({Role.ADMIN}),
    "audit.read": frozenset({Role.OFFICER}),
}


def may(user_role: Role, permission: str) -> bool:
    """Whether a role has a permission; templates ask this for what they offer."""
    return user_role in PERMISSIONS[permission]


def permit(permission: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare who may use a route: PUBLIC, DEVICE (the phone's credential), or a key of PERMISSIONS."""

    def declare(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            refused = _refusal(permission)
            return refused if refused is not None else view(*args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return declare


def _refusal(permission: str) -> Any:
    if permission == PUBLIC:
        return None
    if permission == DEVICE:
        if current_device() is None:
            raise Problem("device-unknown")
        return None
    user = current_user()
    if user is None:
        return _to_sign_in()
    if not may(user.role, permission):
        raise Problem("not-permitted")
    return None


def _to_sign_in() -> Any:
    if request.method == "GET" and not wants_json() and not htmx:
        return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
    raise Problem("sign-in-needed")


# Routes of libraries that carry no decorator of ours.
_LIBRARY_ENDPOINTS = {"static": PUBLIC, "api-docs.openapi_json": PUBLIC}


def declared_permission(app: Flask, endpoint: str) -> str | None:
    """The permission that a route declares, if any."""
    view = app.view_functions[endpoint]
    return getattr(view, "permission", None) or _LIBRARY_ENDPOINTS.get(endpoint)


def insist_on_permissions(app: Flask) -> None:
    """Stop the start when a route declares none or an unknown one."""
    known = {PUBLIC, DEVICE, *PERMISSIONS}
    open_routes = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if declared_permission(app, rule.endpoint) not in known
    ]
    if open_routes:
        raise RuntimeError(f"routes without a declared permission: {', '.join(sorted(set(open_routes)))}")
