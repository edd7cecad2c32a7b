"""Counting by grid in SQL, summing up the tree by code prefix: doors, settled outcomes, reviews, hazards."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import case, func, or_, select

from field.accounts.scope import Scope, area_prefix
from field.campaigns.models import Campaign, Phase
from field.core.db import db
from field.core.errors import Problem
from field.hazards.models import Finding
from field.places.models import Area, Dwelling, Level
from field.visits.models import ReviewState, Visit
from field.visits.service import SETTLED_OUTCOMES

COUNTS = ("doors", "visited", "settled", "waiting", "open", "overdue")


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
    counts, outcomes = _by_grid(scope, today), _outcomes(scope, area)
    lines = [_line(row, counts) for row in below]
    # Not the sum of the lines: a grid has none, and doors may hang on an area that also has parts.
    total = _sum(counts, area_prefix(area.code) if area else "")
    return Coverage(area, _path(scope, area), lines, total, outcomes, _phase(scope, today))


def _area(scope: Scope, code: str) -> Area:
    area = db.session.get(Area, code)
    if area is None or area.district != scope.district or not scope.covers(area_prefix(code)):
        raise Problem("not-found")
    return area


def _own(scope: Scope) -> Sequence[Area]:
    """The areas that somebody answers for, without parts of others; for a whole district, what it is made of."""
    areas = select(Area).where(Area.district == scope.district).order_by(Area.code)
    tops = {one for one in scope.prefixes if not any(_inside(one, other) for other in scope.prefixes)}
    own = [row for row in db.session.scalars(areas) if area_prefix(row.code) in tops]
    if [row.level for row in own] == [Level.DISTRICT]:
        return _children(scope, own[0])
    return own


def _inside(prefix: str, other: str) -> bool:
    return prefix != other and prefix.startswith(other)


def _children(scope: Scope, area: Area) -> Sequence[Area]:
    statement = select(Area).where(Area.district == scope.district, Area.parent_code == area.code)
    return db.session.scalars(statement.where(scope.within(Area.code)).order_by(Area.code)).all()


def _path(scope: Scope, area: Area | None) -> Sequence[Area]:
    steps: list[Area] = []
    while area is not None and scope.covers(area_prefix(area.code)):
        steps.insert(0, area)
        area = db.session.get(Area, area.parent_code) if area.parent_code else None
    return steps


def _line(area: Area, counts: dict[str, Counter[str]]) -> Line:
    return Line(area, area.level != Level.GRID, _sum(counts, area_prefix(area.code)))


def _sum(counts: dict[str, Counter[str]], prefix: str) -> Counter[str]:
    return sum((numbers for grid, numbers in counts.items() if grid.startswith(prefix)), Counter[str]())


def _by_grid(scope: Scope, today: date) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for name, statement in _statements(scope, today):
        for row in db.session.execute(statement):
            numbers = found.setdefault(row[0], Counter())
            numbers.update({key: int(value or 0) for key, value in zip(name, row[1:], strict=True)})
    return found


def _statements(scope: Scope, today: date) -> list[tuple[tuple[str, ...], Any]]:
    doors = (
        select(
            Dwelling.grid_code,
            func.count(),
            func.count(Dwelling.visit_id),
            func.sum(case((Dwelling.visit_outcome.in_(SETTLED_OUTCOMES), 1), else_=0)),
        )
        .where(scope.where(Dwelling))
        .group_by(Dwelling.grid_code)
    )
    waiting = (
        select(Visit.grid_code, func.count())
        .where(scope.where(Visit), Visit.state == ReviewState.WAITING)
        .group_by(Visit.grid_code)
    )
    hazards = (
        select(Finding.grid_code, func.count(), func.sum(case((Finding.due_on < today, 1), else_=0)))
        .where(scope.where(Finding), Finding.settled.is_(False))
        .group_by(Finding.grid_code)
    )
    return [(("doors", "visited", "settled"), doors), (("waiting",), waiting), (("open", "overdue"), hazards)]


def _outcomes(scope: Scope, area: Area | None) -> Counter[str]:
    statement = select(Dwelling.visit_outcome, func.count()).where(
        scope.where(Dwelling), Dwelling.visit_outcome.is_not(None)
    )
    if area is not None:
        statement = statement.where(Dwelling.grid_code.startswith(area_prefix(area.code), autoescape=True))
    rows = db.session.execute(statement.group_by(Dwelling.visit_outcome))
    return Counter({str(outcome): number for outcome, number in rows})


def _phase(scope: Scope, today: date) -> Phase | None:
    """The phase that runs today; where two share a boundary day, the later one."""
    statement = (
        select(Phase)
        .join(Campaign)
        .where(
            Phase.district == scope.district,
            Phase.starts_on <= today,
            or_(Phase.ends_on.is_(None), Phase.ends_on >= today),
        )
        .order_by(Phase.starts_on.desc())
    )
    return db.session.scalars(statement.limit(1)).first()
