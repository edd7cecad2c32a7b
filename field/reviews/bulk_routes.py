"""/reviews/clean: look through the visits at which nothing was found, approve them together, take that back."""

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from field.accounts.actors import current_actor
from field.accounts.permissions import permit
from field.checklists.queries import words
from field.core.db import transaction
from field.core.errors import Problem
from field.core.i18n import spoken
from field.reviews import bulk, queries

bp = Blueprint("clean_reviews", __name__)


@bp.get("/reviews/clean")
@permit("visit.review")
def index() -> str:
    """The clean visits of the reader's area, or of one grid."""
    scope, grid = current_actor().scope, request.args.get("grid", "")[:32]
    visits = bulk.clean(scope, grid)
    context: dict[str, Any] = {
        "visits": visits,
        "names": queries.names_of(visits),
        "notes": bulk.notes_of(visits),
        "grids": queries.grids(scope),
        "grid": grid,
        "approved": request.args.get("approved", type=int),
        "reopened": request.args.get("reopened", type=int),
        "batch": request.args.get("batch", type=UUID),
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
    return redirect(f"/reviews/clean?approved={number}&batch={batch}", 303)


@bp.post("/reviews/clean/approval/<uuid:batch>/reversal")
@permit("visit.review")
def take_back(batch: UUID) -> BaseResponse:
    """Let them wait again."""
    with transaction():
        number = bulk.take_back(batch, current_actor())
    return redirect(f"/reviews/clean?reopened={number}", 303)
