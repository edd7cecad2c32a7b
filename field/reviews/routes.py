"""/visits: a visit on a page of its own and beside the queue; two of its versions side by side."""

from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request

from field.accounts.permissions import permit
from field.checklists.queries import words
from field.core.i18n import spoken
from field.reviews import queries
from field.reviews.comparing import compared
from field.reviews.look_routes import looked_at
from field.reviews.pages import subject_of
from field.reviews.reading import Said, read
from field.visits.models import Visit

bp = Blueprint("visits", __name__)


@bp.get("/visits/<uuid:visit_id>")
@permit("visit.read")
def show(visit_id: UUID) -> str:
    """A visit on a page of its own."""
    return render_template("reviews/show.html", **subject_of(looked_at(visit_id)))


@bp.get("/visits/<uuid:visit_id>/card")
@permit("visit.read")
def card(visit_id: UUID) -> str:
    """A visit beside the queue."""
    return render_template("reviews/_visit.html", **subject_of(looked_at(visit_id)))


@bp.get("/visits/<uuid:visit_id>/versions")
@permit("visit.read")
def versions(visit_id: UUID) -> str:
    """Two versions compared: the two newest, or those that the address names."""
    visit = looked_at(visit_id)
    said_in = words(visit.district, spoken())
    first, second = (_version(visit, name, said_in) for name in ("first", "second"))
    context = {"visit": visit, "first": first, "second": second, "lines": compared(first, second, said_in)}
    return render_template(
        "reviews/versions.html", **context, names=queries.names_of_revisions(visit), words=said_in
    )


def _version(visit: Visit, name: str, said_in: Any) -> Said:
    newest = visit.revision
    usual = newest if name == "second" else max(1, newest - 1)
    number = request.args.get(name, usual, type=int)
    revision = next((one for one in visit.revisions if one.number == number), visit.revisions[-1])
    return read(visit, revision, said_in)
