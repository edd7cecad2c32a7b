"""/coverage: how far the survey is, area by area."""

from flask import Blueprint, current_app, render_template, request

from field.accounts.actors import current_actor
from field.accounts.permissions import permit
from field.checklists.queries import words
from field.core.clock import local_day, utcnow
from field.core.i18n import spoken
from field.coverage import queries

bp = Blueprint("coverage", __name__)


@bp.get("/coverage")
@permit("coverage.read")
def show() -> str:
    """The areas below `area`, or the reader's own."""
    scope = current_actor().scope
    today = local_day(utcnow(), current_app.config["TIMEZONE"])
    return render_template(
        "coverage/show.html",
        coverage=queries.coverage(scope, request.args.get("area"), today),
        words=words(scope.district, spoken(), "visit_outcome"),
    )
