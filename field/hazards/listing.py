"""Lists of hazards: by deadline, by whose turn it is; what narrows them, and how many there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import contains_eager

from field.accounts.scope import Scope, scope_within
from field.checklists.models import Checklist, ChecklistItem
from field.core.db import db
from field.core.errors import Problem
from field.core.tallies import Tally
from field.hazards.models import Finding, FindingStatus
from field.hazards.queries import to_be_seen, visible
from field.places.models import Building, Dwelling
from field.places.queries import few_doors

PAGE = 50
COLUMN = 12
# The day that runs out first lies so many days from today at most.
_UNTIL = {"overdue": -1, "today": 0, "week": 7}
# Whose turn it is, and in which states: the columns of the board.
TURNS: Mapping[str, tuple[FindingStatus, ...]] = {
    "household": (FindingStatus.NOTIFIED,),
    "look": (FindingStatus.RECHECK_DUE, FindingStatus.AWAITING_PHOTO),
    "decide": (
        FindingStatus.RECHECK_FAILED,
        FindingStatus.RETURNED,
        FindingStatus.FED_BACK,
        FindingStatus.FOUND,
    ),
    "department": (FindingStatus.REFERRED, FindingStatus.RECEIPTED, FindingStatus.IN_PROGRESS),
}


@dataclass(frozen=True)
class Filter:
    """Which hazards the list shows; `state` is open, overdue, today, week or settled, `turn` a key of TURNS."""

    state: str = "open"
    turn: str = ""
    status: str = ""
    severity: str = ""
    department: str = ""
    area: str = ""
    search: str = ""

    @property
    def narrows(self) -> bool:
        """Whether more than the state was chosen."""
        return len(self.as_query()) > 1

    def as_query(self) -> dict[str, str]:
        """The arguments of an address that shows the same."""
        return {"state": self.state} | {
            name: text for name, text in vars(self).items() if text and name != "state"
        }


@dataclass(frozen=True)
class Listing:
    """One page of hazards with their doors loaded; `after` asks for the next."""

    findings: Sequence[Finding]
    after: str | None = None


def listing(
    scope: Scope, chosen: Filter, today: date, after: str | None = None, limit: int = PAGE
) -> Listing:
    """Open ones by the day that runs out first, so overdue ones come first; settled ones latest deadline first."""
    return _listed(_matching(scope, chosen, today, _doors(scope, chosen)), chosen, after, limit)


def _listed(statement: Select[Finding], chosen: Filter, after: str | None, limit: int) -> Listing:
    rising = chosen.state != "settled"
    if after:
        statement = statement.where(_beyond(*_place(after), rising))
    order: tuple[Any, ...] = (Finding.runs_out_on, Finding.id)
    statement = statement.order_by(*(order if rising else (column.desc() for column in order)))
    # Of the doors no more than rows show.
    address = contains_eager(Finding.dwelling).load_only(Dwelling.unit, Dwelling.door)
    address = address.contains_eager(Dwelling.building).load_only(Building.address)
    rows = db.session.scalars(statement.options(address).limit(limit + 1)).all()
    found = rows[:limit]
    return Listing(found, f"{found[-1].runs_out_on}_{found[-1].id}" if len(rows) > limit else None)


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


def _matching(scope: Scope, chosen: Filter, today: date, doors: Sequence[UUID] | None) -> Select[Finding]:
    statement = (
        select(Finding)
        .join(Finding.dwelling)
        .join(Dwelling.building)
        .where(
            scope.where_in_order(Finding), to_be_seen(scope), Finding.settled.is_(chosen.state == "settled")
        )
    )
    if chosen.state in _UNTIL:
        statement = statement.where(Finding.runs_out_on <= today + timedelta(days=_UNTIL[chosen.state]))
    if chosen.turn:
        statement = statement.where(Finding.status.in_(TURNS[chosen.turn]))
    if chosen.area:
        statement = statement.where(scope_within(scope.district, [chosen.area]).within(Finding.grid_code))
    for name in ("status", "severity", "department"):
        if getattr(chosen, name):
            statement = statement.where(getattr(Finding, name) == getattr(chosen, name))
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
    """How many are open, and how many of them are past their deadline; those of areas are kept by area."""
    if scope.department is None:
        late = func.sum(case((Tally.value < today.isoformat(), Tally.number), else_=0))
        here = scope.where_summed(Tally), Tally.kind == Finding.__tablename__
        row = db.session.execute(select(func.sum(Tally.number), late).where(*here)).one()
    else:
        past = func.count().filter(Finding.runs_out_on < today)
        open_ones = visible(scope), Finding.settled.is_(False)
        row = db.session.execute(select(func.count(), past).where(*open_ones)).one()
    return {"open": int(row[0] or 0), "overdue": int(row[1] or 0)}


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
    columns, doors = [], _doors(scope, chosen)
    for turn in TURNS:
        narrowed = replace(chosen, turn=turn)
        statement = _matching(scope, narrowed, today, doors)
        page = _listed(statement, narrowed, None, COLUMN)
        total = len(page.findings)
        if page.after:
            total = db.session.scalar(statement.with_only_columns(func.count())) or 0
        columns.append(Column(turn, page.findings, total))
    return columns
