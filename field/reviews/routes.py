"""/visits: a visit on a page of its own and beside the queue."""

from uuid import UUID

from flask import Blueprint, render_template

from field.accounts.permissions import permit
from field.reviews.pages import subject_of

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
