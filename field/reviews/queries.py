"""Reading for reviews: the queue by keyset, how many wait, one visit with all that a decision needs."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager, selectinload

from field.accounts import queries as accounts
from field.accounts.scope import Scope
from field.core.clock import instant_text, parse_instant
from field.core.db import db
from field.core.errors import Problem
from field.core.tallies import Tally
from field.hazards.models import Finding
from field.photos import queries as photos
from field.photos.models import Photo, PhotoState
from field.places.models import Area, Dwelling, Level
from field.reviews.filters import Filter, narrowed, spoken_of
from field.reviews.models import Review
from field.visits.models import ReviewState, Visit

PAGE = 50
_FEW = 200
MOST_GRIDS = 400
COUNTED = (ReviewState.WAITING, ReviewState.RETURNED)


@dataclass(frozen=True)
class Queue:
    """One page: visits with their doors loaded, who made them, how many photos came; `after` asks for the next."""

    visits: Sequence[Visit]
    names: dict[UUID, str]
    photos: Counter[UUID]
    after: str | None = None


@dataclass(frozen=True)
class Subject:
    """One visit with what belongs to it; photos by the phone's photo id."""

    visit: Visit
    reviews: Sequence[Review]
    photos: dict[str, Photo]
    history: Sequence[Visit]
    names: dict[UUID, str] = field(default_factory=dict)


def queue(
    scope: Scope, chosen: Filter, after: str | None = None, limit: int = PAGE, zone: str = "UTC"
) -> Queue:
    """Waiting visits oldest first, so that nobody waits for ever; decided ones newest first."""
    statement = narrowed(_of_state(scope, chosen.state), chosen, zone)
    doors = _few_doors(scope, chosen)
    if doors is not None:
        statement = statement.where(Visit.dwelling_id.in_(doors))
    order = (Visit.received_at, Visit.id)
    rising = chosen.state == ReviewState.WAITING
    if after:
        statement = statement.where(_beyond(*_place(after), rising))
    statement = statement.order_by(*(order if rising else (column.desc() for column in order)))
    rows = db.session.scalars(statement.limit(limit + 1)).all()
    visits = rows[:limit]
    return Queue(
        visits,
        accounts.names({visit.author_id for visit in visits}),
        arrived_photos(visits, scope),
        _mark(visits[-1]) if len(rows) > limit else None,
    )


def _few_doors(scope: Scope, chosen: Filter) -> Sequence[UUID] | None:
    """The doors that a search names, when they are few; None when they are many, or none is searched for.

    Visits at many doors are soon found by reading on. At few, or none, that would read every visit there ever was.
    """
    words = chosen.search.split()
    if not words:
        return None
    named = select(Dwelling.id).join(Dwelling.building).where(scope.where(Dwelling), *map(spoken_of, words))
    found = db.session.scalars(named.limit(_FEW + 1)).all()
    return found if len(found) <= _FEW else None


def _of_state(scope: Scope, state: ReviewState) -> Select[Any]:
    return (
        select(Visit)
        .join(Visit.dwelling)
        .join(Dwelling.building)
        .options(contains_eager(Visit.dwelling).contains_eager(Dwelling.building))
        .where(scope.where_in_order(Visit), Visit.state == state)
    )


def newest_change(scope: Scope) -> int:
    """The number of the newest change to a visit of the scope: one look into the index for each grid."""
    newest = (
        select(func.max(Visit.change_no))
        .where(Visit.district == scope.district, Visit.grid_code == Area.code)
        .correlate(Area)
        .scalar_subquery()
    )
    statement = select(func.max(newest)).where(
        Area.district == scope.district, Area.level == Level.GRID, scope.within(Area.code)
    )
    return db.session.scalar(statement) or 0


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
    except ValueError as error:
        raise Problem("bad-request") from error


def counts(scope: Scope) -> dict[ReviewState, int]:
    """How many wait and how many are being corrected, as counted by grid when that changes."""
    statement = (
        select(Tally.value, func.sum(Tally.number))
        .where(scope.where(Tally), Tally.kind == Visit.__tablename__, Tally.value.in_(COUNTED))
        .group_by(Tally.value)
    )
    found = {state: int(number) for state, number in db.session.execute(statement)}
    return {state: found.get(state.value, 0) for state in COUNTED}


def arrived_photos(visits: Sequence[Visit], scope: Scope) -> Counter[UUID]:
    """How many whole photos of each visit are here."""
    expecting = {visit.id for visit in visits if visit.photos}
    if not expecting:
        return Counter()
    rows = photos.of_visits(expecting, scope.district)
    return Counter(row.visit_id for row in rows if row.state == PhotoState.STORED and row.kind == "full")


