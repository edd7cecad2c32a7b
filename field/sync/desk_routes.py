"""/set-aside: records that were kept whole and not applied; read, judged again, or closed with a reason."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, current_app, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from field.accounts import queries as accounts
from field.accounts.actors import current_actor
from field.accounts.permissions import may, permit
from field.checklists.queries import words
from field.core.db import transaction
from field.core.i18n import spoken
from field.sync import aside_photos, conflicts, queries, reading, service

bp = Blueprint("set_aside", __name__)

REASON_LENGTH = 500
# Code of a problem: what it means, and what to do.
MEANINGS: dict[str, tuple[Any, Any]] = {
    "place": (
        _l("The door is outside the worker's area."),
        _l("Give the worker that area, then judge it again."),
    ),
    "author": (
        _l("The account is suspended, or never signed in on this phone."),
        _l("Let the worker in again, then judge it again."),
    ),
    "waiting": (
        _l("An earlier record has not come yet."),
        _l("It is applied by itself when that one comes."),
    ),
    "newer": (
        _l("The phone's app is newer than this server."),
        _l("Judge it again after the server is upgraded."),
    ),
    "digest": (
        _l("It was damaged on the way."),
        _l("The phone still holds the original; ask the worker to send again."),
    ),
    "invalid": (
        _l("Something in it does not fit."),
        _l("Ask the worker what was meant; close it with a word."),
    ),
    "decided": (
        _l("The visit was approved before its correction came."),
        _l("To let the correction count, take the approval back, then judge it again."),
    ),
    "conflict": (
        _l("Another record has the same id."),
        _l("Both are kept; ask the worker which one is right."),
    ),
}


@bp.get("/set-aside")
@permit("record.rescue")
def index() -> str:
    """What waits for somebody; with `closed`, what was dealt with."""
    return render_template("sync/set_aside.html", **_listing(), complaint=None, typed="")


@bp.get("/set-aside/<uuid:event_id>")
@permit("record.read")
def show(event_id: UUID) -> str:
    """What one record says; that somebody read it is written down first."""
    actor = current_actor()
    with transaction():
        event = queries.one_set_aside(event_id, actor.scope)
        reading.note_look(event, actor)
    said_in = words(actor.scope.district, spoken())
    names = accounts.names({one for one in (event.author_id, event.closed_by) if one})
    return render_template(
        "sync/record.html",
        event=event,
        record=reading.record(event, actor.scope, said_in),
        author=names.get(event.author_id, "") if event.author_id else "",
        closed_by=names.get(event.closed_by, "") if event.closed_by else "",
        meanings=MEANINGS,
    )


@bp.post("/set-aside/<uuid:event_id>/judgement")
@permit("record.rescue")
def judge_again(event_id: UUID) -> BaseResponse:
    """Judge a record again."""
    with transaction():
        applied = service.judge_again(event_id, current_actor(), current_app.config["TIMEZONE"])
    return _back("applied" if applied else "still")


@bp.post("/set-aside/<uuid:event_id>/closure")
@permit("record.rescue")
def close(event_id: UUID) -> BaseResponse | tuple[str, int]:
    """Close a record with a reason."""
    reason = request.form.get("reason", "").strip()
    if not reason or len(reason) > REASON_LENGTH:
        with transaction():
            queries.one_set_aside(event_id, current_actor().scope)
        complaint = _("Say in a few words why; at most %(most)s characters.", most=REASON_LENGTH)
        page = render_template(
            "sync/set_aside.html", **_listing(), complaint=(event_id, complaint), typed=reason
        )
        return page, 422
    with transaction():
        service.close(event_id, reason, current_actor())
    return _back("closed")


def _back(told: str) -> BaseResponse:
    """To the page of the list that the form stood on."""
    after = request.args.get("after")
    return redirect(f"/set-aside?{urlencode({'told': told} | ({'after': after} if after else {}))}", 303)


def _listing() -> dict[str, Any]:
    scope, closed, after = current_actor().scope, bool(request.args.get("closed")), request.args.get("after")
    seen, undecided = request.args.get("contents"), conflicts.how_many(scope)
    decides = may(current_actor().role, "conflict.decide")
    contents = conflicts.listed(scope, closed, seen) if decides else conflicts.Page()
    page = queries.set_aside(scope, closed, after)
    if after and not page.records:  # all of that page is dealt with
        page, after = queries.set_aside(scope, closed), None
    return {
        "records": page.records,
        "next": page.after,
        "here": f"?{urlencode({'after': after})}" if after else "",
        "waiting": queries.how_many(scope) + (undecided if decides else 0),
        "photos": aside_photos.how_many(scope),
        "conflicts": contents,
        "senders": accounts.names({row.author_id for row in contents.rows if row.author_id}),
        "for_leads": 0 if decides or closed else undecided,
        "closed": closed,
        "told": request.args.get("told", ""),
        "meanings": MEANINGS,
        "words": words(scope.district, spoken()),
    }
