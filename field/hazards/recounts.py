"""Deadlines of open hazards counted anew after a rule or the calendar has changed, each told in a step of its life.

A district may have very many of them, and visits that arrive wait for whoever holds its number. So what would move is
found without holding anything, and moved a few at a time: a route gives each few a transaction. The terms are read
anew for each, and what was broken off is finished by saving the same again.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import selectinload

from field.accounts.scope import Actor
from field.checklists.models import Checklist, ChecklistItem
from field.core.changes import next_change
from field.core.clock import local_day
from field.core.db import db
from field.hazards import life
from field.hazards.causes import Cause
from field.hazards.models import Action, Finding, FindingStatus, FindingStep, ItemRule
from field.hazards.terms import Terms, terms_of

# So many are moved while others wait, and asked about at once.
FEW = 200
# From its last notice a deadline counts, unless somebody has set it by hand since.
_COUNTS_FROM = (Action.FOUND, Action.NOTIFY, Action.RESCHEDULE)
_DECIDING = (
    *(Finding.id, Finding.checklist_code, Finding.checklist_version, Finding.item_code, Finding.found_at),
    *(Finding.status, Finding.department, Finding.due_on, Finding.accept_by),
)


class Days(NamedTuple):
    """Until when a hazard is to be put right, and accepted."""

    due_on: date
    accept_by: date | None


@dataclass(frozen=True)
class Change:
    """What was changed, in a district: the rule for an item (its code), or the calendar (None)."""

    district: int
    zone: str
    item: str | None = None

    @property
    def cause(self) -> Cause:
        """As steps tell it."""
        return Cause.CALENDAR if self.item is None else Cause.RULE


def would_move(change: Change, rule: ItemRule) -> int:
    """How many hazards would get other days by such a rule; nothing is written."""
    terms = terms_of(change.district)
    ruled = replace(terms, rules={**terms.rules, str(change.item): rule})
    return len(_moving(_Count.by(change, ruled)))


def portions(change: Change) -> Iterator[Sequence[UUID]]:
    """The hazards that get other days by what the district has set by now, a few at a time; nothing is written."""
    return _few(_moving(_Count.by(change, terms_of(change.district))))


def move(some: Sequence[UUID], change: Change, actor: Actor, now: datetime) -> int:
    """Give a few hazards the days that the district's terms give them by now; says how many got others."""
    next_change(db.session(), change.district)  # before the hazards, as visits that arrive lock them
    statement = (
        select(Finding)
        .where(Finding.district == change.district, Finding.id.in_(some), Finding.settled.is_(False))
        .options(selectinload(Finding.steps))
        .order_by(Finding.id)
        .with_for_update(of=Finding)
    )
    rows = db.session.scalars(statement.execution_options(populate_existing=True)).all()
    days = _Count.by(change, terms_of(change.district)).days_of(some)
    moved = [row for row in rows if days[row.id] != (row.due_on, row.accept_by)]
    for finding in moved:
        _give(finding, days[finding.id], change.cause, actor, now)
    return len(moved)


def _give(finding: Finding, days: Days, cause: Cause, actor: Actor, now: datetime) -> None:
    """Both of its days, told in one step of its life."""
    anew = days.accept_by if days.accept_by != finding.accept_by else None
    if anew is not None:
        finding.escalated_at = None
    moved = days.due_on if days.due_on != finding.due_on else None
    life.step(finding, Action.RECOUNT, actor, now, cause=cause, due_on=moved, accept_by=anew)
    finding.accept_by = days.accept_by


def _few(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    return (ids[start : start + FEW] for start in range(0, len(ids), FEW))


def _moving(count: "_Count") -> list[UUID]:
    columns = (Finding.id, Finding.due_on, Finding.accept_by)
    held = {row.id: (row.due_on, row.accept_by) for row in db.session.execute(count.touched(*columns))}
    return [
        key for some in _few(sorted(held)) for key, days in count.days_of(some).items() if days != held[key]
    ]


@dataclass(frozen=True)
class _Count:
    """How days are counted after a change: the items whose deadlines it touches, the terms, the checklists' days."""

    change: Change
    codes: Collection[str]
    terms: Terms
    usual: Mapping[tuple[str, int, str], int]

    @classmethod
    def by(cls, change: Change, terms: Terms) -> "_Count":
        of_calendar = [code for code, rule in terms.rules.items() if rule.working_days]
        codes = of_calendar if change.item is None else [change.item]
        return cls(change, codes, terms, _usual_days(change.district, codes))

    def touched(self, *columns: Any) -> Select[Any]:
        """The hazards that it may move; of the calendar depend the days to accept too."""
        where: ColumnElement[bool] = Finding.item_code.in_(self.codes)
        if self.change.item is None:
            where = or_(where, Finding.status == FindingStatus.REFERRED)
        return select(*columns).where(
            Finding.district == self.change.district, Finding.settled.is_(False), where
        )

    def days_of(self, some: Sequence[UUID]) -> dict[UUID, Days]:
        """The days of a few hazards, in as many queries as those of one."""
        steps = _deciding_steps(self.change.district, some)
        counted = {row.finding_id: row for row in steps if row.action in _COUNTS_FROM}
        referred = {row.finding_id: row for row in steps if row.action == Action.REFER}
        days = {}
        for row in db.session.execute(select(*_DECIDING).where(Finding.id.in_(some))):
            due_on = self._due_on(row, counted.get(row.id))
            days[row.id] = Days(due_on, self._accept_by(row, referred.get(row.id), due_on))
        return days

    def _due_on(self, row: Any, since: Any) -> date:
        """Counted from its last notice; one that somebody set by hand since stays."""
        usual = self.usual.get((row.checklist_code, row.checklist_version, row.item_code))
        by_hand = since is not None and since.action == Action.RESCHEDULE
        if row.item_code not in self.codes or usual is None or by_hand:
            return row.due_on  # type: ignore[no-any-return]
        start = since.at if since is not None else row.found_at
        return self.terms.due_on(row.item_code, usual, local_day(start, self.change.zone))

    def _accept_by(self, row: Any, referred: Any, due_on: date) -> date | None:
        """Its day to accept, while a department still has to, by the terms with which it was referred.

        Where those have changed since, it keeps its day, as long as that is not later than the deadline.
        """
        held: date | None = row.accept_by
        if row.status != FindingStatus.REFERRED or held is None or referred is None:
            return held
        since = self.terms.routing.terms.get(row.department or "")
        if since is not None and since.changed_at > referred.at:
            return min(held, due_on) if due_on < row.due_on else held
        return self.terms.accept_by(row.department, local_day(referred.at, self.change.zone), due_on)


def _deciding_steps(district: int, some: Sequence[UUID]) -> Sequence[Any]:
    """The steps that days are counted from, the oldest first."""
    statement = select(FindingStep.finding_id, FindingStep.action, FindingStep.at).where(
        FindingStep.district == district,
        FindingStep.finding_id.in_(some),
        FindingStep.action.in_([*_COUNTS_FROM, Action.REFER]),
    )
    return db.session.execute(statement.order_by(FindingStep.number)).all()


def _usual_days(district: int, items: Collection[str]) -> dict[tuple[str, int, str], int]:
    """What checklists give for items, by the checklist's code and version."""
    columns = (Checklist.code, Checklist.version, ChecklistItem.code, ChecklistItem.due_days)
    statement = select(*columns).join(Checklist, Checklist.id == ChecklistItem.checklist_id)
    rows = db.session.execute(statement.where(Checklist.district == district, ChecklistItem.code.in_(items)))
    return {(code, version, item): days for code, version, item, days in rows}
