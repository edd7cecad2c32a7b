"""/proposals: doors that workers added, for a lead to confirm or to decline."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from field.accounts import queries as accounts
from field.accounts.actors import current_actor
from field.accounts.permissions import permit
from field.checklists.queries import words
from field.core.db import transaction
from field.core.errors import Problem
from field.core.i18n import spoken
from field.merges import proposals, queries
from field.places.models import Proposal

bp = Blueprint("proposals", __name__)


@bp.get("/proposals")
@permit("merge.decide")
def index() -> str:
    """Doors that wait for a word, and those that were declined."""
    return _page()


@bp.post("/proposals/<uuid:door_id>/confirmation")
@permit("merge.decide")
def confirm(door_id: UUID) -> BaseResponse | tuple[str, int]:
    """The door is there; without an address of its new house the form comes back."""
    try:
        with transaction():
            proposals.confirm(door_id, current_actor(), request.form.get("address"))
    except Problem as problem:
        return _again(problem, door_id, "address")
    return redirect("/proposals?told=confirmed", 303)


@bp.post("/proposals/<uuid:door_id>/refusal")
@permit("merge.decide")
def decline(door_id: UUID) -> BaseResponse | tuple[str, int]:
    """There is no such door; without a reason the form comes back."""
    try:
        with transaction():
            proposals.decline(door_id, request.form.get("reason", ""), current_actor())
    except Problem as problem:
        return _again(problem, door_id, "reason")
    return redirect("/proposals?told=declined", 303)


@bp.post("/proposals/<uuid:door_id>/reversal")
@permit("merge.decide")
def reconsider(door_id: UUID) -> BaseResponse:
    """Ask again."""
    with transaction():
        proposals.reconsider(door_id, current_actor())
    return redirect("/proposals?told=undone", 303)


def _again(problem: Problem, door_id: UUID, part: str) -> tuple[str, int]:
    if problem.code != "invalid":
        raise problem
    return _page((door_id, part), str(problem.detail)), 422


def _page(missing: tuple[UUID, str] | None = None, error: str = "") -> str:
    scope = current_actor().scope
    waiting = proposals.proposals(scope, Proposal.WAITING)
    declined = proposals.proposals(scope, Proposal.DECLINED)
    return render_template(
        "merges/proposals.html",
        waiting=waiting,
        declined=declined,
        to_decide=queries.waiting(scope).to_decide,
        alike=proposals.alike(waiting),
        names=accounts.names({row.proposed_by for row in (*waiting, *declined) if row.proposed_by}),
        missing=missing,
        error=error,
        typed=request.form.get("address", ""),
        told=request.args.get("told", ""),
        words=words(scope.district, spoken()),
    )
