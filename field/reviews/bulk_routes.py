"""/reviews/clean: look through the visits at which nothing was found, approve them together, take that back."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from field.accounts.actors import current_actor
from field.accounts.permissions import permit
from field.accounts.queries import names
from field.checklists.queries import words
from field.core.db import transaction
from field.core.errors import Problem
from field.core.i18n import spoken
from field.reviews import bulk, queries
from field.visits.rules import register_at

bp = Blueprint("clean_reviews", __name__)


@bp.get("/reviews/clean")
@permit("visit.review")
def index() -> str:
    """The clean visits of the reader's area, of one grid, or of one building."""
    scope, chosen = current_actor().scope, _chosen(request.args)
    visits, recent = bulk.clean(scope, chosen["grid"], chosen["building"]), bulk.recent(scope)
    context: dict[str, Any] = {
        "groups": bulk.by_building(visits),
        "number": len(visits),
        "full": len(visits) == bulk.MOST,
        "names": queries.names_of(visits) | names({batch.reviewer_id for batch in recent}),
        "notes": bulk.notes_of(visits),
        "grids": queries.grids(scope),
        "chosen": chosen,
        "recent": recent,
        "follows": register_at(scope.district),
        "approved": request.args.get("approved", type=int),
        "left": request.args.get("left", type=int),
        "batch": request.args.get("batch", type=UUID),
        "reopened": request.args.get("reopened", type=int),
        "words": words(scope.district, spoken()),
    }
    return render_template("reviews/clean.html", **context)


@bp.post("/reviews/clean/approval")
@permit("visit.review")
def approve() -> BaseResponse:
    """Approve the visits that were ticked; those that changed meanwhile stay in the queue."""
    try:
        ids = [UUID(text) for text in request.form.getlist("visit")]
    except ValueError as error:
        raise Problem("bad-request") from error
    with transaction():
        batch, number = bulk.approve(ids, current_actor())
    left = len(set(ids)) - number
    return _back(approved=number, batch=batch, **({"left": left} if left else {}))


@bp.post("/reviews/clean/approval/<uuid:batch>/reversal")
@permit("visit.review")
def take_back(batch: UUID) -> BaseResponse:
    """Let them wait again."""
    with transaction():
        number = bulk.take_back(batch, current_actor())
    return _back(reopened=number)


def _chosen(given: MultiDict[str, str]) -> dict[str, Any]:
    return {"grid": given.get("grid", "")[:32], "building": given.get("building", type=UUID)}


def _back(**told: Any) -> BaseResponse:
    """To the same grid or building, with what was done."""
    kept = {name: value for name, value in _chosen(request.form).items() if value}
    return redirect(f"/reviews/clean?{urlencode(told | kept)}", 303)
