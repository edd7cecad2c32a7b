"""Deadlines: how many days an item gives, calendar days or working days, by the district's rules and calendar."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select

from field.accounts.scope import Actor
from field.audit import service as audit
from field.checklists.models import Checklist, ChecklistItem
from field.core.db import db
from field.core.twice import in_turn
from field.hazards.models import CalendarDay, Finding, ItemRule
from field.hazards.routing import Routing, routing_of

_SATURDAY = 5
# A calendar that names no working day for so long is wrong; nobody waits for it.
_LONGEST = 400


@dataclass(frozen=True)
class Terms:
    """What a district set: rules by item code, days that differ from Monday to Friday, where hazards are referred."""

    rules: Mapping[str, ItemRule] = field(default_factory=dict)
    working: Mapping[date, bool] = field(default_factory=dict)
    routing: Routing = field(default_factory=Routing)

    def due_on(self, item_code: str, usual_days: int, start: date) -> date:
        """The last day to put something right; day 0 is the day of the notice itself."""
        rule = self.rules.get(item_code)
        days = usual_days if rule is None or rule.due_days is None else rule.due_days
        if rule is None or not rule.working_days:
            return start + timedelta(days=days)
        return self._after_working_days(start, days)

    def accept_by(self, department: str | None, start: date, due_on: date) -> date:
        """The last day to accept what was referred; day 0 is the day of the referral.

        Never later than the day on which it has to be put right, unless that has passed: then the same day.
        """
        days, working = self.routing.accept_within(department)
        usual = self._after_working_days(start, days) if working else start + timedelta(days=days)
        return min(usual, max(due_on, start))

    def is_working(self, day: date) -> bool:
        """Whether offices work that day."""
        return self.working.get(day, day.weekday() < _SATURDAY)

    def _after_working_days(self, start: date, days: int) -> date:
        day, left = start, days
        for _unused in range(_LONGEST):
            if left <= 0:
                break
            day += timedelta(days=1)
            left -= self.is_working(day)
        return day


def terms_of(district: int) -> Terms:
    """The rules and the calendar of a district."""
    rules = db.session.scalars(select(ItemRule).where(ItemRule.district == district))
    days = db.session.scalars(select(CalendarDay).where(CalendarDay.district == district))
    return Terms(
        {row.item_code: row for row in rules}, {row.day: row.working for row in days}, routing_of(district)
    )


def told_to_phones(district: int) -> tuple[dict[str, dict[str, object]], dict[str, bool]]:
    """What phones need to propose the same deadlines: days by item code, and the calendar where working days count."""
    rules = db.session.scalars(select(ItemRule).where(ItemRule.district == district)).all()
    days: dict[str, dict[str, object]] = {}
    for rule in rules:
        said = {"due_days": rule.due_days, "working_days": rule.working_days or None}
        days[rule.item_code] = {key: value for key, value in said.items() if value is not None}
    if not any(rule.working_days for rule in rules):
        return days, {}
    statement = select(CalendarDay).where(CalendarDay.district == district).order_by(CalendarDay.day)
    return days, {row.day.isoformat(): row.working for row in db.session.scalars(statement)}


def set_rule(
    item: ChecklistItem,
    due_days: int | None,
    working_days: bool,
    same_person: bool,
    actor: Actor,
    now: datetime,
) -> None:
    """Rule on an item; its open hazards are counted anew in recounts.py."""
    district = actor.scope.district
    in_turn(district)
    rule = db.session.get(ItemRule, (district, item.code), with_for_update=True)
    if rule is None:
        rule = ItemRule(district=district, item_code=item.code)
        db.session.add(rule)
    rule.due_days, rule.working_days, rule.same_person = due_days, working_days, same_person
    rule.changed_at, rule.changed_by = now, actor.id
    audit.record(
        *("hazard_rule.changed", district, ("hazard_rule", None), actor.id),
        item=item.code,
        due_days=due_days,
        working_days=working_days,
        same_person=same_person,
    )


@dataclass(frozen=True)
class Day:
    """A line of the calendar; `working` None lets the weekday say it again."""

    day: date
    working: bool | None
    name: str


def set_days(days: Sequence[Day], actor: Actor) -> None:
    """Enter days into the calendar; open hazards are counted anew in recounts.py."""
    district = actor.scope.district
    in_turn(district)
    for one in days:
        if one.working is None:
            db.session.execute(delete(CalendarDay).filter_by(district=district, day=one.day))
        else:
            values = {"district": district, "day": one.day, "working": one.working, "name": one.name}
            db.session.merge(CalendarDay(**values))
    audit.record("calendar.changed", district, ("calendar", None), actor.id, days=len(days))


def calendar(district: int, since: date) -> Sequence[CalendarDay]:
    """The days of the calendar from one on, in order."""
    statement = select(CalendarDay).where(CalendarDay.district == district, CalendarDay.day >= since)
    return db.session.scalars(statement.order_by(CalendarDay.day).limit(400)).all()


def usual_days(finding: Finding) -> int | None:
    """What the checklist that found it gives for its item."""
    statement = (
        select(ChecklistItem.due_days)
        .join(Checklist, Checklist.id == ChecklistItem.checklist_id)
        .where(
            Checklist.district == finding.district,
            Checklist.code == finding.checklist_code,
            Checklist.version == finding.checklist_version,
            ChecklistItem.code == finding.item_code,
        )
    )
    return db.session.scalar(statement)


def due_after_notice(finding: Finding, day: date) -> date:
    """The deadline when a notice is left again on a day."""
    return terms_of(finding.district).due_on(finding.item_code, usual_days(finding) or 0, day)
