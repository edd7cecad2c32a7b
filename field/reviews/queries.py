"""Reading for reviews: one visit with all that a decision needs, and the teams; the queue is in queue.py."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, selectinload

from field.accounts import queries as accounts
from field.accounts.scope import Scope
from field.core.clock import instant_text
from field.core.db import db, only
from field.hazards.models import Finding
from field.photos import queries as photos
from field.photos.models import Photo, PhotoState
from field.places.models import Area, Dwelling, Level
from field.reviews.history import History, history
from field.reviews.models import ReversedReturn, Review
from field.visits.models import Visit

MOST_GRIDS = 400


@dataclass(frozen=True)
class Subject:
    """One visit with what belongs to it; photos by the phone's photo id."""

    visit: Visit
    reviews: Sequence[Review]
    photos: dict[str, Photo]
    history: History
    reversed: Sequence[ReversedReturn] = ()
    names: dict[UUID, str] = field(default_factory=dict)


def grids(scope: Scope) -> Sequence[Area]:
    """The grids that the queue can be narrowed to."""
    statement = select(Area).where(
        Area.district == scope.district, Area.level == Level.GRID, scope.within(Area.code)
    )
    return db.session.scalars(statement.order_by(Area.code).limit(MOST_GRIDS)).all()


def teams(scope: Scope) -> list[tuple[Area, list[Area]]]:
    """Communities with their grids: whose team walks what."""
    found: dict[str | None, list[Area]] = {}
    for grid in grids(scope):
        found.setdefault(grid.parent_code, []).append(grid)
    above = select(Area).where(Area.code.in_(found.keys())).order_by(Area.code)
    return [(area, found[area.code]) for area in (db.session.scalars(above).all() if found else [])]


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
    return only(statement)


def doors_of(visit_ids: Sequence[UUID], scope: Scope) -> Sequence[UUID]:
    """The doors of visits within the scope, and those that are kept where one is a closed entry: both are written."""
    statement = select(Visit.dwelling_id, Dwelling.merged_into).join(Visit.dwelling)
    rows = db.session.execute(statement.where(Visit.id.in_(visit_ids), scope.where(Visit)))
    return [door for row in rows for door in row if door is not None]


def for_decision(visit_id: UUID, scope: Scope) -> Visit:
    """The visit read anew and held until the transaction ends; raises Problem `not-found`."""
    statement = (
        select(Visit)
        .options(selectinload(Visit.revisions))
        .where(Visit.id == visit_id, scope.where(Visit))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return only(statement)


def subject(found: Visit, hazards: Iterable[Finding]) -> Subject:
    """What a visit's page shows beside the visit itself; photos also of the visits that found these `hazards`."""
    reviews, others, undone = reviews_of(found), history(found), reversed_returns(found)
    people = {found.author_id, *(row.reviewer_id for row in reviews)} | others.authors
    people |= {person for row in undone for person in (row.reviewer_id, row.reversed_by)}
    shown = photos_by_id({found.id, *(hazard.visit_id for hazard in hazards)}, found.district)
    return Subject(found, reviews, shown, others, undone, accounts.names(people))


def photos_by_id(visit_ids: Iterable[UUID], district: int) -> dict[str, Photo]:
    """The best copy of each photo: a stored one before any other, the full one before its preview."""
    rows = photos.of_visits(visit_ids, district)
    ranked = sorted(rows, key=lambda row: (row.state == PhotoState.STORED, row.kind == "full"))
    return {str(row.photo_id): row for row in ranked}


def reviews_of(found: Visit) -> Sequence[Review]:
    """The decisions on a visit, by revision."""
    statement = select(Review).where(Review.visit_id == found.id).order_by(Review.revision)
    return db.session.scalars(statement).all()


def reversed_returns(found: Visit) -> Sequence[ReversedReturn]:
    """The returns of a visit that were taken back, in the order of that."""
    statement = select(ReversedReturn).where(ReversedReturn.visit_id == found.id)
    return db.session.scalars(statement.order_by(ReversedReturn.reversed_at, ReversedReturn.id)).all()


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


def decided_words(review: Review, names: dict[UUID, str]) -> dict[str, Any]:
    """A decision as a Problem's members tell it."""
    return {
        "decision": str(review.decision),
        "by": names.get(review.reviewer_id, ""),
        "at": instant_text(review.decided_at),
    }
