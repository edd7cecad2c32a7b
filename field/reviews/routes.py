"""/visits: a visit's page, and the decision on it."""

from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, render_template, request
from marshmallow import ValidationError
from werkzeug.wrappers import Response as BaseResponse

from field.accounts.actors import current_actor
from field.accounts.permissions import permit
from field.core.db import transaction
from field.core.errors import Problem
from field.core.responses import htmx
from field.reviews import queries, service
from field.reviews.pages import decision_of, subject_of
from field.reviews.schemas import DecisionSchema, ReturnSchema

bp = Blueprint("visits", __name__)


@bp.get("/visits/<uuid:visit_id>")
@permit("visit.read")
def show(visit_id: UUID) -> str:
    """A visit on a page of its own."""
    return render_template("reviews/show.html", **subject_of(visit_id))


@bp.get("/visits/<uuid:visit_id>/card")
@permit("visit.read")
def card(visit_id: UUID) -> str:
    """A visit beside the queue."""
    return render_template("reviews/_visit.html", **subject_of(visit_id))


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
    answer = Response(render_template("reviews/_decision.html", **decision_of(visit)))
    answer.headers["HX-Trigger-After-Swap"] = "visit-decided"
    return answer


def _undecided(visit_id: UUID, reason: str, complaint: str) -> BaseResponse:
    """The form again with what was typed and what is wrong with it."""
    visit = queries.visit(visit_id, current_actor().scope)
    context = decision_of(visit) | {"reason": reason, "complaint": complaint}
    if htmx:
        return make_response(render_template("reviews/_decision.html", **context), 422)
    page = render_template("reviews/show.html", **(subject_of(visit_id) | context))
    return make_response(page, 422)
