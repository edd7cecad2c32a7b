"""/hazards/rules: what the district sets for kinds of hazards, its calendar, and whom households call."""

from datetime import date
from typing import Any

from flask import Blueprint, current_app, make_response, redirect, render_template, request
from flask_babel import gettext as _
from marshmallow import ValidationError
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from field.accounts.actors import current_actor
from field.accounts.permissions import permit
from field.checklists.models import ChecklistItem
from field.checklists.queries import current_checklists, words
from field.core.clock import utcnow
from field.core.db import db, transaction
from field.core.errors import Problem
from field.core.forms import complaints_of
from field.core.i18n import spoken
from field.hazards import lapsing, notices, pages, terms
from field.hazards.models import NoticeContact
from field.hazards.schemas import ContactSchema, RecheckSchema, RuleSchema, days_of
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
    """Set the rule for an item; open hazards get their new deadline."""
    item = _items().get(code)
    if item is None:
        raise Problem("not-found")
    try:
        values = RuleSchema().load(request.form.to_dict())
    except ValidationError as error:
        return _refused(code, error)
    assert isinstance(values, dict)
    with transaction():
        changed = terms.set_rule(item, **values, actor=current_actor(), now=utcnow(), zone=_zone())
    return redirect(f"/hazards/rules?recounted={changed}#{code}", 303)


@bp.post("/hazards/rules/calendar")
@permit("hazard.rule")
def calendar() -> BaseResponse:
    """Enter holidays and working days, a line each."""
    text = request.form.get("days", "")
    days, wrong = days_of(text)
    if wrong or not days:
        said = _("Line %(n)s cannot be read: %(line)s", n=wrong[0][0], line=wrong[0][1]) if wrong else None
        complaint = said or _("Please enter a line for each day.")
        page = render_template("hazards/rules.html", **_page(), complaints={"days": complaint}, typed=text)
        return make_response(page, 422)
    with transaction():
        changed = terms.set_days(days, current_actor(), utcnow(), _zone())
    return redirect(f"/hazards/rules?recounted={changed}#calendar", 303)


@bp.post("/hazards/rules/rechecks")
@permit("hazard.rule")
def rechecks() -> BaseResponse:
    """Say for how many days a recheck waits for its photo."""
    try:
        values = RecheckSchema().load(request.form.to_dict())
    except ValidationError as error:
        return _refused("rechecks", error)
    assert isinstance(values, dict)
    with transaction():
        lapsing.set_photo_days(values["photo_days"], current_actor(), utcnow())
    return redirect("/hazards/rules#rechecks", 303)


@bp.post("/hazards/rules/contacts")
@permit("hazard.rule")
def contact() -> BaseResponse:
    """Say whom households of an area call."""
    try:
        values = ContactSchema().load(request.form.to_dict())
    except ValidationError as error:
        return _refused("contact", error)
    assert isinstance(values, dict)
    with transaction():
        notices.set_contact(**values, actor=current_actor())
    return redirect("/hazards/rules#contacts", 303)


def _refused(name: str, error: ValidationError) -> BaseResponse:
    complaints = {f"{name}-{field}": said for field, said in complaints_of(error).items()}
    return make_response(render_template("hazards/rules.html", **_page(), complaints=complaints), 422)


def _items() -> dict[str, ChecklistItem]:
    lists = current_checklists(current_actor().scope.district)
    return {item.code: item for checklist in lists for item in checklist.items}


def _page() -> dict[str, Any]:
    district, today = current_actor().scope.district, pages.today()
    areas = select(Area).where(Area.district == district, Area.level != Level.GRID).order_by(Area.code)
    contacts = select(NoticeContact).where(NoticeContact.district == district)
    return {
        "items": _items().values(),
        "terms": terms.terms_of(district),
        "photo_days": lapsing.photo_days(district),
        "calendar": terms.calendar(district, date(today.year, 1, 1)),
        "areas": db.session.scalars(areas).all(),
        "contacts": {row.area_code: row for row in db.session.scalars(contacts)},
        "recounted": request.args.get("recounted", type=int),
        "words": words(district, spoken()),
    }


def _zone() -> str:
    zone: str = current_app.config["TIMEZONE"]
    return zone
