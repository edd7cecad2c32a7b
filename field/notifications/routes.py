"""/notifications: whether somebody wants the daily mail, and where."""

from flask import Blueprint, current_app, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from field.accounts.actors import current_user
from field.accounts.models import User
from field.accounts.permissions import permit
from field.core.clock import utcnow
from field.core.db import transaction
from field.core.errors import Problem
from field.notifications import mail

bp = Blueprint("notifications", __name__)


@bp.get("/notifications")
@permit("notification.receive")
def show() -> str:
    """What somebody is told, and where."""
    return _page("", "")


@bp.post("/notifications/mail")
@permit("notification.receive")
def ask() -> BaseResponse | tuple[str, int]:
    """Have the daily mail, or have it somewhere else."""
    address = request.form.get("address", "").strip()
    try:
        with transaction():
            mail.ask_for(_user(), address, utcnow())
    except Problem as problem:
        return _refused(problem, address)
    return redirect("/notifications", 303)


@bp.post("/notifications/mail/link")
@permit("notification.receive")
def link() -> BaseResponse | tuple[str, int]:
    """Have the link that confirms the address sent anew."""
    try:
        with transaction():
            mail.ask_for_link(_user(), utcnow())
    except Problem as problem:
        return _refused(problem, "")
    return redirect("/notifications", 303)


@bp.post("/notifications/mail/end")
@permit("notification.receive")
def end() -> BaseResponse:
    """Have it no more; the address is forgotten."""
    with transaction():
        mail.end(_user())
    return redirect("/notifications", 303)


def _refused(problem: Problem, typed: str) -> tuple[str, int]:
    """The page with what is wrong beside the address."""
    if problem.code not in {"invalid", "too-many-requests"}:
        raise problem
    complaint = problem.members.get("fields", {}).get("address", problem.detail)
    return _page(typed, complaint), problem.status


def _user() -> User:
    user = current_user()
    assert user is not None
    return user


def _page(typed: str, complaint: str) -> str:
    return render_template(
        "notifications/show.html",
        digest=mail.digest_of(_user().id),
        set_up=bool(current_app.config["SMTP_HOST"]),
        typed=typed,
        complaint=complaint,
    )
