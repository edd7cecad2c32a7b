"""Letting the register follow a revision late: when it is approved, taken back, or corrected by a lead.

Its turn is then: it is counted as the next at its door. What visits said that came after it stays (LateClaims).
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload

from field.core.db import db
from field.people.models import Occupancy
from field.places.models import Dwelling
from field.places.queries import hold_doors
from field.visits.claims import Fact, LateClaims
from field.visits.clashes import keep_clashes, withdraw_clashes
from field.visits.models import Followed, Visit, VisitRevision
from field.visits.register import Register, differing, named_in
from field.visits.schemas import VisitBody
from field.visits.service import count

_BODY = VisitBody()


def settle(visit: Visit, now: datetime) -> None:
    """Let the register follow the newest revision; nothing happens when it has."""
    newest = visit.revisions[-1]
    if newest.followed == Followed.NOT_YET:
        _follow(visit, newest, None, now)


def unapprove(visit: Visit) -> None:
    """Let the register be as before an approval that is taken back, if that had let it follow. What it followed as
    soon as it came stays: no approval has brought it there."""
    if visit.revisions[0].followed != Followed.AT_ONCE:
        unsettle(visit)


def unsettle(visit: Visit) -> None:
    """Let the register be as if the newest revision had not been approved yet."""
    newest = visit.revisions[-1]
    if newest.followed == Followed.NOT_YET:
        return
    dwelling, occupancies = _door(visit), _occupancies([newest])
    _register(visit, newest, dwelling, occupancies).take_back(newest.before, set())
    withdraw_clashes(visit)
    visit.clashes = 0
    newest.followed, newest.before = Followed.NOT_YET, {}
    if dwelling.merged_into is not None:  # next time it counts for the door that is kept
        visit.dwelling_id = dwelling.merged_into


def replace(
    visit: Visit, before: VisitRevision, after: VisitRevision, now: datetime, insisted: Container[Fact] = ()
) -> None:
    """Let the register follow another revision instead of the one that it may have followed."""
    withdraw_clashes(visit)
    _follow(visit, after, before if before.followed != Followed.NOT_YET else None, now, insisted)


def differences(visit: Visit, revision: VisitRevision) -> dict[str, Any]:
    """What the register holds now where a revision that it has not followed says otherwise."""
    return differing(body_of(revision), visit.dwelling, _occupancies([revision]))


def body_of(revision: VisitRevision) -> dict[str, Any]:
    """The body with ids and days as such."""
    body: dict[str, Any] = _BODY.load(revision.body)
    return body


def late_base(visit: Visit, revision: VisitRevision, body: Mapping[str, Any]) -> int | None:
    """What the author of a late revision knew of the door; a lead who corrects has looked at all of it.

    Who spoke of an entry that is closed by now knew nothing of the door that was kept.
    """
    if revision.author_id != visit.author_id:
        return None
    return body.get("base_revision") if str(body["dwelling"]) == str(visit.dwelling_id) else 0


def unfollowed(door: Dwelling) -> Sequence[Visit]:
    """Visits at a door of which the register has not followed anything."""
    followed = exists().where(VisitRevision.visit_id == Visit.id, VisitRevision.followed != Followed.NOT_YET)
    statement = select(Visit).where(Visit.district == door.district, Visit.dwelling_id == door.id, ~followed)
    return db.session.scalars(statement).all()


def came(visit: Visit) -> tuple[datetime, UUID]:
    """When a visit first came; the order of visits at a door whatever was corrected since."""
    return visit.revisions[0].received_at, visit.id


def _follow(
    visit: Visit,
    revision: VisitRevision,
    instead_of: VisitRevision | None,
    now: datetime,
    insisted: Container[Fact] = (),
) -> None:
    body, dwelling = body_of(revision), _door(visit)
    occupancies = _occupancies([revision, *([instead_of] if instead_of else [])])
    count(revision, dwelling)
    register = _register(visit, revision, dwelling, occupancies, insisted)
    if instead_of is not None:
        register.take_back(instead_of.before, named_in(body))
    visit.changed = register.apply(body) or visit.changed
    revision.followed, revision.before = Followed.LATE, register.before
    visit.clashes = len(register.claims.clashes)
    keep_clashes(visit, revision.id, register.claims, now)
    db.session.flush()


def _register(
    visit: Visit,
    revision: VisitRevision,
    dwelling: Dwelling,
    occupancies: dict[UUID, Occupancy],
    insisted: Container[Fact] = (),
) -> Register:
    base = late_base(visit, revision, revision.body)
    claims = LateClaims(dwelling, visit.id, revision.author_id, base, _newer(visit), insisted)
    return Register(dwelling, occupancies, visit.id, claims)


def _door(visit: Visit) -> Dwelling:
    return hold_doors([visit.dwelling_id])[visit.dwelling_id]


def _newer(visit: Visit) -> set[str]:
    """Visits that first came to this door after this one."""
    first = visit.revisions[0]
    statement = (
        select(Visit.id)
        .join(VisitRevision, VisitRevision.visit_id == Visit.id)
        .where(
            Visit.district == visit.district,
            Visit.dwelling_id == visit.dwelling_id,
            Visit.id != visit.id,
            VisitRevision.number == 1,
            VisitRevision.received_at >= first.received_at,
        )
    )
    return {str(row) for row in db.session.scalars(statement.where(_after(visit)))}


def _after(visit: Visit) -> Any:
    moment, visit_id = came(visit)
    return (VisitRevision.received_at > moment) | (Visit.id > visit_id)


def _occupancies(revisions: Iterable[VisitRevision]) -> dict[UUID, Occupancy]:
    """Everybody whom the revisions name, or have added or changed."""
    ids: set[UUID] = set()
    for revision in revisions:
        ids |= {UUID(part["occupancy"]) for part in revision.body.get("occupants", [])}
        before = revision.before
        ids |= {UUID(text) for text in [*before.get("occupants", {}), *before.get("added", [])]}
    if not ids:
        return {}
    statement = select(Occupancy).options(joinedload(Occupancy.person)).where(Occupancy.id.in_(ids))
    return {row.id: row for row in db.session.scalars(statement)}
