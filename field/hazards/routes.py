"""/hazards: what is open, by deadline or by whose turn it is; one hazard with its life and photos."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, render_template, request

from field.accounts.actors import current_actor
from field.accounts.permissions import permit
from field.core.clock import utcnow
from field.core.db import transaction
from field.core.lists import rows_answer, unchanged
from field.hazards import lapsing, pages, queries
from field.photos.keeping import copy_for_people

bp = Blueprint("hazards", __name__)


@bp.get("/hazards")
@permit("hazard.read")
def index() -> str:
    """Open hazards, overdue ones first."""
    return render_template("hazards/index.html", **_anew(pages.listed))


@bp.get("/hazards/rows")
@permit("hazard.read")
def rows() -> Response:
    """The list alone; with `after`, its next page; 304 when it is what the reader has already."""
    template = "hazards/_rows.html" if request.args.get("after") else "hazards/_list.html"
    query = pages.chosen().as_query()
    return unchanged(pages.etag()) or rows_answer(template, "/hazards", query, **_anew(pages.listed))


@bp.get("/hazards/board")
@permit("hazard.read")
def board() -> str:
    """Open hazards in columns by whose turn it is."""
    return render_template("hazards/board.html", **_anew(pages.board))


@bp.get("/hazards/board/columns")
@permit("hazard.read")
def columns() -> Response:
    """The columns alone; 304 when they are what the reader has already."""
    query, same = pages.chosen().as_query(), unchanged(pages.etag())
    return same or rows_answer("hazards/_board.html", "/hazards/board", query, **_anew(pages.board))


@bp.get("/hazards/<uuid:finding_id>")
@permit("hazard.read")
def show(finding_id: UUID) -> str:
    """One hazard."""
    _end_waits()
    return render_template("hazards/show.html", **pages.subject(finding_id))


@bp.get("/hazards/<uuid:finding_id>/card")
@permit("hazard.read")
def card(finding_id: UUID) -> str:
    """One hazard without the page around it."""
    return render_template("hazards/_hazard.html", **pages.subject(finding_id))


@bp.get("/hazards/<uuid:finding_id>/photos/<uuid:photo_id>/<any(thumb, screen):size>")
@permit("hazard.read")
def photo(finding_id: UUID, photo_id: UUID, size: str) -> Response:
    """A photo of a hazard: whoever may see the hazard sees its photos, and no others."""
    found = queries.photo(finding_id, photo_id, current_actor().scope)
    return Response(copy_for_people(found, size), mimetype="image/jpeg")


def _anew(context: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What a list shows when something has changed, be it the day alone."""
    _end_waits()
    return context()


def _end_waits() -> None:
    """Whoever looks sees rechecks that have waited too long for their photo as due again."""
    district, now, zone = current_actor().scope.district, utcnow(), current_app.config["TIMEZONE"]
    if lapsing.are_due(district, now, zone):
        with transaction():
            lapsing.end_waits(district, now, zone)
