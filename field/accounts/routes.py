"""Signing in and out, and choosing a language."""

from flask import Blueprint, Response, current_app, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf.csrf import generate_csrf
from marshmallow import ValidationError
from werkzeug.wrappers import Response as BaseResponse

from field.accounts import service
from field.accounts.actors import current_sign_in, current_user
from field.accounts.models import Role, User
from field.accounts.permissions import PUBLIC, SIGNED_IN, permit
from field.accounts.schemas import SignInSchema
from field.core.clock import utcnow
from field.core.db import transaction
from field.core.errors import Problem
from field.core.i18n import COOKIE, spoken

bp = Blueprint("accounts", __name__)
CHOSEN = "language"
_FORMS = "csrf_token"  # where Flask-WTF keeps what its forms carry

HOME = {
    Role.WORKER: "/phone/",
    Role.LEAD: "/reviews",
    Role.HANDLER: "/referrals",
    Role.OFFICE: "/coverage",
    Role.OFFICER: "/audit",
    Role.ADMIN: "/accounts",
}


@bp.get("/")
@permit(SIGNED_IN)
def home() -> BaseResponse:
    """Where each role starts its day."""
    user = current_user()
    assert user is not None
    return redirect(HOME[user.role])


@bp.get("/sign-in")
@permit(PUBLIC)
def sign_in() -> BaseResponse | str:
    """The sign-in form; whoever is signed in goes home."""
    user = current_user()
    if user is not None:
        return redirect(_next_or_home(user))
    return render_template("accounts/sign_in.html", username="", problem=None)


@bp.post("/sign-in")
@permit(PUBLIC)
def create() -> BaseResponse | tuple[str, int] | tuple[str, int, dict[str, str]]:
    """Sign in; the same answer for an unknown name and a wrong password."""
    username = request.form.get("username", "")[:64]
    now, address = utcnow(), request.remote_addr or "-"
    pause = service.wait_for(username, address, now)
    if pause:
        seconds = max(1, round(pause.total_seconds()))
        return _form(username, _too_many(seconds)), 429, {"Retry-After": str(seconds)}
    user = _user_of_form()
    if user is None:
        with transaction():
            service.count_failure(username, address, now)
        return _form(username, _("User name or password is wrong.")), 401
    with transaction():
        service.forget_failures(username)
        token = service.open_sign_in(user)
        # Chosen just now; or chosen before, elsewhere too; or, the first time, what the page was read in.
        user.language = session.get(CHOSEN) or user.language or spoken()
    session.clear()
    session["token"] = token
    generate_csrf()  # kept from the start: an answer that was under way brings back the session of its question
    # A phone ends its browser when it likes; at a desk, closing the browser is meant.
    session.permanent = user.role == Role.WORKER
    return redirect(_next_or_home(user), 303)


@bp.post("/sign-out")
@permit(PUBLIC)
def delete() -> BaseResponse:
    """End the session here and on the server."""
    sign_in = current_sign_in()
    if sign_in is not None:
        with transaction():
            service.close_sign_in(sign_in)
    # The form that comes next is good also when an answer that was under way brings back the session of before.
    kept = session.get(_FORMS)
    session.clear()
    if kept:
        session[_FORMS] = kept
    return redirect(url_for("accounts.sign_in"), 303)


@bp.post("/language")
@permit(PUBLIC)
def choose_language() -> BaseResponse:
    """Change the language of this browser, and of the account when signed in."""
    code = request.form.get("language", "")
    if code not in current_app.config["LANGUAGES"]:
        raise Problem("invalid")
    user = current_user()
    if user is not None and user.language != code:
        with transaction():
            user.language = code
    elif user is None:
        session[CHOSEN] = code  # whoever signs in next in this browser has chosen it
    answer = redirect(_safe_path(request.form.get("next")) or "/", 303)
    answer.set_cookie(COOKIE, code, max_age=400 * 86400, samesite="Lax", secure=current_app.config["TLS"])
    return answer


@bp.get("/csrf")
@permit(PUBLIC)
def csrf() -> Response:
    """The form token for the phone's shell, which is precached and so cannot hold one."""
    return Response(generate_csrf(), content_type="text/plain")


def _too_many(seconds: int) -> str:
    return str(
        ngettext(
            "Too many attempts. Please try again in %(num)s second.",
            "Too many attempts. Please try again in %(num)s seconds.",
            seconds,
        )
    )


def _form(username: str, problem: str) -> str:
    return render_template("accounts/sign_in.html", username=username, problem=problem)


def _user_of_form() -> User | None:
    try:
        form = SignInSchema().load(request.form.to_dict())
    except ValidationError:
        return None
    assert isinstance(form, dict)
    return service.check_credentials(form["username"], form["password"])


def _next_or_home(user: User) -> str:
    return _safe_path(request.values.get("next")) or HOME[user.role]


def _safe_path(path: str | None) -> str | None:
    """Only a path of ours: a link must not lead elsewhere after sign-in.

    Browsers drop tabs and line ends from an address and read a backslash as a slash.
    """
    if path and path.isprintable() and path.startswith("/") and not path.startswith(("//", "/\\")):
        return path
    return None
