"""/hazards/rules: what the district sets for hazards, its calendar, how often is visited, whom households call."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, current_app, make_response, redirect, render_template, request
from marshmallow import ValidationError
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from field.accounts import shown
from field.accounts.actors import current_actor
from field.accounts.permissions import permit
from field.checklists.models import ChecklistItem
from field.checklists.queries import current_checklists, words
from field.core.clock import utcnow
from field.core.db import db, transaction
from field.core.errors import Problem
from field.core.forms import complaints_of
from field.core.i18n import spoken
from field.core.twice import in_turn
from field.hazards import intervals, lapsing, notices, pages, recounts, settings, terms
from field.hazards.days import days_sent
from field.hazards.models import ItemRule, NoticeContact
from field.hazards.schemas import ContactSchema, IntervalSchema, RecheckSchema, RuleSchema
from field.places.models import Area, Level

bp = Blueprint("hazard_rules", __name__)


@bp.get("/hazards/rules")
@permit("hazard.rule")
def index() -> str:
    """All of them on one page."""
    return render_template("hazards/rules.html", **_page())


@bp.post("/hazards/rules/items/<code>")
@permit("hazard.rule")
def rule(code: str) -> BaseResponse:
    """Set the rule for an item, and open hazards get their new deadline; or only say how many would."""
    item = _items().get(code)
    if item is None:
        raise Problem("not-found")
    try:
        values = RuleSchema().load(request.form.to_dict())
    except ValidationError as error:
        return _refused(code, complaints_of(error))
    assert isinstance(values, dict)
    change = recounts.Change(current_actor().scope.district, _zone(), code)
    if "count" in request.form:
        asked = ItemRule(due_days=values["due_days"], working_days=values["working_days"])
        return _again(code, would=recounts.would_move(change, asked))
    with transaction():
        district = current_actor().scope.district
        in_turn(district)
        _insist(code, settings.of_item(terms.terms_of(district).rules.get(code)), values)
        terms.set_rule(item, **values, actor=current_actor(), now=utcnow())
    return _saved(code, _counted_anew(change))


@bp.post("/hazards/rules/calendar")
@permit("hazard.rule")
def calendar() -> BaseResponse:
    """Enter holidays and working days: a line each, typed or in a file, or a calendar file."""
    try:
        sent = days_sent(request.form.get("days", ""), request.files.get("file"), _zone())
    except ValidationError as error:
        return _refused("calendar", complaints_of(error))
    with transaction():
        terms.set_days(sent.days, current_actor())
    change = recounts.Change(current_actor().scope.district, _zone())
    return _saved("calendar", _counted_anew(change), sent.left)


@bp.post("/hazards/rules/rechecks")
@permit("hazard.rule")
def rechecks() -> BaseResponse:
    """Say for how many days a recheck waits for its photo."""
    try:
        values = RecheckSchema().load(request.form.to_dict())
    except ValidationError as error:
        return _refused("rechecks", complaints_of(error))
    assert isinstance(values, dict)
    with transaction():
        in_turn(current_actor().scope.district)
        _insist("rechecks", settings.of_rechecks(current_actor().scope.district), values)
        lapsing.set_photo_days(values["photo_days"], current_actor(), utcnow())
    return _saved("rechecks")


@bp.post("/hazards/rules/intervals")
@permit("hazard.rule")
def visits() -> BaseResponse:
    """Say how often let dwellings are visited."""
    try:
        values = IntervalSchema().load(request.form.to_dict())
    except ValidationError as error:
        return _refused("intervals", complaints_of(error))
    assert isinstance(values, dict)
    with transaction():
        in_turn(current_actor().scope.district)
        _insist("intervals", settings.of_intervals(current_actor().scope.district), values)
        intervals.set_intervals(values, current_actor(), utcnow())
    return _saved("intervals")


@bp.post("/hazards/rules/contacts")
@permit("hazard.rule")
def contact() -> BaseResponse:
    """Say whom households of an area call."""
    try:
        values = ContactSchema().load(request.form.to_dict())
    except ValidationError as error:
        return _refused("contacts", complaints_of(error))
    assert isinstance(values, dict)
    with transaction():
        notices.set_contact(**values, actor=current_actor())
    return _saved("contacts")


def _counted_anew(change: recounts.Change) -> int:
    """A few hazards at a time, so that visits that arrive come in between; says how many got other days."""
    changed = 0
    for some in recounts.portions(change):
        with transaction():
            changed += recounts.move(some, change, current_actor(), utcnow())
    return changed


@bp.errorhandler(shown.Overtaken)
def overtaken(problem: shown.Overtaken) -> BaseResponse:
    """The page again with what was typed, and who was first."""
    return make_response(_again(problem.part, overtaken=problem.detail), 409)


def _insist(part: str, stands: shown.Setting, values: dict[str, Any]) -> None:
    shown.insist(part, request.form.get("shown"), stands, tuple(values.values()))


def _saved(part: str, recounted: int | None = None, left: int = 0) -> BaseResponse:
    """Back to that part of the page, which says so, and what was left out."""
    told = {"saved": part} | ({} if recounted is None else {"recounted": recounted})
    told |= {"left": left} if left else {}
    return redirect(f"/hazards/rules?{urlencode(told)}#{part}", 303)


def _refused(part: str, complaints: dict[str, Any]) -> BaseResponse:
    return make_response(
        _again(part, complaints={f"{part}-{name}": said for name, said in complaints.items()}), 422
    )


def _again(part: str, **told: Any) -> BaseResponse:
    """The page as it was filled in: of each form what it was sent, where it was sent."""
    return make_response(
        render_template("hazards/rules.html", **_page(), at=part, typed=request.form, **told)
    )


def _items() -> dict[str, ChecklistItem]:
    lists = current_checklists(current_actor().scope.district)
    return {item.code: item for checklist in lists for item in checklist.items}


def _page() -> dict[str, Any]:
    district, today = current_actor().scope.district, pages.today()
    wanted = select(Area).where(Area.district == district, Area.level != Level.GRID).order_by(Area.code)
    areas = db.session.scalars(wanted).all()
    held = db.session.scalars(select(NoticeContact).where(NoticeContact.district == district))
    contacts = {row.area_code: row for row in held}
    return {
        "items": _items().values(),
        "terms": terms.terms_of(district),
        "settings": settings,
        "district": district,
        "photo_days": lapsing.photo_days(district),
        "intervals": intervals.frequency_of(district, _zone()),
        "calendar": terms.calendar(district, date(today.year, 1, 1)),
        "areas": areas,
        "contacts": contacts,
        "without": notices.without_contact(areas, contacts),
        "recounted": request.args.get("recounted", type=int),
        "saved": request.args.get("saved", ""),
        "left": request.args.get("left", type=int),
        "words": words(district, spoken()),
    }


def _zone() -> str:
    zone: str = current_app.config["TIMEZONE"]
    return zone
