"""Lists of hazards: by deadline, by whose turn it is; what narrows them, and how many there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, true
from sqlalchemy.orm import contains_eager

from field.accounts.scope import Scope, scope_within
from field.checklists.models import Checklist, ChecklistItem
from field.core import heads
from field.core.db import db
from field.core.errors import Problem
from field.core.narrowing import Narrowing
from field.core.tallies import Tally
from field.hazards.models import DECIDES, LEAD_DECIDES, Finding, FindingStatus
from field.hazards.queries import to_be_seen, visible
from field.places.models import Area, Building, Dwelling, Level
from field.places.queries import few_doors

PAGE = 50
# In place of a department or of somebody: none at all.
NOBODY = "none"
COLUMN = 12
# The day that runs out first lies so many days from today at most; what is overdue is no part of the others.
_UNTIL = {"overdue": -1, "today": 0, "week": 7}
# Whose turn it is, and in which states: the columns of the board.
TURNS: Mapping[str, tuple[FindingStatus, ...]] = {
    "household": (FindingStatus.NOTIFIED,),
    "look": (FindingStatus.RECHECK_DUE, FindingStatus.AWAITING_PHOTO),
    "decide": LEAD_DECIDES,
    "department": (FindingStatus.REFERRED, FindingStatus.RECEIPTED, FindingStatus.IN_PROGRESS),
}


@dataclass(frozen=True)
class Filter(Narrowing):
    """Which hazards the list shows; `state` is open, overdue, today, week or settled, `turn` a key of TURNS.

    `department` is the one that it was last referred to, `assignee` the id of who shall look; both may be NOBODY.
    """

    state: str = "open"
    turn: str = ""
    status: str = ""
    severity: str = ""
    department: str = ""
    assignee: str = ""
    area: str = ""
    search: str = ""

    @property
    def rising(self) -> bool:
        """Whether the day that runs out first comes first."""
        return self.state != "settled"


@dataclass(frozen=True)
class Listing:
    """One page of hazards with their doors loaded; `after` asks for the next."""

    findings: Sequence[Finding]
    after: str | None = None


def listing(
    scope: Scope, chosen: Filter, today: date, after: str | None = None, limit: int = PAGE
) -> Listing:
    """Open ones by the day that runs out first, so overdue ones come first; settled ones latest deadline first."""
    place = _place(after) if after else None

    def page(statement: Select[Any]) -> Select[Any]:
        narrow = _narrowed(statement, chosen, scope, today)
        if place:
            narrow = narrow.where(_beyond(*place, chosen.rising))
        return narrow.order_by(*_order(Finding, chosen.rising)).limit(limit + 1)

    doors, grids = _doors(scope, chosen), _few_grids(scope, chosen)
    if grids:
        place_of: Any = (Finding.id, Finding.runs_out_on)
        head = page(select(*place_of).where(Finding.district == scope.district))
        first = heads.first_of(head, Finding, grids, lambda row: _order(row, chosen.rising), limit + 1)
        return _listed(page(_with_doors().where(Finding.id.in_(first))), limit)
    return _listed(page(_searched(scope, chosen, doors)), limit)


def _order(row: Any, rising: bool) -> Sequence[Any]:
    order = (row.runs_out_on, row.id)
    return order if rising else [column.desc() for column in order]


def _listed(statement: Select[Finding], limit: int) -> Listing:
    # Of the doors no more than rows show.
    address = contains_eager(Finding.dwelling).load_only(Dwelling.unit, Dwelling.door)
    address = address.contains_eager(Dwelling.building).load_only(Building.address)
    rows = db.session.scalars(statement.options(address)).all()
    found = rows[:limit]
    return Listing(found, f"{found[-1].runs_out_on}_{found[-1].id}" if len(rows) > limit else None)


def _have_an_order(scope: Scope, chosen: Filter) -> bool:
    """Whether an index holds just those of one person, or of one department, in the order of the list."""
    named = {chosen.assignee, chosen.department, scope.department or ""}
    return bool(named - {"", NOBODY})


def _few_grids(scope: Scope, chosen: Filter) -> Sequence[str]:
    """The grids that are listed, when they are few: then the beginning of each makes the page. None when words are
    searched for, which are soon met, or only at few doors; none for what has an order of its own."""
    if chosen.search.split() or (scope.whole and not chosen.area) or _have_an_order(scope, chosen):
        return []
    grids = select(Area.code).where(
        Area.district == scope.district, Area.level == Level.GRID, scope.within(Area.code)
    )
    if chosen.area:
        grids = grids.where(scope_within(scope.district, [chosen.area]).within(Area.code))
    found = db.session.scalars(grids.limit(heads.FEW + 1)).all()
    return found if len(found) <= heads.FEW else []


def _doors(scope: Scope, chosen: Filter) -> Sequence[UUID] | None:
    """The doors that the words of a search name, apart from those words that name a kind of hazard; None for many.

    Hazards at many doors, or of a kind, are soon met in the order of the list. At few, or none, that would read all.
    """
    kinds = _kinds(scope.district)
    of_doors = [word for word in chosen.search.split() if not any(word.lower() in kind for kind in kinds)]
    return few_doors(scope, of_doors) if of_doors else None


def _kinds(district: int) -> set[str]:
    """Every name that a hazard can have, in small letters."""
    named = select(ChecklistItem.name_zh, ChecklistItem.name_en).join(
        Checklist, Checklist.id == ChecklistItem.checklist_id
    )
    rows = db.session.execute(named.where(Checklist.district == district)).all()
    return {text.lower() for row in rows for text in row}


def _with_doors() -> Select[Finding]:
    return select(Finding).join(Finding.dwelling).join(Dwelling.building)


def _narrowed(statement: Select[Any], chosen: Filter, scope: Scope, today: date) -> Select[Any]:
    """What was chosen, apart from where and from the words of a search."""
    statement = statement.where(to_be_seen(scope), Finding.settled.is_(not chosen.rising))
    if chosen.state in _UNTIL:
        statement = statement.where(Finding.runs_out_on <= today + timedelta(days=_UNTIL[chosen.state]))
        statement = statement.where(_is_theirs(scope))
        if chosen.state != "overdue":
            statement = statement.where(Finding.runs_out_on >= today)
    if chosen.turn:
        statement = statement.where(Finding.status.in_(TURNS[chosen.turn]))
    for name in ("status", "severity"):
        if getattr(chosen, name):
            statement = statement.where(getattr(Finding, name) == getattr(chosen, name))
    if chosen.department:
        statement = statement.where(Finding.department == _unless_nobody(chosen.department))
    if chosen.assignee and scope.department is None:  # nobody of the grid is told apart to a department
        person = _unless_nobody(chosen.assignee)
        statement = statement.where(Finding.assignee_id == (person and UUID(person)))
    return statement


def _is_theirs(scope: Scope) -> ColumnElement[bool]:
    """A deadline runs for a department while it has the hazard, not once that is answered or returned."""
    return true() if scope.department is None else Finding.status.in_(TURNS["department"])


def _unless_nobody(chosen: str) -> str | None:
    return None if chosen == NOBODY else chosen


def _searched(scope: Scope, chosen: Filter, doors: Sequence[UUID] | None) -> Select[Finding]:
    """Where they lie, and the words that are searched for."""
    where = scope.where_unserved if _have_an_order(scope, chosen) else scope.where_in_order
    statement = _with_doors().where(where(Finding))
    if chosen.area:
        statement = statement.where(scope_within(scope.district, [chosen.area]).within(Finding.grid_code))
    if doors is not None:
        statement = statement.where(Finding.dwelling_id.in_(doors))
    for word in chosen.search.split():
        fields = (Building.address, Dwelling.door, Finding.name_zh, Finding.name_en)
        statement = statement.where(or_(*(column.contains(word, autoescape=True) for column in fields)))
    return statement


def _beyond(day: date, finding_id: UUID, rising: bool) -> ColumnElement[bool]:
    # The plain bound beside the alternatives is what an index can start from.
    same = Finding.runs_out_on == day
    if rising:
        after = or_(Finding.runs_out_on > day, and_(same, Finding.id > finding_id))
        return and_(Finding.runs_out_on >= day, after)
    before = or_(Finding.runs_out_on < day, and_(same, Finding.id < finding_id))
    return and_(Finding.runs_out_on <= day, before)


def _place(after: str) -> tuple[date, UUID]:
    try:
        day, finding_id = after.split("_")
        return date.fromisoformat(day), UUID(finding_id)
    except ValueError as error:
        raise Problem("bad-request") from error


def counts(scope: Scope, today: date) -> dict[str, int]:
    """How many are open, how many of them run out when and how many a lead decides; kept by area for areas."""
    days = {state: today + timedelta(days=days) for state, days in _UNTIL.items()}
    if scope.department is None:
        before = [Tally.value < str(day + timedelta(days=1)) for day in days.values()]
        parts = [*before, Tally.value.endswith(DECIDES)]
        sums = [func.sum(case((part, Tally.number), else_=0)) for part in parts]
        here = scope.where_summed(Tally), Tally.kind == Finding.__tablename__
        row = db.session.execute(select(func.sum(Tally.number), *sums).where(*here)).one()
    else:
        past = [func.count().filter(Finding.runs_out_on <= day, _is_theirs(scope)) for day in days.values()]
        open_ones = visible(scope), Finding.settled.is_(False)
        row = db.session.execute(select(func.count(), *past).where(*open_ones)).one()
    named = ("open", *days, "decide")[: len(row)]
    found = {state: int(number or 0) for state, number in zip(named, row, strict=True)}
    late = found["overdue"]
    return found | {"today": found["today"] - late, "week": found["week"] - late}


def void_rechecks(scope: Scope) -> int:
    """How many have to be looked at again because the photo of the last recheck did not come or cannot be used."""
    void = Finding.status == FindingStatus.RECHECK_DUE, Finding.voided_at.is_not(None)
    return db.session.scalar(select(func.count()).where(visible(scope), *void)) or 0


@dataclass(frozen=True)
class Column:
    """A column of the board: the first hazards by deadline, and how many there are."""

    turn: str
    findings: Sequence[Finding]
    total: int


def board(scope: Scope, chosen: Filter, today: date) -> list[Column]:
    """Open hazards by whose turn it is, overdue ones first."""
    columns, searched = [], _searched(scope, chosen, _doors(scope, chosen))
    for turn in TURNS:
        statement = _narrowed(searched, replace(chosen, turn=turn), scope, today)
        page = _listed(statement.order_by(*_order(Finding, chosen.rising)).limit(COLUMN + 1), COLUMN)
        total = len(page.findings)
        if page.after:
            total = db.session.scalar(statement.with_only_columns(func.count())) or 0
        columns.append(Column(turn, page.findings, total))
    return columns
