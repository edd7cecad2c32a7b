"""What follows a hazard at the desk: each step a form of its own, refused beside its field or taken once."""

from collections.abc import Mapping
from itertools import islice
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, current_app, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from field.accounts.actors import current_actor
from field.accounts.permissions import permit
from field.core.clock import utcnow
from field.core.db import transaction
from field.core.errors import Problem
from field.core.lists import filter_of_address
from field.hazards import evidence, following, forms, pages, queries, wording
from field.hazards.schemas import FilterSchema, StepSchema

bp = Blueprint("hazard_steps", __name__)
bp.url_value_preprocessor(forms.room_for(evidence.MOST))

FOLLOW = "recheck, report, rechecking, notice, referral, assignment"
PRESS = "recall, escalation, deadline"
# As many as are taken at once.
MOST = 200


@bp.post(f"/hazards/<uuid:finding_id>/<any({FOLLOW}):name>")
@permit("hazard.follow")
def follow(finding_id: UUID, name: str) -> BaseResponse:
    """Take a step for the grid."""
    return _answer(finding_id, name)


@bp.post(f"/hazards/<uuid:finding_id>/<any({PRESS}):name>")
@permit("hazard.press")
def press(finding_id: UUID, name: str) -> BaseResponse:
    """Press for it, or set another deadline."""
    return _answer(finding_id, name)


@bp.post("/hazards/<any(assignments, referrals):name>")
@permit("hazard.follow")
def together(name: str) -> BaseResponse:
    """The same step on all that were ticked; what does not take it is left alone and counted, with the reason.

    The address carries the list's filter, so the list comes back as it was.
    """
    versions = _ticked()
    try:
        values = _of_all(name)
    except Problem as problem:
        complaints = forms.complaints_in(problem)
        page = render_template("hazards/index.html", **pages.listed(complaints))
        return make_response(page, 422)
    with transaction():
        done, left = following.together(
            dict(islice(versions.items(), MOST)),
            name.removesuffix("s"),
            values,
            current_actor(),
            utcnow(),
            current_app.config["TIMEZONE"],
        )
    left.update({"most": len(versions) - MOST} if len(versions) > MOST else {})
    chosen = filter_of_address(FilterSchema()).as_query()
    told = {"done": done, "left": left.total(), "why": [f"{why}.{number}" for why, number in left.items()]}
    return redirect(f"/hazards?{urlencode(chosen | told, doseq=True)}", 303)


def _ticked() -> dict[UUID, int]:
    """The hazards that were ticked, each with the version that the list showed."""
    try:
        pairs = [text.split(".") for text in request.form.getlist("finding")]
        return {UUID(finding_id): int(version) for finding_id, version in pairs}
    except ValueError as error:
        raise Problem("bad-request") from error


def _of_all(name: str) -> dict[str, Any]:
    """What the form says of all that were ticked; raises Problem `invalid` with `fields`."""
    values = forms.checked(StepSchema(partial=True))
    if name == "referrals":
        following.insist_on_department(values.get("department"), current_actor().scope.district)
    elif values.get("assignee") is None:
        raise Problem("invalid", fields={"assignee": wording.missing("assignee")})
    return values


def _answer(finding_id: UUID, name: str) -> BaseResponse:
    queries.finding(finding_id, current_actor().scope)  # what is not theirs is not even read

    def context(complaints: Mapping[str, Any]) -> Mapping[str, Any]:
        if not complaints:
            return pages.subject(finding_id)
        return pages.subject(finding_id, request.form.to_dict(), name=name, complaints=complaints)

    return forms.answered(
        f"/hazards/{finding_id}", "hazards/hazard", lambda: _take(finding_id, name), context
    )


def _take(finding_id: UUID, name: str) -> None:
    values = forms.checked(StepSchema())
    proven = forms.proven_photos()
    actor, now = current_actor(), utcnow()
    with transaction():
        finding = queries.for_change(finding_id, actor.scope)
        photos = evidence.keep_once(finding, proven, values["version"], now)
        form = following.Form(values, photos, now, current_app.config["TIMEZONE"])
        following.STEPS[name][1](finding, form, actor)
