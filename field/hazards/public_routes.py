"""/n/<code>: a household's own notice, open to whoever holds the paper, found by no search engine, kept by no cache.

/n is where a code that was noted is typed; whether there is a notice of it only /n/<code> says, and counts guesses.
"""

from flask import Blueprint, current_app, make_response, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from field.accounts.permissions import PUBLIC, permit
from field.core.clock import utcnow
from field.core.db import transaction
from field.core.errors import Problem
from field.core.unlisted import keep_unlisted
from field.hazards import forms, notices, pages, public
from field.hazards.models import HazardNotice

bp = Blueprint("notice_pages", __name__)
bp.url_value_preprocessor(forms.room_for(1))
keep_unlisted(bp)


@bp.get("/n")
@permit(PUBLIC)
def ask() -> BaseResponse:
    """Where a code is typed, however it is spaced."""
    typed = request.args.get("code")
    code = notices.typed(typed or "")
    if code:
        return redirect(f"/n/{code}", 303)
    wrong = typed is not None
    return make_response(
        render_template("hazards/ask.html", typed=typed or "", wrong=wrong), 422 if wrong else 200
    )


@bp.get("/n/<code>")
@permit(PUBLIC)
def show(code: str) -> BaseResponse:
    """What has to be put right, by when, and whom to call."""
    return _page(_notice(code))


@bp.post("/n/<code>/<int:place>/report")
@permit(PUBLIC)
def report(code: str, place: int) -> BaseResponse:
    """The household says that a hazard is put right, with a photo."""
    notice, now = _notice(code), utcnow()
    try:
        with transaction():
            public.count_report(notice, request.remote_addr or "", now)
    except Problem as problem:
        if problem.code != "too-many-requests":
            raise
        return _page(notice, place, str(problem.detail), problem)
    finding = public.hazard_at(notice, place)
    if finding is None:  # pressed twice, or closed meanwhile: the page says so
        return redirect(f"/n/{notice.code}", 303)
    try:
        proven = forms.proven_photos(1)
    except Problem as problem:
        if "fields" not in problem.members:
            raise
        return _page(notice, place, problem.members["fields"]["photos"])
    if not proven:
        return _page(notice, place, _("Please take a photo that shows it."))
    with transaction():
        public.report_fixed(notice, finding, proven, now)
    return redirect(f"/n/{notice.code}?reported={place}", 303)


def _notice(code: str) -> HazardNotice:
    address, now = request.remote_addr or "", utcnow()
    found = public.find(code, address, now)
    if found is None:
        with transaction():
            public.count_guess(address, now)
        raise Problem(
            "not-found", _("There is no notice with this code. Please check the 12 characters on the paper.")
        )
    return found


def _page(
    notice: HazardNotice, place: int = 0, complaint: str = "", problem: Problem | None = None
) -> BaseResponse:
    page = render_template(
        "hazards/notice.html",
        sheet=public.sheet(notice, pages.today()),
        code=notice.code,
        reported=request.args.get("reported", type=int),
        place=place,
        complaint=complaint,
        most=current_app.config["PHOTO_MAX_BYTES"] // 1_000_000,
    )
    if problem is not None:
        return make_response(page, problem.status, problem.headers)
    return make_response(page, 422 if complaint else 200)
