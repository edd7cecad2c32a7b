"""/hazards: what is open, by deadline; one hazard with its life and photos."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, render_template, request

from field.accounts.actors import current_actor
from field.accounts.permissions import permit
from field.checklists.queries import words
from field.core.clock import local_day, utcnow
from field.core.i18n import spoken
from field.core.lists import filter_of_address, rows_answer
from field.hazards import queries
from field.hazards.schemas import SEVERITIES, STATES, FilterSchema
from field.hazards.wording import happened
from field.photos.keeping import copy_for_people

bp = Blueprint("hazards", __name__)


@bp.get("/hazards")
@permit("hazard.read")
def index() -> str:
    """Open hazards, overdue ones first."""
    return render_template("hazards/index.html", **_listing())


@bp.get("/hazards/rows")
@permit("hazard.read")
def rows() -> Response:
    """The list alone; with `after`, its next page."""
    context = _listing()
    template = "hazards/_rows.html" if request.args.get("after") else "hazards/_list.html"
    return rows_answer(template, "/hazards", context["chosen"].as_query(), **context)


@bp.get("/hazards/<uuid:finding_id>")
@permit("hazard.read")
def show(finding_id: UUID) -> str:
    """One hazard."""
    actor = current_actor()
    finding = queries.finding(finding_id, actor.scope)
    return render_template(
        "hazards/show.html",
        finding=finding,
        subject=queries.subject(finding, actor.scope),
        today=_today(),
        words=words(finding.district, spoken()),
        happened=happened,
    )


@bp.get("/hazards/<uuid:finding_id>/photos/<uuid:photo_id>/<any(thumb, screen):size>")
@permit("hazard.read")
def photo(finding_id: UUID, photo_id: UUID, size: str) -> Response:
    """A photo of a hazard: whoever may see the hazard sees its photos, and no others."""
    found = queries.photo(finding_id, photo_id, current_actor().scope)
    return Response(copy_for_people(found, size), mimetype="image/jpeg")


def _listing() -> dict[str, Any]:
    actor, chosen, today = current_actor(), filter_of_address(FilterSchema()), _today()
    return {
        "chosen": chosen,
        "listing": queries.listing(actor.scope, chosen, today, request.args.get("after")),
        "counts": queries.counts(actor.scope, today),
        "states": STATES,
        "severities": SEVERITIES,
        "today": today,
        "words": words(actor.scope.district, spoken()),
    }


def _today() -> date:
    return local_day(utcnow(), current_app.config["TIMEZONE"])
