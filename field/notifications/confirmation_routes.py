"""/mail/<link>: whoever reads a mailbox says that the daily mail may come there, or that it was not them."""

from flask import Blueprint, current_app, make_response, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from field.accounts.permissions import PUBLIC, permit
from field.core.clock import utcnow
from field.core.db import transaction
from field.core.errors import Problem
from field.core.unlisted import keep_unlisted
from field.notifications import confirming
from field.notifications.models import MailDigest

bp = Blueprint("mail_confirmations", __name__)
keep_unlisted(bp)


@bp.get("/mail/refused")
@permit(PUBLIC)
def refused() -> str:
    """That the address is forgotten."""
    return render_template("notifications/confirmation.html", state="refused", path="/mail/refused")


@bp.get("/mail/<link>")
@permit(PUBLIC)
def show(link: str) -> BaseResponse:
    """What was asked for; opening it does nothing yet."""
    state = "confirmed" if _digest(link).confirmed_at else "asked"
    return make_response(
        render_template("notifications/confirmation.html", state=state, path=f"/mail/{link}")
    )


@bp.post("/mail/<link>/confirmation")
@permit(PUBLIC)
def confirm(link: str) -> BaseResponse:
    """Yes; a second time changes nothing."""
    digest = _digest(link)
    with transaction():
        confirming.confirm(digest, utcnow())
    return redirect(f"/mail/{link}", 303)


@bp.post("/mail/<link>/refusal")
@permit(PUBLIC)
def refuse(link: str) -> BaseResponse:
    """It was somebody else: the address is forgotten."""
    digest = _digest(link)
    with transaction():
        confirming.refuse(digest, utcnow())
    return redirect("/mail/refused", 303)


def _digest(link: str) -> MailDigest:
    address, now = request.remote_addr or "", utcnow()
    found = confirming.find(link, address, current_app.config["SECRET_KEY"], now)
    if found is None:
        with transaction():
            confirming.count_guess(address, now)
        raise Problem(
            "not-found",
            _(
                "This link is too old, or another one was sent since. Ask for a new one at the desk, under Daily mail."
            ),
        )
    return found
