"""/reviews and /visits: the lead's queue, a visit's page, and the decision on it."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, render_template, request
from marshmallow import ValidationError
from werkzeug.wrappers import Response as BaseResponse

from field.accounts.actors import current_actor
from field.accounts.permissions import permit
from field.checklists.queries import words
from field.core.db import transaction
from field.core.errors import Problem
from field.core.i18n import spoken
from field.core.lists import filter_of_address, rows_answer
from field.core.responses import htmx
from field.reviews import queries, reading, service
from field.reviews.schemas import DecisionSchema, FilterSchema, ReturnSchema
from field.visits.models import ReviewState, Visit
from field.visits.schemas import OUTCOMES

bp = Blueprint("reviews", __name__)


@bp.get("/reviews")
@permit("visit.read")
def index() -> str:
    """The queue, with the visit that has waited longest open beside it."""
    context = _queue()
    first = context["queue"].visits[0] if context["queue"].visits else None
    return render_template("reviews/index.html", **(context | (_subject(first.id) if first else {})))


@bp.get("/reviews/rows")
@permit("visit.read")
def rows() -> BaseResponse:
    """The queue alone; with `after`, its next page."""
    context = _queue()
    template = "reviews/_more.html" if request.args.get("after") else "reviews/_queue.html"
    return rows_answer(template, "/reviews", context["chosen"].as_query(), **context)


@bp.get("/visits/<uuid:visit_id>")
@permit("visit.read")
def show(visit_id: UUID) -> str:
    """A visit on a page of its own."""
    return render_template("reviews/show.html", **_subject(visit_id))


@bp.get("/visits/<uuid:visit_id>/card")
@permit("visit.read")
def card(visit_id: UUID) -> str:
    """A visit beside the queue."""
    return render_template("reviews/_visit.html", **_subject(visit_id))


@bp.post("/visits/<uuid:visit_id>/approval")
@permit("visit.review")
def approve(visit_id: UUID) -> BaseResponse:
    """Approve the revision that was looked at."""
    with transaction():
        service.approve(visit_id, _revision(), current_actor())
    return _decided(visit_id)


@bp.post("/visits/<uuid:visit_id>/return")
@permit("visit.review")
def send_back(visit_id: UUID) -> BaseResponse:
    """Return the revision that was looked at to its author, with a reason."""
    reason = request.form.get("reason", "").strip()
    complaint = ReturnSchema.complaint(reason)
    if complaint:
        return _undecided(visit_id, reason, str(complaint))
    with transaction():
        service.send_back(visit_id, _revision(), reason, current_actor())
    return _decided(visit_id)


def _queue() -> dict[str, Any]:
    chosen = filter_of_address(FilterSchema())
    actor = current_actor()
    return {
        "chosen": chosen,
        "queue": queries.queue(actor.scope, chosen, request.args.get("after")),
        "counts": queries.counts(actor.scope),
        "grids": queries.grids(actor.scope),
        "outcomes": OUTCOMES,
        "states": list(ReviewState),
        "words": words(actor.scope.district, spoken()),
    }


def _subject(visit_id: UUID) -> dict[str, Any]:
    actor = current_actor()
    visit = queries.visit(visit_id, actor.scope)
    said_in = words(visit.district, spoken())
    said = [reading.read(visit, revision, said_in) for revision in reversed(visit.revisions)]
    return {
        "visit": visit,
        "subject": queries.subject(visit, actor.scope),
        "said": said[0],
        "earlier": said[1:],
        "words": said_in,
        **_decision(visit),
    }


def _decision(visit: Visit) -> dict[str, Any]:
    review = queries.last_decision(visit)
    return {
        "visit": visit,
        "review": review,
        "reviewer": queries.name_of(review.reviewer_id) if review else "",
        "next_id": queries.next_waiting(visit, current_actor().scope),
        "reason": "",
        "complaint": None,
    }


def _revision() -> int:
    try:
        values = DecisionSchema().load(request.form.to_dict())
    except ValidationError as error:
        raise Problem("bad-request") from error
    assert isinstance(values, dict)
    return int(values["revision"])


def _decided(visit_id: UUID) -> BaseResponse:
    if not htmx:
        return redirect(f"/visits/{visit_id}", 303)
    visit = queries.visit(visit_id, current_actor().scope)
    answer = Response(render_template("reviews/_decision.html", **_decision(visit)))
    answer.headers["HX-Trigger-After-Swap"] = "visit-decided"
    return answer


def _undecided(visit_id: UUID, reason: str, complaint: str) -> BaseResponse:
    """The form again with what was typed and what is wrong with it."""
    visit = queries.visit(visit_id, current_actor().scope)
    context = _decision(visit) | {"reason": reason, "complaint": complaint}
    if htmx:
        return make_response(render_template("reviews/_decision.html", **context), 422)
    page = render_template("reviews/show.html", **(_subject(visit_id) | context))
    return make_response(page, 422)
