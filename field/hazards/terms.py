"""Deadlines: how many days an item gives, calendar days or working days, by the district's rules and calendar."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, delete, or_, select

from field.accounts.scope import Actor
from field.audit import service as audit
from field.checklists.models import Checklist, ChecklistItem
from field.core.changes import next_change
from field.core.clock import local_day
from field.core.db import db
from field.core.twice import in_turn
from field.hazards import life
from field.hazards.causes import Cause
from field.hazards.models import Action, CalendarDay, Finding, FindingStatus, ItemRule
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
    zone: str,
) -> int:
    """Rule on an item; open hazards of it get their new deadline, each with a step. Says how many those are."""
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
    db.session.flush()
    return recount(district, Cause.RULE, actor, now, zone, [item.code])


def would_move(item: ChecklistItem, due_days: int | None, working_days: bool, actor: Actor, zone: str) -> int:
    """How many hazards would get other days by such a rule; nothing is written."""
    district = actor.scope.district
    terms, rule = terms_of(district), ItemRule(due_days=due_days, working_days=working_days)
    ruled = replace(terms, rules={**terms.rules, item.code: rule})
    rows = db.session.scalars(_open_of(district).where(Finding.item_code == item.code)).all()
    return sum(_days(row, ruled, [item.code], zone) != (row.due_on, row.accept_by) for row in rows)


@dataclass(frozen=True)
class Day:
    """A line of the calendar; `working` None lets the weekday say it again."""

    day: date
    working: bool | None
    name: str


def set_days(days: Sequence[Day], actor: Actor, now: datetime, zone: str) -> int:
    """Enter days into the calendar and count open hazards anew; says how many deadlines that changed."""
    district = actor.scope.district
    in_turn(district)
    for one in days:
        if one.working is None:
            db.session.execute(delete(CalendarDay).filter_by(district=district, day=one.day))
        else:
            values = {"district": district, "day": one.day, "working": one.working, "name": one.name}
            db.session.merge(CalendarDay(**values))
    audit.record("calendar.changed", district, ("calendar", None), actor.id, days=len(days))
    db.session.flush()
    return recount(district, Cause.CALENDAR, actor, now, zone)


def calendar(district: int, since: date) -> Sequence[CalendarDay]:
    """The days of the calendar from one on, in order."""
    statement = select(CalendarDay).where(CalendarDay.district == district, CalendarDay.day >= since)
    return db.session.scalars(statement.order_by(CalendarDay.day).limit(400)).all()


def recount(
    district: int,
    cause: Cause,
    actor: Actor,
    now: datetime,
    zone: str,
    items: Sequence[str] | None = None,
) -> int:
    """Count deadlines of open hazards anew from their last notice; one that somebody set by hand stays.

    The days to accept of what waits at a department follow. Says how many hazards that changed.
    """
    next_change(db.session(), district)  # before the hazards, as visits that arrive lock them
    terms = terms_of(district)
    codes = list(items) if items is not None else [c for c, r in terms.rules.items() if r.working_days]
    touched: ColumnElement[bool] = Finding.item_code.in_(codes)
    if items is None:
        touched = or_(touched, Finding.status == FindingStatus.REFERRED)
    statement = _open_of(district).where(touched).order_by(Finding.id).with_for_update()
    rows = db.session.scalars(statement.execution_options(populate_existing=True)).all()
    changed = 0
    for finding in rows:
        due_on, accept_by = _days(finding, terms, codes, zone)
        if (due_on, accept_by) != (finding.due_on, finding.accept_by):
            _move(finding, due_on, accept_by, cause, actor, now)
            changed += 1
    return changed


def _open_of(district: int) -> Select[Finding]:
    return select(Finding).where(Finding.district == district, Finding.settled.is_(False))


def _days(finding: Finding, terms: Terms, codes: Sequence[str], zone: str) -> tuple[date, date | None]:
    """Its deadline, when its item is one of `codes`, and its day to accept, as the terms have them."""
    due_on = _due_on(finding, terms, zone) if finding.item_code in codes else finding.due_on
    return due_on, _accept_by(finding, terms, due_on, zone)


def _due_on(finding: Finding, terms: Terms, zone: str) -> date:
    start, usual = counted_from(finding, zone), usual_days(finding)
    if start is None or usual is None:
        return finding.due_on
    return terms.due_on(finding.item_code, usual, start)


def _move(
    finding: Finding, due_on: date, accept_by: date | None, cause: Cause, actor: Actor, now: datetime
) -> None:
    """Both of its days, told in one step of its life."""
    anew = accept_by if accept_by != finding.accept_by else None
    if anew is not None:
        finding.escalated_at = None
    moved = due_on if due_on != finding.due_on else None
    life.step(finding, Action.RECOUNT, actor, now, cause=cause, due_on=moved, accept_by=anew)
    finding.accept_by = accept_by


def _accept_by(finding: Finding, terms: Terms, due_on: date, zone: str) -> date | None:
    """Its day to accept, while a department still has to, by the terms with which it was referred.

    Where those have changed since, it keeps its day, as long as that is not later than the deadline.
    """
    if finding.status != FindingStatus.REFERRED or finding.accept_by is None:
        return finding.accept_by
    referred = next((row for row in reversed(finding.steps) if row.action == Action.REFER), None)
    if referred is None:
        return finding.accept_by
    since = terms.routing.terms.get(finding.department or "")
    if since is not None and since.changed_at > referred.at:
        return min(finding.accept_by, due_on) if due_on < finding.due_on else finding.accept_by
    return terms.accept_by(finding.department, local_day(referred.at, zone), due_on)


def counted_from(finding: Finding, zone: str) -> date | None:
    """The day from which its deadline counts; None when somebody set the deadline by hand since."""
    for row in reversed(finding.steps):
        if row.action == Action.RESCHEDULE:
            return None
        if row.action in {Action.NOTIFY, Action.FOUND}:
            return local_day(row.at, zone)
    return local_day(finding.found_at, zone)


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
