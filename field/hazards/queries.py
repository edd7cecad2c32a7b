"""Reading hazards: the list by deadline, one hazard with its life. Handlers see what was referred to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import contains_eager, selectinload

from field.accounts import queries as accounts
from field.accounts.scope import Scope, scope_within
from field.checklists.models import Checklist, ChecklistItem
from field.core.changes import next_change
from field.core.db import db
from field.core.errors import Problem
from field.core.tallies import Tally
from field.hazards import evidence, notices
from field.hazards.models import Action, Finding, FindingStatus, FindingStep, HazardNotice
from field.photos import queries as photos
from field.photos.models import Photo
from field.places.models import Building, Dwelling

PAGE = 50
COLUMN = 12
# Due by so many days from today.
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


@dataclass(frozen=True)
class Subject:
    """One hazard with what its page shows; photos by the phone's photo id."""

    finding: Finding
    item: ChecklistItem | None
    photos: dict[str, Photo]
    names: dict[UUID, str]
    others: Sequence[Finding]
    notices: Sequence[HazardNotice]


def visible(scope: Scope) -> ColumnElement[bool]:
    """What a scope may see: its areas; for a department only what was ever referred to it."""
    return and_(scope.where(Finding), _to_be_seen(scope))


def _to_be_seen(scope: Scope) -> ColumnElement[bool]:
    """The rest of visible(), when the condition on the area is another."""
    where = Finding.withdrawn.is_(False)
    if scope.department is None:
        return where
    referred = select(FindingStep.id).where(
        FindingStep.district == scope.district,
        FindingStep.finding_id == Finding.id,
        FindingStep.action == Action.REFER,
        FindingStep.department == scope.department,
    )
    return and_(where, referred.exists())


def listing(
    scope: Scope, chosen: Filter, today: date, after: str | None = None, limit: int = PAGE
) -> Listing:
    """Open ones by deadline, so overdue ones come first; settled ones latest deadline first."""
    rising = chosen.state != "settled"
    statement = _matching(scope, chosen, today)
    if after:
        statement = statement.where(_beyond(*_place(after), rising))
    order: tuple[Any, ...] = (Finding.due_on, Finding.id)
    statement = statement.order_by(*(order if rising else (column.desc() for column in order)))
    with_doors = contains_eager(Finding.dwelling).contains_eager(Dwelling.building)
    rows = db.session.scalars(statement.options(with_doors).limit(limit + 1)).all()
    found = rows[:limit]
    return Listing(found, f"{found[-1].due_on}_{found[-1].id}" if len(rows) > limit else None)


def _matching(scope: Scope, chosen: Filter, today: date) -> Select[Finding]:
    statement = (
        select(Finding)
        .join(Finding.dwelling)
        .join(Dwelling.building)
        .where(
            scope.where_in_order(Finding), _to_be_seen(scope), Finding.settled.is_(chosen.state == "settled")
        )
    )
    if chosen.state in _UNTIL:
        statement = statement.where(Finding.due_on <= today + timedelta(days=_UNTIL[chosen.state]))
    if chosen.turn:
        statement = statement.where(Finding.status.in_(TURNS[chosen.turn]))
    if chosen.area:
        statement = statement.where(scope_within(scope.district, [chosen.area]).within(Finding.grid_code))
    for name in ("status", "severity", "department"):
        if getattr(chosen, name):
            statement = statement.where(getattr(Finding, name) == getattr(chosen, name))
    for word in chosen.search.split():
        fields = (Building.address, Dwelling.door, Finding.name_zh, Finding.name_en)
        statement = statement.where(or_(*(column.contains(word, autoescape=True) for column in fields)))
    return statement


def _beyond(due_on: date, finding_id: UUID, rising: bool) -> ColumnElement[bool]:
    # The plain bound beside the alternatives is what an index can start from.
    same = Finding.due_on == due_on
    if rising:
        after = or_(Finding.due_on > due_on, and_(same, Finding.id > finding_id))
        return and_(Finding.due_on >= due_on, after)
    before = or_(Finding.due_on < due_on, and_(same, Finding.id < finding_id))
    return and_(Finding.due_on <= due_on, before)


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
        past = func.count().filter(Finding.due_on < today)
        open_ones = visible(scope), Finding.settled.is_(False)
        row = db.session.execute(select(func.count(), past).where(*open_ones)).one()
    return {"open": int(row[0] or 0), "overdue": int(row[1] or 0)}


