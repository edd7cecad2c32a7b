"""/visits/<id>/approval, /return and /correction: what a lead decides about a visit."""

from typing import Any
from uuid import UUID

import orjson
from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request
from flask_babel import force_locale
from marshmallow import ValidationError
from werkzeug.wrappers import Response as BaseResponse

from field.accounts import queries as accounts
from field.accounts.actors import current_actor
from field.accounts.permissions import permit
from field.checklists.queries import words
from field.core.db import transaction
from field.core.errors import Problem
from field.core.i18n import spoken
from field.core.responses import htmx, page_or_partial
from field.reviews import correction, queries, service
from field.reviews.look_routes import looked_at
from field.reviews.pages import chosen_of_address, correction_of, decision_of, parts_to_point_at, subject_of
from field.reviews.parts import pointed_at
from field.reviews.schemas import REASON_LENGTH, DecisionSchema, complaint_about
from field.visits.models import Visit

bp = Blueprint("decisions", __name__)


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
    """Return the revision that was looked at to its author, with a reason and the parts that it is about."""
    visit, seen, typed = queries.visit(visit_id, current_actor().scope), _revision(), _typed()
    # First: its parts, and whatever is wrong with the form, are of that revision.
    service.refuse_unseen(visit, seen)
    said = [typed["reason"], *typed["about"].values()]
    complaint = complaint_about(typed["reason"]) if typed["reason"] or not any(said) else None
    if complaint:
        service.refuse_decided(visit)
        return _undecided(visit_id, typed | {"complaint": str(complaint), "seen": seen})
    parts = pointed_at(parts_to_point_at(visit), typed["marked"], typed["about"])
    reason = typed["reason"] or _summary(visit, parts)
    with transaction():
        service.send_back(visit_id, seen, reason, current_actor(), parts)
    return _decided(visit_id)


@bp.post("/visits/<uuid:visit_id>/return/reversal")
@permit("visit.review")
def take_back(visit_id: UUID) -> BaseResponse:
    """Take a return back; the page stays at the visit, which can be decided on again."""
    with transaction():
        service.take_back(visit_id, _revision(), current_actor())
    return _reopened(visit_id)


@bp.post("/visits/<uuid:visit_id>/approval/reversal")
@permit("visit.review")
def reopen(visit_id: UUID) -> BaseResponse:
    """Take an approval back; the visit waits again."""
    with transaction():
        service.take_approval_back(visit_id, _revision(), current_actor())
    return _reopened(visit_id)


@bp.get("/visits/<uuid:visit_id>/correction")
@permit("visit.review")
def edit(visit_id: UUID) -> str:
    """The form of a correction by a lead, filled with what the visit says."""
    return render_template("reviews/correction.html", **correction_of(looked_at(visit_id), {}))


@bp.post("/visits/<uuid:visit_id>/correction")
@permit("visit.review")
def correct(visit_id: UUID) -> BaseResponse:
    """Keep what was corrected as the visit's next revision."""
    visit = queries.visit(visit_id, current_actor().scope)
    given = request.form.to_dict()
    reason = given.get("reason", "").strip()
    said_in = words(visit.district, spoken())
    groups = correction.groups_of(visit, said_in)
    changes, complaints = correction.changes_of(visit, given, groups, said_in.lists)
    if service.corrected_already(visit, _revision(), reason, current_actor(), changes):
        return redirect(_page_of(visit_id), 303)
    if complaints:
        page = render_template("reviews/correction.html", **correction_of(visit, given, complaints))
        return make_response(page, 422)
    with transaction():
        service.correct(
            visit_id, _revision(), changes, reason, current_actor(), current_app.config["TIMEZONE"]
        )
    return redirect(_page_of(visit_id), 303)


def _typed() -> dict[str, Any]:
    """What the form of a return holds, also to show it again."""
    about = {
        key.removeprefix("about."): text.strip()
        for key, text in request.form.items()
        if key.startswith("about.")
    }
    marked = request.form.getlist("part")
    # Without the script, a ready-made reason comes beside the words that the script would have put it among.
    said = (request.form.get(name, "").strip() for name in ("reason", "ready"))
    return {
        "reason": " ".join(text for text in said if text),
        "marked": marked,
        "about": {key: text for key, text in about.items() if key in marked and text},
    }


def _summary(visit: Visit, parts: list[dict[str, str]]) -> str:
    """A reason made of what was said about the parts, which it names as whoever is to correct them reads them."""
    with force_locale(accounts.language_of(visit.author_id) or current_app.config["LANGUAGES"][0]):
        labels = {part.key: str(part.label) for part in parts_to_point_at(visit)}
    said = (f"{labels[part['part']]}: {part['reason']}" for part in parts if "reason" in part)
    return "; ".join(said)[:REASON_LENGTH]


def _page_of(visit_id: UUID) -> str:
    """The visit's page, which knows of which list it is."""
    return f"/visits/{visit_id}{chosen_of_address().kept}"


def _revision() -> int:
    try:
        values = DecisionSchema().load(request.form.to_dict())
    except ValidationError as error:
        raise Problem("bad-request") from error
    assert isinstance(values, dict)
    return int(values["revision"])


def _decided(visit_id: UUID) -> BaseResponse:
    if not htmx:
        return redirect(_page_of(visit_id), 303)
    visit = queries.visit(visit_id, current_actor().scope)
    decided = render_template("reviews/_decision.html", **decision_of(visit), alone=True, told=True)
    answer = Response(decided)
    answer.headers["HX-Trigger-After-Swap"] = "visit-decided"
    return answer


def _reopened(visit_id: UUID) -> BaseResponse:
    """The decision anew where it stands; the line of messages belongs to no visit's card: the page opens that one."""
    if htmx and htmx.target == "messages":
        event = orjson.dumps({"visit-reopened": {"visit": str(visit_id)}}).decode()
        return Response(status=204, headers={"HX-Trigger": event})
    visit = queries.visit(visit_id, current_actor().scope)
    return page_or_partial(
        "reviews/_decision.html", _page_of(visit_id), **decision_of(visit), reopened=True, alone=True
    )


def _undecided(visit_id: UUID, typed: dict[str, Any]) -> BaseResponse:
    """The form again with what was typed and what is wrong with it; about the revision that was `seen`, no other."""
    if htmx:
        visit = queries.visit(visit_id, current_actor().scope)
        return make_response(render_template("reviews/_decision.html", **(decision_of(visit) | typed)), 422)
    page = render_template("reviews/show.html", **(subject_of(looked_at(visit_id)) | typed))
    return make_response(page, 422)
