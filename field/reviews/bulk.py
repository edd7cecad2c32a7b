"""Approving the clean visits of a grid or building together, after looking at the list; and taking that back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager, selectinload

from field.accounts.scope import Actor, Scope
from field.audit import service as audit
from field.core.changes import next_change
from field.core.clock import utcnow
from field.core.db import db
from field.core.ids import first_id_at, new_id
from field.hazards.models import Finding, FindingStep
from field.people.models import Occupancy
from field.places.models import Building, Dwelling, Proposal
from field.places.queries import hold_doors
from field.reviews import queries, service
from field.reviews.models import Decision, Review
from field.visits import settling
from field.visits.models import ReviewState, Visit

MOST = 200
# Nobody was inside and the register stays as it is; "demolished" and "not found" say that it is wrong.
_CLAIMS_NOTHING = ("no_answer", "rescheduled", "refused")
TAKEN_BACK_WITHIN = timedelta(minutes=10)


@dataclass(frozen=True)
class Batch:
    """Visits that somebody approved together a short while ago."""

    id: UUID
    reviewer_id: UUID
    number: int
    decided_at: datetime


def clean(scope: Scope, grid: str = "", building: UUID | None = None) -> Sequence[Visit]:
    """Waiting visits at which nothing changed or contradicted, and nothing was found, looked at again, asked for or
    photographed; oldest first. They were gone through, or claim nothing: an empty "visited" is not clean."""
    statement = (
        select(Visit)
        .join(Visit.dwelling)
        .join(Dwelling.building)
        .options(
            contains_eager(Visit.dwelling).contains_eager(Dwelling.building), selectinload(Visit.revisions)
        )
        .where(scope.where(Visit), *_nothing_to_see())
    )
    if grid:
        statement = statement.where(Visit.grid_code == grid)
    if building is not None:
        statement = statement.where(Building.id == building)
    return db.session.scalars(statement.order_by(Visit.received_at, Visit.id).limit(MOST)).all()


def notes_of(visits: Sequence[Visit]) -> dict[UUID, str | None]:
    """What the workers noted; a note is no reason against approving, but it is read first."""
    return {visit.id: visit.revisions[-1].body.get("note") for visit in visits}


def _nothing_to_see() -> tuple[ColumnElement[bool], ...]:
    return (
        Visit.state == ReviewState.WAITING,
        Visit.revision == 1,
        Visit.changed.is_(False),
        Visit.hazards == 0,
        Visit.photos == 0,
        Visit.requests == 0,
        Visit.clashes == 0,
        or_(
            Visit.gone_through,
            Visit.outcome.in_(_CLAIMS_NOTHING),
            and_(Visit.outcome == "vacant", ~_lived_in().exists()),
        ),
        ~_left_open().exists(),
        ~_looked_again().exists(),
        ~Visit.dwelling.has(Dwelling.proposal == Proposal.WAITING),
    )


def _lived_in() -> Select[UUID]:
    """Somebody is registered at the door: that nobody lives there contradicts it."""
    return (
        select(Occupancy.id)
        .where(
            Occupancy.district == Visit.district,
            Occupancy.dwelling_id == Visit.dwelling_id,
            Occupancy.ended.is_(False),
        )
        .correlate(Visit)
    )


def _left_open() -> Select[UUID]:
    """A hazard is open behind a door that was said to have been gone through."""
    return (
        select(Finding.id)
        .where(
            Visit.gone_through,
            Finding.district == Visit.district,
            Finding.dwelling_id == Visit.dwelling_id,
            Finding.settled.is_(False),
        )
        .correlate(Visit)
    )


def _looked_again() -> Select[UUID]:
    """What a visit said of hazards of earlier visits."""
    return select(FindingStep.id).where(
        FindingStep.district == Visit.district, FindingStep.visit_id == Visit.id
    )


def recent(scope: Scope) -> list[Batch]:
    """What was approved together within the scope and can still be taken back, the newest first."""
    since = utcnow() - TAKEN_BACK_WITHIN
    statement = (
        select(Review.batch, Review.reviewer_id, func.count(), func.max(Review.decided_at))
        .join(Review.visit)
        .where(Review.district == scope.district, Review.batch >= first_id_at(since), scope.where(Visit))
        .where(Review.decided_at > since)
        .group_by(Review.batch, Review.reviewer_id)
    )
    found = db.session.execute(statement)
    rows = [Batch(row[0], row[1], row[2], row[3]) for row in found if row[0] is not None]
    return sorted(rows, key=lambda batch: batch.decided_at, reverse=True)


def by_building(visits: Sequence[Visit]) -> list[tuple[Building, list[Visit]]]:
    """Some visits in the order of their addresses, each building's together."""
    groups: dict[UUID, list[Visit]] = {}
    for visit in visits:
        groups.setdefault(visit.dwelling.building_id, []).append(visit)
    pairs = [(some[0].dwelling.building, some) for some in groups.values()]
    return sorted(pairs, key=lambda pair: (pair[0].address, str(pair[0].id)))


