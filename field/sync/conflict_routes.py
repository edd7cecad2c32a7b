"""/set-aside/conflicts: two contents under one id, read side by side and decided with a word."""

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from field.accounts import queries as accounts
from field.accounts.actors import current_actor
from field.accounts.permissions import permit
from field.checklists.queries import words
from field.core.db import transaction
from field.core.i18n import spoken
from field.sync import conflicts
from field.sync.desk_routes import REASON_LENGTH
from field.sync.models import InboxConflict

bp = Blueprint("conflicts", __name__)


@bp.get("/set-aside/conflicts/<uuid:conflict_id>")
@permit("conflict.decide")
def show(conflict_id: UUID) -> str:
    """Both contents; that somebody read them is written down first."""
    return _page(conflicts.one(conflict_id, current_actor().scope))


@bp.post("/set-aside/conflicts/<uuid:conflict_id>/closure")
@permit("conflict.decide")
def close(conflict_id: UUID) -> BaseResponse | tuple[str, int]:
    """Close it with a word on what was decided."""
    reason = request.form.get("reason", "").strip()
    if not reason or len(reason) > REASON_LENGTH:
        conflict = conflicts.one(conflict_id, current_actor().scope)
        complaint = _("Say in a few words why; at most %(most)s characters.", most=REASON_LENGTH)
        return _page(conflict, complaint, reason), 422
    with transaction():
        conflicts.close(conflict_id, reason, current_actor())
    return redirect("/set-aside?told=decided", 303)


def _page(conflict: InboxConflict, complaint: str = "", typed: str = "") -> str:
    form = {"conflict": conflict, "complaint": complaint, "typed": typed}
    closed_by = accounts.names({conflict.closed_by}) if conflict.closed_by else {}
    form["closed_by"] = next(iter(closed_by.values()), "")
    return render_template("sync/conflict.html", **form, **_compared(conflict))


def _compared(conflict: InboxConflict) -> dict[str, Any]:
    actor = current_actor()
    with transaction():
        conflicts.note_look(conflict, actor)
    said_in = words(actor.scope.district, spoken())
    first, second = conflicts.contents(conflict, actor.scope, said_in)
    return {"sides": (first, second), "lines": conflicts.differences(first, second, said_in)}
