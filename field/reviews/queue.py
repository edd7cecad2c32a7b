"""The review queue: its rows by keyset, how many wait, whether anything has changed. One visit is in queries.py."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager

from field.accounts import queries as accounts
from field.accounts.scope import Scope, scope_within
from field.core import changes, heads
from field.core.clock import parse_instant
from field.core.db import db
from field.core.errors import Problem
from field.core.tallies import Tally
from field.photos import queries as photos
from field.photos.models import PhotoState
from field.places.models import Building, Dwelling
from field.places.queries import few_doors, newest_within
from field.reviews.filters import Filter, narrowed
from field.visits.models import ReviewState, Visit

PAGE = 50


@dataclass(frozen=True)
class Queue:
    """One page: visits with their doors loaded, who made them, how many photos came; `after` asks for the next."""

    visits: Sequence[Visit]
    names: dict[UUID, str]
    photos: Counter[UUID]
    after: str | None = None


def queue(
    scope: Scope, chosen: Filter, after: str | None = None, limit: int = PAGE, zone: str = "UTC"
) -> Queue:
    """Waiting visits oldest first, so that nobody waits for ever; decided ones newest first."""
    place = _place(after) if after else None

    def page(statement: Select[Any]) -> Select[Any]:
        narrow = narrowed(statement.where(Visit.state == chosen.state), chosen, zone)
        if place:
            narrow = narrow.where(_beyond(*place, chosen.rising))
        return narrow.order_by(*_order(Visit, chosen.rising)).limit(limit + 1)

    doors, grids = _few_doors(scope, chosen), _few_grids(scope, chosen)
    if doors is not None:
        wanted = and_(scope.where(Visit), Visit.dwelling_id.in_(doors))
    elif grids is not None and not grids:
        wanted = Visit.id.in_(())
    elif grids is not None:
        place_of: Any = (Visit.id, Visit.received_at)
        head = page(select(*place_of).where(Visit.district == scope.district))
        first = heads.first_of(head, Visit, grids, lambda place: _order(place, chosen.rising), limit + 1)
        wanted = Visit.id.in_(first)
    elif chosen.rare:
        wanted = scope.where_unserved(Visit)
    else:
        wanted = scope.where_in_order(Visit)
    rows = db.session.scalars(page(_with_doors().where(wanted))).all()
    visits = rows[:limit]
    return Queue(
        visits,
        accounts.names({visit.author_id for visit in visits}),
        arrived_photos(visits, scope),
        _mark(visits[-1]) if len(rows) > limit else None,
    )


def _with_doors() -> Select[Any]:
    """Visits with the address of their doors, and no more of those than rows show."""
    address = contains_eager(Visit.dwelling).load_only(Dwelling.unit, Dwelling.door, Dwelling.proposal)
    address = address.contains_eager(Dwelling.building).load_only(Building.address)
    return select(Visit).join(Visit.dwelling).join(Dwelling.building).options(address)


def _order(place: Any, rising: bool) -> Sequence[Any]:
    order = (place.received_at, place.id)
    return order if rising else [column.desc() for column in order]


def _few_doors(scope: Scope, chosen: Filter) -> Sequence[UUID] | None:
    """The doors that a search names, when they are few; None when they are many, or none is searched for."""
    words = chosen.search.split()
    return few_doors(scope, words) if words else None


def _few_grids(scope: Scope, chosen: Filter) -> Sequence[str] | None:
    """The grids with such visits, when they are few: then the beginning of each makes the page. None when they are
    many, as those visits are then soon met among all; and when an address is searched for."""
    if chosen.search.split() or (scope.whole and not chosen.area):
        return None
    there = select(Tally.area).where(
        Tally.district == scope.district,
        Tally.kind == Visit.__tablename__,
        Tally.value == chosen.state,
        Tally.number > 0,
        Tally.area.contains("-"),
        scope.within(Tally.area),
    )
    if chosen.area:
        there = there.where(scope_within(scope.district, [chosen.area]).within(Tally.area))
    found = db.session.scalars(there.limit(heads.FEW + 1)).all()
    return found if len(found) <= heads.FEW else None


def newest_change(scope: Scope) -> int:
    """The number of the newest change to a visit of the scope.

    For a whole district the number of its newest change of any kind: there the next visit is never far.
    """
    return changes.newest_change(db.session(), scope.district) if scope.whole else newest_within(Visit, scope)


def _beyond(received_at: datetime, visit_id: UUID, rising: bool) -> Any:
    # The plain bound beside the alternatives is what an index can start from.
    if rising:
        later = Visit.received_at > received_at
        after = or_(later, and_(Visit.received_at == received_at, Visit.id > visit_id))
        return and_(Visit.received_at >= received_at, after)
    earlier = Visit.received_at < received_at
    before = or_(earlier, and_(Visit.received_at == received_at, Visit.id < visit_id))
    return and_(Visit.received_at <= received_at, before)


def _mark(visit: Visit) -> str:
    # Microseconds too: two visits of one batch differ by less than a millisecond.
    return f"{visit.received_at.isoformat()}_{visit.id}"


def _place(after: str) -> tuple[datetime, UUID]:
    try:
        moment, visit_id = after.split("_")
        return parse_instant(moment.replace(" ", "+")), UUID(visit_id)
    except (ValueError, OverflowError) as error:
        raise Problem("bad-request") from error


def counts(scope: Scope) -> dict[ReviewState, int]:
    """How many wait, are approved, and are being corrected, as counted by area when that changes."""
    statement = (
        select(Tally.value, func.sum(Tally.number))
        .where(
            scope.where_summed(Tally), Tally.kind == Visit.__tablename__, Tally.value.in_(tuple(ReviewState))
        )
        .group_by(Tally.value)
    )
    found = {state: int(number) for state, number in db.session.execute(statement)}
    return {state: found.get(state.value, 0) for state in ReviewState}


def arrived_photos(visits: Sequence[Visit], scope: Scope) -> Counter[UUID]:
    """How many whole photos of each visit are here."""
    expecting = {visit.id for visit in visits if visit.photos}
    if not expecting:
        return Counter()
    rows = photos.of_visits(expecting, scope.district)
    return Counter(row.visit_id for row in rows if row.state == PhotoState.STORED and row.kind == "full")


def next_waiting(found: Visit, scope: Scope, chosen: Filter, zone: str) -> UUID | None:
    """The visit of the same list that has waited longest, apart from this one."""
    if chosen.narrows:
        waiting = queue(scope, replace(chosen, state=ReviewState.WAITING), limit=2, zone=zone).visits
        return next((visit.id for visit in waiting if visit.id != found.id), None)
    statement = (
        select(Visit.id)
        .where(scope.where_in_order(Visit), Visit.state == ReviewState.WAITING, Visit.id != found.id)
        .order_by(Visit.received_at, Visit.id)
    )
    return db.session.scalar(statement.limit(1))
