"""/reviews: the queue, its rows alone, and the word that nothing has changed since they were read."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, render_template, request

from field.accounts.actors import current_actor
from field.accounts.permissions import permit
from field.checklists.queries import words
from field.core.i18n import spoken
from field.core.lists import (
    etag_of,
    numbers_beside,
    rows_answer,
    rows_wanted,
    unchanged,
)
from field.reviews import queries, queue
from field.reviews.filters import Filter
from field.reviews.look_routes import looked_at
from field.reviews.pages import chosen_of_address, subject_of
from field.visits.models import ReviewState
from field.visits.schemas import OUTCOMES

bp = Blueprint("reviews", __name__)


@bp.get("/reviews")
@permit("visit.read")
def index() -> str:
    """The queue, with a visit open beside it: the one asked for, or the one that has waited longest."""
    chosen = chosen_of_address()
    context = _queue(chosen) | {
        "teams": queries.teams(current_actor().scope),
        "outcomes": OUTCOMES,
    }
    visits = context["queue"].visits
    opened = request.args.get("open", type=UUID) or (visits[0].id if visits else None)
    return render_template(
        "reviews/index.html", **(context | (subject_of(looked_at(opened)) if opened else {}))
    )


@bp.get("/reviews/rows")
@permit("visit.read")
def rows() -> Response:
    """The queue alone; with `after`, its next page; 304 when it is what the reader has already."""
    chosen = chosen_of_address()
    template = "reviews/_more.html" if request.args.get("after") else "reviews/_queue.html"
    same = unchanged(_etag(chosen))
    return same or rows_answer(template, "/reviews", chosen.as_query(), **_queue(chosen))


def _etag(chosen: Filter) -> str:
    """What the rows depend on: who reads them how, what was chosen, and the newest change in that area."""
    actor = current_actor()
    return etag_of(actor, spoken(), chosen, queue.newest_change(actor.scope))


def _queue(chosen: Filter) -> dict[str, Any]:
    scope = current_actor().scope
    limit = rows_wanted(queue.PAGE)
    zone, etag = current_app.config["TIMEZONE"], _etag(chosen)
    page = queue.queue(scope, chosen, request.args.get("after"), limit, zone)
    kept = queue.counts(scope.narrowed_to(chosen.area)) if chosen.is_counted else None
    return {
        "etag": etag,
        "chosen": chosen,
        "queue": page,
        "numbers": numbers_beside(kept, chosen.state, len(page.visits), page.after is not None),
        "states": list(ReviewState),
        "words": words(scope.district, spoken(), "visit_outcome"),
    }
