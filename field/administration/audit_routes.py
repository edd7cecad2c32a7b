"""/audit: who did what, and whether the chain is whole."""

from functools import partial
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from field.accounts import queries as accounts
from field.accounts.actors import current_actor
from field.accounts.permissions import permit
from field.administration.details import details_words
from field.administration.wording import action_words, subject_words
from field.audit import queries
from field.checklists.queries import item_names, words
from field.core.errors import Problem
from field.core.i18n import spoken
from field.core.responses import htmx

bp = Blueprint("audit", __name__)

PAGE = 50


@bp.get("/audit")
@permit("audit.read")
def index() -> str:
    """The newest entries; `before` asks for older ones."""
    return render_template("administration/audit.html", **_entries(), verdict=None)


@bp.get("/audit/entries")
@permit("audit.read")
def entries() -> str:
    """One page of entries alone."""
    return render_template("administration/_audit_entries.html", **_entries())


@bp.post("/audit/verification")
@permit("audit.read")
def verify() -> BaseResponse:
    """Walk the whole chain and say whether it holds."""
    verdict = queries.verify(current_actor().scope.district)
    if htmx:
        return make_response(render_template("administration/_audit_verdict.html", verdict=verdict))
    return Response(render_template("administration/audit.html", **_entries(), verdict=verdict))


def _entries() -> dict[str, Any]:
    district = current_actor().scope.district
    rows = queries.newest_entries(district, _before(), PAGE)
    said_in = words(district, spoken())
    return {
        "entries": rows,
        "names": accounts.names({row.actor_id for row in rows if row.actor_id}),
        "older": rows[-1].number if len(rows) == PAGE else None,
        "action_words": action_words,
        "details_words": partial(details_words, words=said_in, items=item_names(said_in, district)),
        "subject_words": subject_words,
    }


def _before() -> int | None:
    text = request.args.get("before")
    if not text:
        return None
    if not text.isdecimal() or len(text) > 15:
        raise Problem("bad-request")
    return int(text)
