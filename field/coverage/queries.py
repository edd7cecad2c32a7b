"""Reading the kept counts (core/tallies) of an area and those below it: doors, outcomes, reviews, hazards."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import and_, bindparam, case, func, or_, select

from field.accounts.scope import Scope, area_code, area_prefix
from field.campaigns.models import Campaign, Phase
from field.core.db import db
from field.core.errors import Problem
from field.core.tallies import Tally
from field.hazards.models import Finding
from field.places.models import Area, Dwelling, Level
from field.visits.calls import SETTLED_OUTCOMES
from field.visits.models import ReviewState, Visit

Counts = dict[str, Counter[str]]
COUNTS = ("doors", "visited", "settled", "waiting", "open", "overdue")


# Made once: making one costs as much as asking it.
_OF_DISTRICT = select(Area).where(Area.district == bindparam("district")).order_by(Area.code)
_NAMED = _OF_DISTRICT.where(Area.code.in_(bindparam("codes", expanding=True)))
_BELOW = _OF_DISTRICT.where(Area.parent_code == bindparam("above"))
_LATE = and_(Tally.kind == Finding.__tablename__, Tally.value < bindparam("today"))
# Open hazards are counted by day; here only whether that is past matters.
_VALUE = case((_LATE, "overdue"), (Tally.kind == Finding.__tablename__, ""), else_=Tally.value)
_COUNTS = (
    select(Tally.area, Tally.kind, _VALUE, func.sum(Tally.number))
    .where(
        Tally.district == bindparam("district"),
        Tally.kind.in_((Dwelling.__tablename__, Finding.__tablename__, Visit.__tablename__)),
        Tally.area.in_(bindparam("prefixes", expanding=True)),
        or_(Tally.kind != Visit.__tablename__, Tally.value.in_((ReviewState.WAITING, ReviewState.RETURNED))),
    )
    .group_by(Tally.area, Tally.kind, _VALUE)
)
_PHASE = (
    select(Phase)
    .join(Campaign)
    .where(
        Phase.district == bindparam("district"),
        Phase.starts_on <= bindparam("today"),
        or_(Phase.ends_on.is_(None), Phase.ends_on >= bindparam("today")),
    )
    .order_by(Phase.starts_on.desc())
    .limit(1)
)


@dataclass
class Line:
    """An area's numbers: doors known, visited at all, with a settled outcome, visits to review, hazards."""

    area: Area
    leads_on: bool
    counts: Counter[str] = field(default_factory=Counter)

    def __getattr__(self, name: str) -> int:
        if name in COUNTS:
            return self.counts[name]
        raise AttributeError(name)


@dataclass(frozen=True)
class Coverage:
    """A place of the tree with the lines below it, their sum, the outcomes of all its doors, the running phase."""

    area: Area | None
    path: Sequence[Area]
    lines: Sequence[Line]
    total: Counter[str]
    outcomes: Counter[str]
    phase: Phase | None


def coverage(scope: Scope, code: str | None, today: date) -> Coverage:
    """The areas just below one, or the reader's own when none is named; raises Problem `not-found`."""
    area = _area(scope, code) if code else None
    below = _children(scope, area) if area else _own(scope)
    tops = (area_prefix(area.code),) if area else scope.tops
    counts, outcomes = _by_area(scope, {*tops, *(area_prefix(row.code) for row in below)}, today)
    lines = [Line(row, row.level != Level.GRID, counts[area_prefix(row.code)]) for row in below]
    # Not the sum of the lines: a grid has none, and doors may hang on an area that also has parts.
    total = _sum(counts[top] for top in tops)
    return Coverage(
        area, _path(scope, area), lines, total, _sum(outcomes[top] for top in tops), _phase(scope, today)
    )


def _area(scope: Scope, code: str) -> Area:
    area = db.session.get(Area, code)
    if area is None or area.district != scope.district or not scope.covers(area_prefix(code)):
        raise Problem("not-found")
    return area


def _own(scope: Scope) -> Sequence[Area]:
    """The areas that somebody answers for, without parts of others; for a whole district, what it is made of."""
    codes = [area_code(prefix) for prefix in scope.tops]
    if scope.whole:
        return _below(scope, codes[0])
    return db.session.scalars(_NAMED, {"district": scope.district, "codes": codes}).all()


def _children(scope: Scope, area: Area) -> Sequence[Area]:
    return [row for row in _below(scope, area.code) if scope.covers(area_prefix(row.code))]


def _below(scope: Scope, code: str) -> Sequence[Area]:
    return db.session.scalars(_BELOW, {"district": scope.district, "above": code}).all()


def _path(scope: Scope, area: Area | None) -> Sequence[Area]:
    steps: list[Area] = []
    while area is not None and scope.covers(area_prefix(area.code)):
        steps.insert(0, area)
        area = db.session.get(Area, area.parent_code) if area.parent_code else None
    return steps


def _sum(counts: Iterable[Counter[str]]) -> Counter[str]:
    return sum(counts, Counter[str]())


def _by_area(scope: Scope, prefixes: Iterable[str], today: date) -> tuple[Counts, Counts]:
    """The numbers and the doors by outcome, by the prefix of the area."""
    numbers: Counts = defaultdict(Counter)
    outcomes: Counts = defaultdict(Counter)
    for place, kind, value, number in _tallies(scope, prefixes, today):
        if kind == Dwelling.__tablename__:
            outcomes[place].update({value: number} if value else {})
            numbers[place].update({name: number for name in _doors_as(value)})
        elif kind == Visit.__tablename__:
            numbers[place][value] += number
        else:
            numbers[place].update({name: number for name in ("open", value) if name})
    return numbers, outcomes


def _doors_as(outcome: str) -> list[str]:
    """What a door counts as, whose last call had this outcome."""
    names = {"doors": True, "visited": bool(outcome), "settled": outcome in SETTLED_OUTCOMES}
    return [name for name, holds in names.items() if holds]


def _tallies(scope: Scope, prefixes: Iterable[str], today: date) -> Any:
    """The counts that are kept of these areas, those of visits only until they are approved."""
    asked = {"district": scope.district, "prefixes": list(prefixes), "today": today.isoformat()}
    return db.session.execute(_COUNTS, asked)


def _phase(scope: Scope, today: date) -> Phase | None:
    """The phase that runs today; where two share a boundary day, the later one."""
    return db.session.scalars(_PHASE, {"district": scope.district, "today": today}).first()
