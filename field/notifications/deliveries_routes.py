"""/notifications/deliveries: which programs are told, each message with how it went, and trying again."""

from uuid import UUID

from flask import Blueprint, current_app, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from field.accounts.actors import current_actor
from field.accounts.permissions import permit
from field.core.clock import utcnow
from field.core.db import transaction
from field.core.errors import Problem
from field.notifications import mail, outbox, queries, webhooks, wording
from field.notifications.models import State

bp = Blueprint("deliveries", __name__)


@bp.get("/notifications/deliveries")
@permit("notification.manage")
def index() -> str:
    """Addresses, and the newest messages."""
    return _page("", "")


@bp.post("/notifications/webhooks")
@permit("notification.manage")
def add() -> str | tuple[str, int]:
    """Tell an address from now on; the secret is shown on the answer and nowhere else."""
    url = request.form.get("url", "").strip()[:500]
    try:
        with transaction():
            hook, secret = webhooks.add(url, current_app.config["WEBHOOK_HOSTS"], current_actor(), utcnow())
    except Problem as problem:
        if problem.code != "invalid":
            raise
        return _page(url, problem.members["fields"]["url"]), 422
    return render_template("notifications/secret.html", hook=hook, secret=secret)


@bp.post("/notifications/webhooks/<uuid:webhook_id>/removal")
@permit("notification.manage")
def remove(webhook_id: UUID) -> BaseResponse:
    """Tell it nothing more."""
    with transaction():
        webhooks.remove(webhook_id, current_actor(), utcnow())
    return redirect("/notifications/deliveries", 303)


@bp.post("/notifications/deliveries/<uuid:delivery_id>/attempt")
@permit("notification.manage")
def send_again(delivery_id: UUID) -> BaseResponse:
    """Try a message anew that was given up."""
    with transaction():
        outbox.send_again(delivery_id, current_actor(), utcnow())
    return redirect("/notifications/deliveries?state=waiting", 303)


def _page(typed: str, complaint: str) -> str:
    asked = request.args.get("state", "")
    state = State(asked) if asked in set(State) else None
    district = current_actor().scope.district
    return render_template(
        "notifications/deliveries.html",
        hooks=webhooks.of_district(district),
        listing=queries.listing(district, state),
        counts=queries.counts(district),
        state=state,
        states=list(State),
        hosts=current_app.config["WEBHOOK_HOSTS"],
        mails=bool(current_app.config["SMTP_HOST"]),
        typed=typed,
        complaint=complaint,
        failure=wording.failure,
        past=mail.PAST,
        subject=wording.subject,
    )