def approve(ids: Sequence[UUID], actor: Actor) -> tuple[UUID, int]:
    """Approve those of the visits that are still clean and waiting; answers the batch's id and how many they are.

    A double click is answered as the first one was.
    """
    batch, now = new_id(), utcnow()
    hold_doors(queries.doors_of(ids[:MOST], actor.scope))
    next_change(db.session(), actor.scope.district)
    statement = select(Visit).where(Visit.id.in_(ids[:MOST]), actor.scope.where(Visit), *_nothing_to_see())
    rows = db.session.scalars(
        statement.order_by(Visit.id).with_for_update().execution_options(populate_existing=True)
    ).all()
    for visit in rows:
        db.session.add(
            Review(
                district=visit.district,
                visit=visit,
                revision=visit.revision,
                decision=Decision.APPROVED,
                reviewer_id=actor.id,
                decided_at=now,
                batch=batch,
            )
        )
        visit.state, visit.decided_at = ReviewState.APPROVED, now
        settling.settle(visit, now)
        audit.record(
            "visit.approved",
            visit.district,
            ("visit", visit.id),
            actor.id,
            revision=1,
            together=str(batch)[-8:],
        )
    return (batch, len(rows)) if rows else _done_already(ids[:MOST], actor) or (batch, 0)


def _done_already(ids: Sequence[UUID], actor: Actor) -> tuple[UUID, int] | None:
    statement = (
        select(Review.batch, func.count())
        .where(
            Review.district == actor.scope.district,
            Review.visit_id.in_(ids),
            Review.reviewer_id == actor.id,
            Review.batch >= first_id_at(utcnow() - TAKEN_BACK_WITHIN),
        )
        .group_by(Review.batch)
        .order_by(Review.batch.desc())
    )
    row = db.session.execute(statement.limit(1)).one_or_none()
    return (row[0], row[1]) if row and row[0] else None


def take_back(batch: UUID, actor: Actor) -> int:
    """Let the visits of a batch wait again, within ten minutes and by whoever approved them; says how many."""
    reviewed = select(Review.visit_id).where(Review.batch == batch, Review.reviewer_id == actor.id)
    hold_doors(queries.doors_of(db.session.scalars(reviewed).all(), actor.scope))
    next_change(db.session(), actor.scope.district)
    statement = (
        select(Review)
        .join(Review.visit)
        .where(
            Review.batch == batch,
            Review.reviewer_id == actor.id,
            Review.decided_at > utcnow() - TAKEN_BACK_WITHIN,
            actor.scope.where(Visit),
            Visit.revision == Review.revision,
        )
        .with_for_update()
    )
    rows = db.session.scalars(statement).all()
    for review in rows:
        service.reopen(review, actor)
    return len(rows)
