"""What may be one entry twice, within the reader's area and not decided yet; and answers that contradict each other."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, extract, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from field.accounts.scope import Scope
from field.core.clock import utcnow
from field.core.db import db, only
from field.merges.models import Kind, MergeDecision
from field.people.models import Occupancy, Person
from field.places.models import Area, Building, Dwelling, Level, Proposal, Workplace
from field.visits.calls import SETTLED_OUTCOMES
from field.visits.clashes import ClashState, RegisterClash
from field.visits.models import ReviewState, Visit

PAGE = 50
CANDIDATES = 500
CROWD = 6
COMMUNITY_DIGITS = 12
# Two authors at one door within so many days are asked about, for so long after the later visit.
SAME_DAYS = timedelta(days=3)
ASKED_FOR = timedelta(days=60)
Pair = tuple[UUID, UUID]


@dataclass(frozen=True)
class Waiting:
    """What waits for somebody; `clashes` are answers that contradict, `doors` those that workers added.

    Of `pairs` the first are read, `numbers` says how many there are.
    """

    clashes: int
    doors: int
    pairs: Mapping[Kind, Sequence[Pair]]
    numbers: Mapping[Kind, int]

    @property
    def to_decide(self) -> int:
        """Pairs and answers; doors have a page of their own."""
        return self.clashes + sum(self.numbers.values())


def waiting(scope: Scope) -> Waiting:
    """Everything that nobody has decided yet."""
    number = select(func.count()).where(scope.where(RegisterClash), RegisterClash.state == ClashState.OPEN)
    doors = select(func.count()).where(scope.where(Dwelling), Dwelling.proposal == Proposal.WAITING)
    doors = doors.where(Dwelling.merged_into.is_(None))
    clashes, added = (db.session.scalar(count) or 0 for count in (number, doors))
    found = {kind: pairs(kind, scope) for kind in Kind}
    numbers = {kind: len(rows) for kind, rows in found.items()}
    if numbers[Kind.VISITS] == CANDIDATES:
        every = select(func.count()).select_from(_double_visits(scope).subquery())
        numbers[Kind.VISITS] = db.session.scalar(every) or 0
    return Waiting(clashes, added, found, numbers)


def pairs(kind: Kind, scope: Scope) -> Sequence[Pair]:
    """Pairs of one kind that are asked about and not decided, the smaller id first."""
    if kind == Kind.VISITS:
        return [(left, right) for left, right, _at in db.session.execute(_double_visits(scope, CANDIDATES))]
    found = {Kind.PEOPLE: _people, Kind.ADDRESSES: _addresses}[kind](scope)
    decided = _decided(kind, scope, found)
    return [pair for pair in found if pair not in decided]


def standing_decision(kind: Kind, pair: Pair) -> MergeDecision | None:
    """What somebody has decided about a pair, unless that was taken back."""
    return db.session.scalar(
        select(MergeDecision)
        .filter_by(kind=kind, left_id=pair[0], right_id=pair[1], undone_at=None)
        .order_by(MergeDecision.id.desc())
        .limit(1)
    )


def _decided(kind: Kind, scope: Scope, found: Sequence[Pair]) -> set[Pair]:
    if not found:
        return set()
    rows = db.session.execute(
        select(MergeDecision.left_id, MergeDecision.right_id).where(
            *_stands(kind, scope), MergeDecision.left_id.in_({left for left, _right in found})
        )
    )
    return {(left, right) for left, right in rows}


def _stands(kind: Kind, scope: Scope) -> tuple[ColumnElement[bool], ...]:
    return (
        MergeDecision.district == scope.district,
        MergeDecision.kind == kind,
        MergeDecision.undone_at.is_(None),
    )


def _double_visits(scope: Scope, limit: int | None = None) -> Select[UUID, UUID, datetime]:
    """Different authors at one door within a few days, each with an outcome that settles it; the newest first."""
    one, two = aliased(Visit), aliased(Visit)
    apart = func.abs(extract("epoch", two.received_at) - extract("epoch", one.received_at))
    since = utcnow() - ASKED_FOR
    decided = exists().where(
        *_stands(Kind.VISITS, scope), MergeDecision.left_id == one.id, MergeDecision.right_id == two.id
    )
    return (
        select(one.id, two.id, two.received_at)
        .join(two, and_(two.dwelling_id == one.dwelling_id, two.district == one.district, one.id < two.id))
        .where(*_by_grids(scope, one), scope.where_unserved(two), one.author_id != two.author_id)
        .where(one.outcome.in_(SETTLED_OUTCOMES), two.outcome.in_(SETTLED_OUTCOMES))
        .where(one.received_at > since - SAME_DAYS)
        .where(two.received_at > since, apart <= SAME_DAYS.total_seconds())
        .where(~decided)
        .order_by(two.received_at.desc(), one.id)
        .limit(limit)
    )


def _by_grids(scope: Scope, visits: Any) -> tuple[ColumnElement[bool], ...]:
    """The visits of a scope by state and grid, one by one: for the index in which those of each follow in time."""
    every = (visits.district == scope.district, visits.state.in_(tuple(ReviewState)))
    if scope.whole:
        return every
    grids = select(Area.code).where(Area.district == scope.district, Area.level == Level.GRID)
    return (*every, visits.grid_code.in_(grids.where(scope.within(Area.code))))


def _most(kind: Kind, scope: Scope) -> int:
    """How many facts that are there twice are looked for: those that somebody keeps apart hide no other."""
    apart = select(func.count()).select_from(MergeDecision)
    kept = apart.where(*_stands(kind, scope), MergeDecision.kept_id.is_(None))
    return CANDIDATES + (db.session.scalar(kept) or 0)


def _people(scope: Scope) -> Sequence[Pair]:
    """The same number of a document; or the same name, home county and phone."""
    most = _most(Kind.PEOPLE, scope)
    number = _twice(scope, most, Person.document_number_index)
    alike = _twice(scope, most, Person.phone_index, Person.name, Person.home_county)
    rows = db.session.execute(
        select(
            Occupancy.id, Person.document_number_index, Person.phone_index, Person.name, Person.home_county
        )
        .join(Person)
        .where(scope.where(Occupancy), Occupancy.ended.is_(False))
        .where(
            or_(
                Person.document_number_index.in_([index for (index,) in number]),
                Person.phone_index.in_([index for index, _name, _county in alike]),
            )
        )
    ).all()
    by_number = _pairs_within((row[0], (row[1],)) for row in rows if (row[1],) in number)
    return sorted(
        by_number | _pairs_within((row[0], tuple(row[2:])) for row in rows if tuple(row[2:]) in alike)
    )


def _twice(scope: Scope, most: int, *facts: Any) -> set[tuple[Any, ...]]:
    """Facts that more than one person who lives in the scope has; grouped by the database, whatever its size."""
    statement = (
        select(*facts)
        .join(Occupancy, Occupancy.person_id == Person.id)
        .where(scope.where(Occupancy), Occupancy.ended.is_(False), *(fact.is_not(None) for fact in facts))
        .group_by(*facts)
        .having(func.count() > 1)
    )
    return {tuple(row) for row in db.session.execute(statement.limit(most))}


def _addresses(scope: Scope) -> Sequence[Pair]:
    """Two doors of one community with one address plate, unit and door: streets elsewhere have the same names."""
    community = func.substr(Dwelling.grid_code, 1, COMMUNITY_DIGITS)
    facts = (Building.address, func.coalesce(Dwelling.unit, ""), Dwelling.door, community)
    here = (
        select(*facts)
        .select_from(Dwelling)
        .join(Building, Building.id == Dwelling.building_id)
        .where(scope.where(Dwelling), Dwelling.merged_into.is_(None))
        .where(or_(Dwelling.proposal.is_(None), Dwelling.proposal != Proposal.DECLINED))
    )
    twice = here.group_by(*facts).having(func.count() > 1)
    keys = {tuple(row) for row in db.session.execute(twice.limit(_most(Kind.ADDRESSES, scope)))}
    if not keys:
        return []
    named = here.add_columns(Dwelling.id).where(Building.address.in_({address for address, *_rest in keys}))
    rows = db.session.execute(named).all()
    return sorted(_pairs_within((row[4], tuple(row[:4])) for row in rows if tuple(row[:4]) in keys))


def _pairs_within(rows: Iterable[tuple[UUID, tuple[Any, ...]]]) -> set[Pair]:
    """Every two of those that have the same facts; of a crowd the first few."""
    groups: dict[tuple[Any, ...], list[UUID]] = {}
    for key, facts in rows:
        groups.setdefault(facts, []).append(key)
    return {pair for keys in groups.values() for pair in combinations(sorted(keys)[:CROWD], 2)}


def clashes(scope: Scope, limit: int) -> Sequence[RegisterClash]:
    """Answers that contradict, oldest first, so many of them."""
    statement = (
        select(RegisterClash)
        .options(
            joinedload(RegisterClash.dwelling).joinedload(Dwelling.building), joinedload(RegisterClash.visit)
        )
        .where(scope.where(RegisterClash), RegisterClash.state == ClashState.OPEN)
        .order_by(RegisterClash.created_at, RegisterClash.id)
    )
    return db.session.scalars(statement.limit(limit)).all()


def clash(clash_id: UUID, scope: Scope) -> RegisterClash:
    """A clash within the scope, held until the transaction ends; raises Problem `not-found`."""
    statement = select(RegisterClash).where(RegisterClash.id == clash_id, scope.where(RegisterClash))
    found: RegisterClash = _one(statement)
    return found


def decision(decision_id: UUID, scope: Scope) -> MergeDecision:
    """A decision within the scope, whether it stands or was taken back; raises Problem `not-found`."""
    return only(_decision(decision_id, scope))


def held_decision(decision_id: UUID, scope: Scope) -> MergeDecision:
    """The same, held until the transaction ends."""
    found: MergeDecision = _one(_decision(decision_id, scope))
    return found


def _decision(decision_id: UUID, scope: Scope) -> Select[MergeDecision]:
    return select(MergeDecision).where(MergeDecision.id == decision_id, scope.where(MergeDecision))


def rows_of(kind: Kind, ids: Iterable[UUID], scope: Scope) -> dict[UUID, Any]:
    """Visits, occupancies or doors by id, with what a page shows of them; only those within the scope."""
    shapes: dict[Kind, tuple[Any, list[Any]]] = {
        Kind.VISITS: (
            Visit,
            [joinedload(Visit.dwelling).joinedload(Dwelling.building), selectinload(Visit.revisions)],
        ),
        Kind.PEOPLE: (Occupancy, [joinedload(Occupancy.person)]),
        Kind.ADDRESSES: (Dwelling, [joinedload(Dwelling.building)]),
    }
    model, options = shapes[kind]
    statement = select(model).options(*options).where(model.id.in_(set(ids)), scope.where(model))
    read_anew = statement.execution_options(populate_existing=True)
    return {row.id: row for row in db.session.scalars(read_anew).unique()}


def doors_of(ids: Iterable[UUID]) -> dict[UUID, Dwelling]:
    """Doors with their buildings."""
    statement = select(Dwelling).options(joinedload(Dwelling.building)).where(Dwelling.id.in_(set(ids)))
    return {row.id: row for row in db.session.scalars(statement)}


def names_of_people(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names by occupancy."""
    statement = select(Occupancy.id, Person.name).join(Person).where(Occupancy.id.in_(set(ids)))
    return {key: name for key, name in db.session.execute(statement)}


def names_of_workplaces(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names by workplace."""
    statement = select(Workplace.id, Workplace.name).where(Workplace.id.in_(set(ids)))
    return {key: name or "" for key, name in db.session.execute(statement)}


def _one(statement: Select[Any]) -> Any:
    return only(statement.with_for_update().execution_options(populate_existing=True))
