"""/merges: what contradicts or may be one entry twice; side by side, decided, taken back."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as BaseResponse

from field.accounts import queries as accounts
from field.accounts.actors import current_actor
from field.accounts.permissions import permit
from field.checklists.queries import words
from field.core.db import transaction
from field.core.errors import Problem
from field.core.i18n import spoken
from field.merges import decided as decisions
from field.merges import queries, service
from field.merges.models import Kind
from field.merges.sides import compare
from field.merges.standing import standing_now
from field.reviews.at_the_door import WORKPLACE_FIELDS
from field.reviews.reading import FIELDS, text_of
from field.visits.clashes import RegisterClash

bp = Blueprint("merges", __name__)
OF_WORKPLACES = {**WORKPLACE_FIELDS, "name": _l("Name"), "ended": _l("Closed, gone")}


@bp.get("/merges")
@permit("merge.decide")
def index() -> str:
    """What waits for a decision."""
    scope = current_actor().scope
    waiting, wanted = queries.waiting(scope), {name: _wanted(name) for name in ("clashes", *Kind)}
    shown = {kind: found[: wanted[kind]] for kind, found in waiting.pairs.items()}
    rows = {
        kind: queries.rows_of(kind, {key for pair in found for key in pair}, scope)
        for kind, found in shown.items()
    }
    return render_template(
        "merges/index.html",
        waiting=waiting,
        wanted=wanted,
        totals={**waiting.numbers, "clashes": waiting.clashes},
        page=queries.PAGE,
        most=queries.CANDIDATES,
        shown=shown,
        rows=rows,
        doors=queries.doors_of({row.dwelling_id for row in rows[Kind.PEOPLE].values()}),
        walkers=accounts.names({row.author_id for row in rows[Kind.VISITS].values()}),
        **_clashes(queries.clashes(scope, wanted["clashes"])),
    )


def _wanted(name: str) -> int:
    """How many of one sort are shown: a page, and as many more as the address asks for."""
    return min(max(request.args.get(name, 0, type=int), queries.PAGE), queries.CANDIDATES)


@bp.get("/merges/decided")
@permit("merge.decide")
def decided() -> str:
    """What was decided, newest first, to be taken back."""
    waiting = queries.waiting(current_actor().scope)
    return render_template("merges/decided.html", waiting=waiting, **_decided())


@bp.get("/merges/decided/rows")
@permit("merge.decide")
def decided_rows() -> str:
    """A page of it alone."""
    return render_template("merges/_decided.html", **_decided())


@bp.get("/merges/<kind>/<uuid:left>/<uuid:right>")
@permit("merge.decide")
def show(kind: str, left: UUID, right: UUID) -> str:
    """Two entries side by side."""
    scope = current_actor().scope
    said_in = words(scope.district, spoken())
    comparison = compare(_kind(kind), (left, right), scope, said_in)
    return render_template("merges/show.html", pair=comparison, words=said_in)


@bp.post("/merges/<kind>/<uuid:left>/<uuid:right>/joining")
@permit("merge.decide")
def join(kind: str, left: UUID, right: UUID) -> BaseResponse:
    """They are one: keep what was chosen."""
    picks = {name: request.form.get(f"fact-{name}", "") for name in FIELDS}
    keep_right, seen = request.form.get("kept") == "right", request.form.get("seen")
    with transaction():
        service.join(_kind(kind), (left, right), keep_right, picks, current_actor(), seen)
    return redirect("/merges?told=joined", 303)


@bp.post("/merges/<kind>/<uuid:left>/<uuid:right>/refusal")
@permit("merge.decide")
def refuse(kind: str, left: UUID, right: UUID) -> BaseResponse:
    """They are two."""
    with transaction():
        service.keep_apart(_kind(kind), (left, right), current_actor())
    return redirect("/merges?told=apart", 303)


@bp.post("/merges/decisions/<uuid:decision_id>/reversal")
@permit("merge.decide")
def separate(decision_id: UUID) -> BaseResponse:
    """Take a decision on a pair back; of two doors what was said of the one that was kept since stays with it."""
    with transaction():
        parted = service.separate(decision_id, current_actor())
    return redirect(f"/merges?told={'parted' if parted else 'undone'}", 303)


@bp.post("/merges/clashes/<uuid:clash_id>/choice")
@permit("merge.decide")
def choose(clash_id: UUID) -> BaseResponse:
    """Keep what stands, or take the other answer."""
    answer = request.form.get("answer")
    if answer not in {"standing", "offered"}:
        raise Problem("bad-request")
    with transaction():
        service.decide_clash(clash_id, answer == "offered", current_actor(), request.form.get("seen"))
    return redirect("/merges?told=chosen", 303)


@bp.post("/merges/clashes/<uuid:clash_id>/reversal")
@permit("merge.decide")
def reopen(clash_id: UUID) -> BaseResponse:
    """Take a choice back."""
    with transaction():
        service.reopen_clash(clash_id, current_actor())
    return redirect("/merges?told=undone", 303)


def _kind(text: str) -> Kind:
    try:
        return Kind(text)
    except ValueError as error:
        raise Problem("not-found") from error


def _ids(rows: Any, kind: Kind) -> set[UUID]:
    return {key for row in rows if row.kind == kind for key in (row.left_id, row.right_id)}


def _decided() -> dict[str, Any]:
    """A page of what was decided, with what each entry was about."""
    scope = current_actor().scope
    page = decisions.page(scope, request.args.get("after"))
    shown = {kind: queries.rows_of(kind, _ids(page.pairs, kind), scope) for kind in Kind}
    occupancies, visits = shown[Kind.PEOPLE].values(), shown[Kind.VISITS].values()
    return {
        "page": page,
        "shown": shown,
        "people_doors": queries.doors_of({row.dwelling_id for row in occupancies}),
        "walkers": accounts.names({row.author_id for row in visits}),
        "deciders": accounts.names({row.decided_by for row in page.entries if row.decided_by}),
        **_clashes(page.clashes),
    }


def _clashes(rows: Sequence[RegisterClash]) -> dict[str, Any]:
    """Contradicting answers in words, with who said each."""
    scope = current_actor().scope
    said_in = words(scope.district, spoken())
    standing = standing_now(rows)
    named = {row.other_id for row in rows} | {one.by for one in standing.values() if one.by}
    others = queries.rows_of(Kind.VISITS, named, scope)
    visits = [*(row.visit for row in rows), *others.values()]
    subjects = {row.subject for row in rows}
    places = queries.names_of_workplaces(subjects)
    return {
        "standing": standing,
        "newer": {
            row.id: text_of(row.field, standing[row.id].value, said_in) or "—"
            for row in rows
            if row.id in standing and standing[row.id].newer
        },
        "clashes": rows,
        "others": others,
        "authors": accounts.names({visit.author_id for visit in visits}),
        "subjects": queries.names_of_people(subjects) | places,
        "labels": {
            row.id: (OF_WORKPLACES if row.subject in places else FIELDS).get(row.field, row.field)
            for row in rows
        },
        "texts": {
            row.id: (text_of(row.field, row.standing, said_in), text_of(row.field, row.offered, said_in))
            for row in rows
        },
        "words": said_in,
        "told": request.args.get("told", ""),
    }
