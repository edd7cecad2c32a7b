"""/plates/import: codes of door plates out of a table. First what it would change, line by line; then doing it."""

from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response as BaseResponse

from field.accounts.actors import current_actor
from field.accounts.permissions import permit
from field.core import sheets
from field.core.db import transaction
from field.core.errors import Problem
from field.places.plate_lists import Entry, MissingColumns, Plan, entries_of, give_all, plan

bp = Blueprint("plate_lists", __name__)

# What is shown of each kind; a table may have thousands of lines.
SHOWN = 200
# A file that is too large is told so on the page, unless it is far too large.
_LARGE = 4 * sheets.MOST_BYTES


@bp.url_value_preprocessor
def _allow_files(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Before anything reads the form."""
    request.max_content_length = request.max_form_memory_size = _LARGE


@bp.get("/plates/import")
@permit("plate.manage")
def show() -> str:
    """Where a file is chosen, and how it has to look."""
    return _page()


@bp.post("/plates/import")
@permit("plate.manage")
def look() -> str | tuple[str, int]:
    """What a file would change; nothing is changed yet."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return _page(complaint="none"), 422
    try:
        entries = entries_of(sheets.lines_of(file.read()))
    except sheets.Unreadable as unreadable:
        return _page(complaint=unreadable.fault), 422
    except MissingColumns as missing:
        return _page(complaint="columns", missing=missing.names), 422
    return _plan_page(entries, plan(entries, current_actor().scope), file.filename)


@bp.post("/plates/import/codes")
@permit("plate.manage")
def create() -> BaseResponse | tuple[str, int]:
    """Do it, as things stand now; done again it changes nothing."""
    entries, name = _kept()
    try:
        with transaction():
            done = give_all(entries, current_actor())
    except Problem as problem:
        if problem.code != "invalid":
            raise
        return _plan_page(entries, plan(entries, current_actor().scope), name, meanwhile=True), 422
    return redirect(url_for("plates.index", given=len(done.changing), wrong=len(done.wrong)), 303)


def _plan_page(entries: list[Entry], made: Plan, name: str, *, meanwhile: bool = False) -> str:
    kept = _sealer().dumps([name, *entries])
    return _page(plan=made, name=name, kept=kept, meanwhile=meanwhile)


def _page(**facts: Any) -> str:
    usual = {"complaint": None, "missing": (), "plan": None, "shown": SHOWN, "most": sheets.MOST_LINES}
    return render_template("places/import.html", **usual | facts)


def _kept() -> tuple[list[Entry], str]:
    """The lines that the page before has read; nobody else can have written them."""
    try:
        name, *rows = _sealer().loads(request.form.get("lines", ""))
    except BadSignature:
        raise Problem("bad-request") from None
    return [Entry(*row) for row in rows], str(name)


def _sealer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="plates")
