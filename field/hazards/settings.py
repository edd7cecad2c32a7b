"""What stands of each setting for hazards, as the forms show it: told to whoever sends one that was overtaken."""

from flask_babel import gettext as _
from sqlalchemy import select

from field.accounts.shown import Setting
from field.core.db import db
from field.hazards.intervals import VisitInterval, frequency_of
from field.hazards.lapsing import photo_days
from field.hazards.models import ItemRule, RecheckTerm, ReferralRoute
from field.hazards.routing import NOBODY, Routing


def of_item(rule: ItemRule | None) -> Setting:
    """How an item is ruled on."""
    if rule is None:
        return Setting((None, False, False), words=_("as in the checklist"))
    days = _("as in the checklist") if rule.due_days is None else str(rule.due_days)
    said = [
        days,
        rule.working_days and _("working days"),
        rule.same_person and _("the same person may close it"),
    ]
    facts = (rule.due_days, rule.working_days, rule.same_person)
    return Setting.of(rule, facts, " · ".join(text for text in said if text))


def of_rechecks(district: int) -> Setting:
    """For how many days a recheck waits for its photo."""
    row, days = db.session.get(RecheckTerm, district), photo_days(district)
    return Setting.of(row, (days,), str(days))


def of_intervals(district: int) -> Setting:
    """How often let dwellings are visited."""
    row, often = db.session.get(VisitInterval, district), frequency_of(district, "UTC")
    facts = (often.clean_days, often.minor_days, often.major_days, often.crowded_from)
    words = " · ".join("—" if days is None else str(days) for days in facts)
    return Setting.of(row, facts, words)


def of_term(routing: Routing, department: str) -> Setting:
    """How long a department has."""
    row, (days, working) = routing.terms.get(department or NOBODY), routing.accept_within(department)
    late = routing.escalate_days(department)
    words = f"{days} · {late}" if department else str(late)
    facts = (days if department else 0, working, late)
    return Setting.of(row, facts, words)


def of_routes(district: int, subject: str, land_tenure: str) -> Setting:
    """The whole table, as whoever adds a line to it sees it; told is the line for the same hazards and land."""
    statement = select(ReferralRoute).where(ReferralRoute.district == district)
    rows = {(row.subject, row.land_tenure): row for row in db.session.scalars(statement)}
    facts = tuple(sorted((*key, row.department) for key, row in rows.items()))
    line = rows.get((subject, land_tenure))
    return Setting.of(line, facts)