def grids(scope: Scope) -> Sequence[Area]:
    """The grids that the queue can be narrowed to."""
    statement = select(Area).where(
        Area.district == scope.district, Area.level == Level.GRID, scope.within(Area.code)
    )
    return db.session.scalars(statement.order_by(Area.code).limit(MOST_GRIDS)).all()


def teams(scope: Scope) -> list[tuple[Area, list[Area]]]:
    """Communities with their grids: whose team walks what."""
    found = grids(scope)
    above = select(Area).where(Area.code.in_({grid.parent_code for grid in found})).order_by(Area.code)
    return [
        (area, [grid for grid in found if grid.parent_code == area.code])
        for area in (db.session.scalars(above).all() if found else [])
    ]


def visit(visit_id: UUID, scope: Scope) -> Visit:
    """A visit within the scope, with its door and revisions; raises Problem `not-found`."""
    statement = (
        select(Visit)
        .join(Visit.dwelling)
        .join(Dwelling.building)
        .options(
            contains_eager(Visit.dwelling).contains_eager(Dwelling.building), selectinload(Visit.revisions)
        )
        .where(Visit.id == visit_id, scope.where(Visit))
    )
    found = db.session.scalars(statement).unique().one_or_none()
    if found is None:
        raise Problem("not-found")
    return found


def for_decision(visit_id: UUID, scope: Scope) -> Visit:
    """The visit read anew and held until the transaction ends; raises Problem `not-found`."""
    statement = (
        select(Visit)
        .options(selectinload(Visit.revisions))
        .where(Visit.id == visit_id, scope.where(Visit))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = db.session.scalars(statement).one_or_none()
    if found is None:
        raise Problem("not-found")
    return found


def subject(found: Visit, scope: Scope) -> Subject:
    """What a visit's page shows beside the visit itself."""
    reviews = reviews_of(found)
    earlier = db.session.scalars(
        select(Visit)
        .where(Visit.district == scope.district, Visit.dwelling_id == found.dwelling_id, Visit.id != found.id)
        .order_by(Visit.received_at.desc())
        .limit(10)
    ).all()
    people = {found.author_id, *(row.reviewer_id for row in reviews), *(row.author_id for row in earlier)}
    return Subject(found, reviews, photos_by_id(found), earlier, accounts.names(people))


def photos_by_id(found: Visit) -> dict[str, Photo]:
    """The best copy of each photo: a stored one before any other, the full one before its preview."""
    rows = photos.of_visits([found.id], found.district)
    ranked = sorted(rows, key=lambda row: (row.state == PhotoState.STORED, row.kind == "full"))
    return {str(row.photo_id): row for row in ranked}


def earlier_photos(found: Visit) -> dict[str, list[str]]:
    """Photos of the same hazards at this door from other visits, by checklist item, the newest first."""
    statement = (
        select(Finding.item_code, Photo.photo_id)
        .join(Photo, Photo.visit_id == Finding.visit_id)
        .where(
            Finding.district == found.district,
            Finding.dwelling_id == found.dwelling_id,
            Finding.visit_id != found.id,
            Photo.district == found.district,
            Photo.state == PhotoState.STORED,
            Photo.kind == "full",
        )
        .order_by(Photo.created_at.desc())
        .limit(60)
    )
    named: dict[str, list[str]] = {}
    for item, photo in db.session.execute(statement) if found.hazards else ():
        named.setdefault(item, []).append(str(photo))
    return named


def reviews_of(found: Visit) -> Sequence[Review]:
    """The decisions on a visit, by revision."""
    statement = select(Review).where(Review.visit_id == found.id).order_by(Review.revision)
    return db.session.scalars(statement).all()


def last_decision(found: Visit) -> Review | None:
    """The decision on the newest revision, if there is one."""
    return db.session.scalar(
        select(Review).where(Review.visit_id == found.id, Review.revision == found.revision)
    )


def names_of(visits: Sequence[Visit]) -> dict[UUID, str]:
    """Who made some visits."""
    return accounts.names({visit.author_id for visit in visits})


def names_of_revisions(found: Visit) -> dict[UUID, str]:
    """Who made the versions of a visit."""
    return accounts.names({revision.author_id for revision in found.revisions})


def name_of(user_id: UUID) -> str:
    """The display name of somebody."""
    return accounts.names({user_id}).get(user_id, "")


def next_waiting(found: Visit, scope: Scope) -> UUID | None:
    """The visit that has waited longest, apart from this one."""
    statement = (
        select(Visit.id)
        .where(scope.where_in_order(Visit), Visit.state == ReviewState.WAITING, Visit.id != found.id)
        .order_by(Visit.received_at, Visit.id)
    )
    return db.session.scalar(statement.limit(1))


def decided_words(review: Review, names: dict[UUID, str]) -> dict[str, Any]:
    """A decision as a Problem's members tell it."""
    return {
        "decision": str(review.decision),
        "by": names.get(review.reviewer_id, ""),
        "at": instant_text(review.decided_at),
    }
