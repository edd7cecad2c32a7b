"""/reviews/reasons: the district's ready-made reasons for returning a visit."""

from typing import Any
from uuid import UUID

from flask import Blueprint, make_response, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from field.accounts import shown
from field.accounts.actors import current_actor
from field.accounts.permissions import permit
from field.core.db import transaction
from field.core.twice import in_turn
from field.reviews import reasons

bp = Blueprint("reasons", __name__)

_PAGE = "/reviews/reasons"


@bp.get("/reviews/reasons")
@permit("reason.manage")
def index() -> str:
    """The reasons, each with its form, and a form for one more."""
    return render_template("reviews/reasons.html", **_listing())


@bp.post("/reviews/reasons")
@permit("reason.manage")
def create() -> BaseResponse:
    """Add one."""
    typed, complaint = _typed()
    if complaint:
        return _again(None, typed, complaint)
    with transaction():
        reasons.add(typed["zh"], typed["en"], current_actor())
    return redirect(_PAGE, 303)


@bp.post("/reviews/reasons/<uuid:reason_id>")
@permit("reason.manage")
def change(reason_id: UUID) -> BaseResponse:
    """Put one in other words."""
    typed, complaint = _typed()
    if complaint:
        reasons.own(reason_id, current_actor())
        return _again(reason_id, typed, complaint)
    with transaction():
        actor = current_actor()
        in_turn(actor.scope.district)
        stands = reasons.setting_of(reasons.own(reason_id, actor))
        shown.insist(str(reason_id), request.form.get("shown"), stands, (typed["zh"], typed["en"]))
        reasons.change(reason_id, typed["zh"], typed["en"], current_actor())
    return redirect(_PAGE, 303)


@bp.errorhandler(shown.Overtaken)
def overtaken(problem: shown.Overtaken) -> BaseResponse:
    """The page again with what was typed, and who was first."""
    return _again(UUID(problem.part), _typed()[0], problem.detail, 409)


@bp.post("/reviews/reasons/<uuid:reason_id>/removal")
@permit("reason.manage")
def remove(reason_id: UUID) -> BaseResponse:
    """Offer it no longer."""
    with transaction():
        reasons.remove(reason_id, current_actor())
    return redirect(_PAGE, 303)


def _typed() -> tuple[dict[str, str], str]:
    typed = {name: request.form.get(name, "").strip() for name in ("zh", "en")}
    if not all(typed.values()):
        return typed, _("Please write it in both languages.")
    if any(len(text) > reasons.LENGTH for text in typed.values()):
        return typed, _("Please keep it under %(most)s characters.", most=reasons.LENGTH)
    return typed, ""


def _again(reason_id: UUID | None, typed: dict[str, str], complaint: Any, status: int = 422) -> BaseResponse:
    page = render_template(
        "reviews/reasons.html", **(_listing() | {"wrong": reason_id, "typed": typed, "complaint": complaint})
    )
    return make_response(page, status)


def _listing() -> dict[str, Any]:
    own = reasons.reasons_of(current_actor().scope.district)
    return {
        "own": own,
        "marks": {row.id: reasons.setting_of(row) for row in own},
        "shipped": () if own else reasons.SHIPPED,
        "full": len(own) >= reasons.MOST,
        "wrong": None,
        "typed": {"zh": "", "en": ""},
        "complaint": "",
    }