def void_rechecks(scope: Scope) -> int:
    """How many have to be looked at again because the photo of the last recheck cannot be used."""
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
    columns = []
    for turn in TURNS:
        narrowed = replace(chosen, turn=turn)
        page = listing(scope, narrowed, today, limit=COLUMN)
        total = len(page.findings)
        if page.after:
            everything = _matching(scope, narrowed, today).with_only_columns(func.count())
            total = db.session.scalar(everything) or 0
        columns.append(Column(turn, page.findings, total))
    return columns


def finding(finding_id: UUID, scope: Scope) -> Finding:
    """A hazard within the scope, with its door and steps; raises Problem `not-found`."""
    statement = (
        select(Finding)
        .join(Finding.dwelling)
        .join(Dwelling.building)
        .options(
            contains_eager(Finding.dwelling).contains_eager(Dwelling.building), selectinload(Finding.steps)
        )
        .where(Finding.id == finding_id, visible(scope))
    )
    found = db.session.scalars(statement).unique().one_or_none()
    if found is None:
        raise Problem("not-found")
    return found


def for_change(finding_id: UUID, scope: Scope) -> Finding:
    """The hazard read anew and held until the transaction ends; raises Problem `not-found`."""
    return _held(finding_id, scope.district, visible(scope))


def held(finding_id: UUID, district: int) -> Finding:
    """The same without anybody's scope, for who came by a notice's code."""
    return _held(finding_id, district, Finding.withdrawn.is_(False))


def _held(finding_id: UUID, district: int, where: ColumnElement[bool]) -> Finding:
    next_change(db.session(), district)  # before the hazard, as visits that arrive lock them
    statement = (
        select(Finding)
        .where(Finding.id == finding_id, where)
        .options(selectinload(Finding.steps))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise Problem("not-found")
    return found


def subject(found: Finding, scope: Scope) -> Subject:
    """What a hazard's page shows beside the hazard."""
    others = select(Finding).where(
        visible(scope), Finding.dwelling_id == found.dwelling_id, Finding.id != found.id
    )
    people = {found.assignee_id, *(step.actor_id for step in found.steps)}
    return Subject(
        found,
        item_of(found),
        evidence.by_id(found),
        accounts.names({person for person in people if person}),
        db.session.scalars(others.order_by(Finding.due_on)).all(),
        notices.of_finding(found),
    )


def photo(finding_id: UUID, photo_id: UUID, scope: Scope) -> Photo:
    """A stored photo that a visible hazard names; raises Problem `not-found`."""
    found = finding(finding_id, scope)
    if str(photo_id) in evidence.named_by(found):
        for visit_id in evidence.visits_of(found):
            row = photos.stored(photo_id, visit_id, found.district)
            if row is not None:
                return row
    raise Problem("not-found")


def first_photo(finding_id: UUID, scope: Scope) -> Photo:
    """The photo with which an open hazard was found, for whoever will recheck it; raises Problem `not-found`."""
    found = db.session.scalar(
        select(Finding).where(Finding.id == finding_id, visible(scope), Finding.settled.is_(False))
    )
    if found is None or not found.photo_ids:
        raise Problem("not-found")
    return photo(finding_id, UUID(found.photo_ids[0]), scope)


def item_of(found: Finding) -> ChecklistItem | None:
    """The checklist's words for what is wrong, in the version that was used."""
    statement = (
        select(ChecklistItem)
        .join(Checklist, Checklist.id == ChecklistItem.checklist_id)
        .where(
            Checklist.district == found.district,
            Checklist.code == found.checklist_code,
            Checklist.version == found.checklist_version,
            ChecklistItem.code == found.item_code,
        )
    )
    return db.session.scalar(statement)
