"""/hazards/notices: the paper for a door, on A4 or on an 80 mm roll; every copy is counted, and says so.

A copy is ready for the printer for as long as one needs to print it, for whoever had it counted; looked at later, or
by others, it says that it is printed again. It speaks the language in which the household answered it, or Chinese.
"""

from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, current_app, redirect, render_template, request, session
from werkzeug.wrappers import Response as BaseResponse

from field.accounts.actors import current_actor
from field.accounts.permissions import permit
from field.checklists.queries import words
from field.core.clock import utcnow
from field.core.db import transaction
from field.core.errors import Problem
from field.core.i18n import spoken
from field.core.squares import square
from field.hazards import answers, notices, queries
from field.hazards.models import HazardNotice

bp = Blueprint("hazard_notices", __name__)
PAPERS = ("a4", "roll")
_READY = "counted_copy"
# For choosing a language and finding the printer.
_SECONDS = 600


@bp.post("/hazards/notices/<uuid:notice_id>/copies")
@permit("notice.print")
def create(notice_id: UUID) -> BaseResponse:
    """Count one more copy and show it ready for the printer; a double click is one copy."""
    paper = request.form.get("paper", "a4")
    if paper not in PAPERS:
        raise Problem("bad-request")
    with transaction():
        notice = notices.count_copy(notice_id, paper, current_actor(), utcnow())
    session[_READY] = [str(notice.id), notice.copies, utcnow().timestamp()]
    told = urlencode({"paper": paper, "lang": _language_for(notice)})
    return redirect(f"/hazards/notices/{notice.id}/copies/{notice.copies}?{told}", 303)


def _language_for(notice: HazardNotice) -> str:
    answer, offered = answers.answer_to(notice), current_app.config["LANGUAGES"]
    return answer.spoken if answer and answer.spoken in offered else offered[0]


def _is_ready(notice: HazardNotice, copy: int) -> bool:
    """Whether it is the copy that this browser has just had counted."""
    notice_id, number, counted_at = session.get(_READY) or ("", 0, 0.0)
    return [notice_id, number] == [str(notice.id), copy] and utcnow().timestamp() - counted_at < _SECONDS


@bp.get("/hazards/notices/<uuid:notice_id>/copies/<int:copy>")
@permit("notice.print")
def show(notice_id: UUID, copy: int) -> str:
    """A copy that was counted; from the second on it is marked."""
    notice = notices.notice(notice_id, current_actor().scope)
    if not 1 <= copy <= notice.copies:
        raise Problem("not-found")
    paper = request.args.get("paper", "a4")
    # The desk may be opened by a name that no household can.
    site = current_app.config["ADDRESS"] or request.host_url
    address = f"{site.rstrip('/')}/n/{notice.code}"
    return render_template(
        "hazards/paper.html",
        notice=notice,
        copy=copy,
        again=not _is_ready(notice, copy),
        paper=paper if paper in PAPERS else "a4",
        number=notices.number_text(notice),
        code=notices.spoken_code(notice),
        address=address,
        square=square(address),
        area=notices.area_name(notice),
        contact=notices.contact_of(notice),
        answer=answers.answer_to(notice),
        deadlines={row.id: notices.deadline_on(notice, row) for row in notice.findings},
        items={row.id: queries.item_of(row) for row in notice.findings},
        words=words(notice.district, spoken()),
    )
