"""/reviews/rule: when the register follows a visit, as the district sets it."""

from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from field.accounts import shown
from field.accounts.actors import current_actor
from field.accounts.permissions import permit
from field.accounts.queries import names
from field.core.db import transaction
from field.core.twice import in_turn
from field.visits import rules

bp = Blueprint("review_rule", __name__)


@bp.get("/reviews/rule")
@permit("register.rule")
def index() -> str:
    """The rule that holds, who set it, and the form."""
    return render_template("reviews/rule.html", **_rule())


@bp.post("/reviews/rule")
@permit("register.rule")
def change() -> BaseResponse:
    """Set it for the visits that are accepted from now on."""
    chosen = request.form.get("register_at", "")
    if chosen not in rules.REGISTER_AT:
        return make_response(render_template("reviews/rule.html", **_rule(), wrong=True), 422)
    with transaction():
        district = current_actor().scope.district
        in_turn(district)
        shown.insist("rule", request.form.get("shown"), _setting(district), (chosen,))
        rules.set_rule(chosen, current_actor())
    return redirect("/reviews/rule?told=1", 303)


@bp.errorhandler(shown.Overtaken)
def overtaken(problem: shown.Overtaken) -> BaseResponse:
    """The form again as it stands now, and who was first."""
    return make_response(render_template("reviews/rule.html", **_rule(), overtaken=problem.detail), 409)


def _setting(district: int) -> shown.Setting:
    row = rules.rule_of(district)
    return shown.Setting.of(row, (rules.register_at(district),))


def _rule() -> dict[str, Any]:
    district = current_actor().scope.district
    row = rules.rule_of(district)
    return {
        "register_at": rules.register_at(district),
        "setting": _setting(district),
        "row": row,
        "who": names({row.changed_by}).get(row.changed_by, "") if row else "",
        "told": "told" in request.args,
    }
