"""/referrals/routing: the district's table of which department gets what, and how long each has to accept."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request
from marshmallow import ValidationError
from werkzeug.wrappers import Response as BaseResponse

from field.accounts import shown
from field.accounts.actors import current_actor
from field.accounts.permissions import permit
from field.checklists import queries as checklists
from field.core.clock import utcnow
from field.core.db import transaction
from field.core.forms import complaints_of
from field.core.i18n import spoken
from field.core.twice import in_turn
from field.hazards import routing, settings
from field.referrals.lines import choices, lines
from field.referrals.schemas import ChoosingSchema, RouteKeySchema, RouteSchema, TermSchema

bp = Blueprint("routing", __name__)


@bp.get("/referrals/routing")
@permit("hazard.rule")
def index() -> str:
    """Both tables with their forms."""
    return _page({}, {})


@bp.post("/referrals/routing")
@permit("hazard.rule")
def set_route() -> BaseResponse | tuple[str, int]:
    """Add a line, or replace the one for the same hazards and land."""
    values, wrong = _checked(RouteSchema)
    if wrong:
        return _page(request.form, wrong), 422
    with transaction():
        in_turn(current_actor().scope.district)
        stands = settings.of_routes(current_actor().scope.district, values["subject"], values["land_tenure"])
        line = (values["subject"], values["land_tenure"], values["department"])
        if stands.changed_by and line not in stands.facts:  # where there was no line, nothing is overwritten
            shown.insist("route", request.form.get("shown"), stands, ())
        routing.set_route(**values, actor=current_actor(), now=utcnow())
    return redirect("/referrals/routing", 303)


@bp.post("/referrals/routing/removal")
@permit("hazard.rule")
def drop_route() -> BaseResponse | tuple[str, int]:
    """Take a line away; its hazards follow the next less particular one."""
    values, wrong = _checked(RouteKeySchema)
    if wrong:
        return _page({}, wrong), 422
    with transaction():
        routing.drop_route(**values, actor=current_actor())
    return redirect("/referrals/routing", 303)


@bp.post("/referrals/routing/terms")
@permit("hazard.rule")
def set_term() -> BaseResponse | tuple[str, int]:
    """Say how long a department has."""
    values, wrong = _checked(TermSchema)
    if wrong:
        return _page({"term": request.form}, {f"term_{name}": text for name, text in wrong.items()}), 422
    with transaction():
        district = current_actor().scope.district
        in_turn(district)
        stands = settings.of_term(routing.routing_of(district), values["department"])
        wanted = (values["accept_days"], values["working_days"], values["escalate_days"])
        shown.insist(values["department"], request.form.get("shown"), stands, wanted)
        routing.set_term(**values, actor=current_actor(), now=utcnow())
    return redirect("/referrals/routing#terms", 303)


@bp.errorhandler(shown.Overtaken)
def overtaken(problem: shown.Overtaken) -> tuple[str, int]:
    """The tables again with what was typed, and who was first."""
    of_route = problem.part == "route"
    typed: Mapping[str, Any] = request.form if of_route else {"term": request.form}
    return _page(typed, {"overtaken" if of_route else "term_overtaken": problem.detail}), 409


def _checked(form: type[ChoosingSchema]) -> tuple[dict[str, Any], dict[str, str]]:
    """The form's values, or what is wrong by field; codes must be among the district's."""
    schema = form(choices(current_actor().scope.district))
    try:
        values = schema.load(request.form.to_dict())
    except ValidationError as error:
        return {}, complaints_of(error)
    assert isinstance(values, dict)
    return values, {}


def _page(typed: Mapping[str, Any], wrong: Mapping[str, Any]) -> str:
    district = current_actor().scope.district
    return render_template(
        "referrals/routing.html",
        settings=settings,
        district=district,
        lines=lines(district),
        routing=routing.routing_of(district),
        defaults=(routing.ACCEPT_DAYS, routing.ESCALATE_DAYS),
        choices=choices(district),
        words=checklists.words(district, spoken()),
        typed=typed,
        wrong=wrong,
    )
