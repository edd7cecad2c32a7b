"""Reading referrals: what a department has, what is late, one hazard as its department needs to know it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Select, Uuid, and_, func, literal, or_, select, tuple_
from sqlalchemy.orm import aliased, contains_eager

from field.accounts.scope import Scope
from field.core.db import db, only
from field.core.errors import Problem
from field.core.narrowing import Narrowing
from field.hazards.models import Action, Finding, FindingStatus, FindingStep
from field.places.models import Building, Dwelling

PAGE = 50
S = FindingStatus
STATES = ("waiting", "working", "overdue", "escalated", "returned", "answered")
# A department has these.
HELD = (S.REFERRED, S.RECEIPTED, S.IN_PROGRESS)
_BY_STATE: Mapping[str, tuple[FindingStatus, ...]] = {
    "waiting": (S.REFERRED,),
    "working": (S.RECEIPTED, S.IN_PROGRESS),
    "overdue": HELD,
    "escalated": HELD,
    "returned": (S.RETURNED,),
    "answered": (S.FED_BACK, S.RECHECK_DUE, S.AWAITING_PHOTO, S.RECHECK_FAILED, S.CLOSED),
}


@dataclass(frozen=True)
class Filter(Narrowing):
    """Which referrals the inbox shows; `state` is one of STATES, `department` for those who see several."""

    state: str = STATES[0]
    department: str = ""
    search: str = ""


@dataclass(frozen=True)
class Inbox:
    """One page of referrals with their doors loaded; `after` asks for the next."""

    findings: Sequence[Finding]
    after: str | None = None


@dataclass(frozen=True)
class Tally:
    """How many hazards a department has in each state of the inbox."""

    department: str
    waiting: int
    working: int
    overdue: int
    returned: int
    escalated: int


def of_department(scope: Scope) -> ColumnElement[bool]:
    """What departments have or had last, within the areas; handlers see what is their own department's now."""
    where = and_(scope.where(Finding), Finding.withdrawn.is_(False))
    if scope.department is not None:
        return and_(where, Finding.department == scope.department)
    return and_(where, Finding.department.is_not(None))


def is_late(today: date) -> ColumnElement[bool]:
    """With a department, and past the deadline or the day to accept."""
    return and_(Finding.status.in_(HELD), Finding.runs_out_on < today)


def inbox(scope: Scope, chosen: Filter, today: date, after: str | None = None, limit: int = PAGE) -> Inbox:
    """By the deadline that runs out first, the day to accept among them, so what is late comes first; what was
    answered latest deadline first."""
    rising = chosen.state != "answered"
    place = tuple_(Finding.runs_out_on, Finding.id)
    statement = _matching(scope, chosen, today)
    if after:
        mark = tuple_(*_mark(after))
        statement = statement.where(place > mark if rising else place < mark)
    order = (Finding.runs_out_on, Finding.id) if rising else (Finding.runs_out_on.desc(), Finding.id.desc())
    rows = db.session.scalars(statement.order_by(*order).limit(limit + 1)).all()
    found = rows[:limit]
    return Inbox(found, f"{found[-1].runs_out_on}_{found[-1].id}" if len(rows) > limit else None)


def _matching(scope: Scope, chosen: Filter, today: date) -> Select[Finding]:
    statement = (
        select(Finding)
        .join(Finding.dwelling)
        .join(Dwelling.building)
        .options(contains_eager(Finding.dwelling).contains_eager(Dwelling.building))
        .where(of_department(scope), Finding.status.in_(_BY_STATE[chosen.state]))
    )
    if chosen.state == "overdue":
        statement = statement.where(is_late(today))
    if chosen.state == "escalated":
        statement = statement.where(Finding.escalated_at.is_not(None))
    if chosen.state == "answered":
        statement = statement.where(_answered())
    if chosen.state in {"answered", "returned"}:
        statement = statement.where(~_called_back())
    if chosen.department:
        statement = statement.where(Finding.department == chosen.department)
    for word in chosen.search.split():
        fields = (Building.address, Dwelling.door, Finding.name_zh, Finding.name_en)
        statement = statement.where(or_(*(column.contains(word, autoescape=True) for column in fields)))
    return statement


def _answered() -> ColumnElement[bool]:
    """The department that had it last reported back, rather than returned it."""
    return _since_referred(Action.FEED_BACK)


def _called_back() -> ColumnElement[bool]:
    """It was taken from the department that had it last (life.called_back)."""
    return _since_referred(Action.RECALL)


def _since_referred(action: Action) -> ColumnElement[bool]:
    """It happened, and the hazard was referred to nobody afterwards."""
    row, later = aliased(FindingStep), aliased(FindingStep)
    anew = select(later.id).where(
        later.district == row.district,
        later.finding_id == row.finding_id,
        later.action == Action.REFER,
        later.number > row.number,
    )
    happened = select(row.id).where(
        row.district == Finding.district,
        row.finding_id == Finding.id,
        row.action == action,
        ~anew.exists(),
    )
    return happened.exists()


def _mark(after: str) -> tuple[ColumnElement[date], ColumnElement[UUID]]:
    try:
        day, finding_id = after.split("_")
        return literal(date.fromisoformat(day), Date), literal(UUID(finding_id), Uuid)
    except ValueError as error:
        raise Problem("bad-request") from error


def tallies(scope: Scope, today: date) -> list[Tally]:
    """Numbers by department, for those who press and for the tabs of the inbox."""

    def among(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
        return func.count().filter(*conditions)

    statement = (
        select(
            Finding.department,
            among(Finding.status == S.REFERRED),
            among(Finding.status.in_(_BY_STATE["working"])),
            among(is_late(today)),
            among(Finding.status == S.RETURNED, ~_called_back()),
            among(Finding.status.in_(HELD), Finding.escalated_at.is_not(None)),
        )
        .where(of_department(scope), Finding.status.in_((*HELD, S.RETURNED)))
        .group_by(Finding.department)
        .order_by(Finding.department)
    )
    return [Tally(row[0] or "", *row[1:]) for row in db.session.execute(statement)]


def totals(rows: Sequence[Tally], department: str = "") -> dict[str, int]:
    """The numbers on the tabs: of one department or of all."""
    chosen = [row for row in rows if department in {"", row.department}]
    return {
        name: sum(getattr(row, name) for row in chosen)
        for name in ("waiting", "working", "overdue", "returned", "escalated")
    }


def finding(finding_id: UUID, scope: Scope) -> Finding:
    """A hazard that a department has or had last; raises Problem `not-found`."""
    statement = (
        select(Finding)
        .join(Finding.dwelling)
        .join(Dwelling.building)
        .options(contains_eager(Finding.dwelling).contains_eager(Dwelling.building))
        .where(Finding.id == finding_id, of_department(scope))
    )
    return only(statement)
