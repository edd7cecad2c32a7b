"""/reviews: the queue, its rows alone, and the word that nothing has changed since they were read."""

from hashlib import sha256
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from field.accounts.actors import current_actor
from field.accounts.permissions import permit
from field.checklists.queries import words
from field.core.i18n import spoken
from field.core.lists import filter_of_address, rows_answer
from field.reviews import queries, queue
from field.reviews.filters import Filter
from field.reviews.look_routes import looked_at
from field.reviews.pages import subject_of
from field.reviews.schemas import FilterSchema
from field.visits.models import ReviewState
from field.visits.schemas import OUTCOMES

bp = Blueprint("reviews", __name__)

# A page that refreshes itself asks for as many rows as it shows.
MOST_ROWS = 300


@bp.get("/reviews")
@permit("visit.read")
def index() -> str:
    """The queue, with a visit open beside it: the one asked for, or the one that has waited longest."""
    chosen = _chosen()
    context = _queue(chosen, _etag(chosen)) | {
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
def rows() -> BaseResponse:
    """The queue alone; with `after`, its next page; 304 when it is what the reader has already."""
    chosen = _chosen()
    etag = _etag(chosen)
    if not request.args.get("after") and etag in request.if_none_match:
        return Response(status=304, headers={"ETag": f'"{etag}"'})
    template = "reviews/_more.html" if request.args.get("after") else "reviews/_queue.html"
    answer = rows_answer(template, "/reviews", chosen.as_query(), **_queue(chosen, etag))
    answer.set_etag(etag)
    return answer


def _chosen() -> Filter:
    chosen: Filter = filter_of_address(FilterSchema())
    return chosen


def _etag(chosen: Filter) -> str:
    """What the rows depend on: who reads them how, what was chosen, and the newest change in that area."""
    actor = current_actor()
    parts = (actor.id, actor.role, spoken(), chosen, queue.newest_change(actor.scope))
    return sha256(repr(parts).encode()).hexdigest()[:20]


def _queue(chosen: Filter, etag: str) -> dict[str, Any]:
    """The rows; `etag` was made before them, so that the next question tells of what changes in between."""
    scope = current_actor().scope
    limit = min(max(request.args.get("rows", 0, type=int), queue.PAGE), MOST_ROWS)
    zone = current_app.config["TIMEZONE"]
    return {
        "chosen": chosen,
        "etag": etag,
        "queue": queue.queue(scope, chosen, request.args.get("after"), limit, zone),
        "counts": queue.counts(scope),
        "states": list(ReviewState),
        "words": words(scope.district, spoken(), "visit_outcome"),
    }
