"""What follows a hazard at the desk: each step a form of its own, refused beside its field or taken once."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, redirect, request
from marshmallow import ValidationError
from werkzeug.wrappers import Response as BaseResponse

from field.accounts.actors import current_actor
from field.accounts.permissions import permit
from field.core.clock import utcnow
from field.core.db import transaction
from field.core.errors import Problem
from field.hazards import evidence, following, forms, pages, queries
from field.hazards.schemas import StepSchema

bp = Blueprint("hazard_steps", __name__)
bp.url_value_preprocessor(forms.room_for(evidence.MOST))

FOLLOW = "recheck, report, rechecking, notice, referral, assignment"
PRESS = "escalation, deadline"


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
    """The same step on all that were ticked; what does not take it is left alone and counted."""
    try:
        ids = [UUID(text) for text in request.form.getlist("finding")][:200]
        values = StepSchema(partial=True).load(request.form.to_dict())
    except (ValueError, ValidationError) as error:
        raise Problem("bad-request") from error
    assert isinstance(values, dict)
    with transaction():
        done, refused = following.together(
            ids, name.removesuffix("s"), values, current_actor(), utcnow(), current_app.config["TIMEZONE"]
        )
    return redirect(f"/hazards?done={done}&left={len(refused)}", 303)


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
