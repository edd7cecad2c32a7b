"""Doors that workers added on the way: confirmed, declined with a reason, and taken back. One that the register knows
under another entry is joined with it like any two doors of one address."""

from collections.abc import Sequence
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from field.accounts.scope import Actor, Scope
from field.audit import service as audit
from field.audit.queries import newest_about
from field.core.clock import utcnow
from field.core.db import db
from field.core.errors import Problem
from field.merges.houses import follow_doors, spell, tell_lists
from field.merges.told import DOOR_ACTIONS, joining_of, was_decided, was_joined
from field.places.models import Building, Dwelling, Proposal
from field.places.queries import hold_doors

LIMIT = 100


def proposals(scope: Scope, state: Proposal) -> Sequence[Dwelling]:
    """Doors that wait, or were declined, oldest first."""
    statement = (
        select(Dwelling)
        .options(joinedload(Dwelling.building))
        .where(scope.where(Dwelling), Dwelling.proposal == state, Dwelling.merged_into.is_(None))
        .order_by(Dwelling.proposed_at, Dwelling.id)
    )
    return db.session.scalars(statement.limit(LIMIT)).all()


def alike(doors: Sequence[Dwelling]) -> dict[UUID, Dwelling]:
    """For each of them another door with the same number, in that building or, of a new house, at the same address."""
    if not doors:
        return {}
    known = [row for row in _beside(doors) if row.proposal is None]
    here = {(row.building_id, *_number(row)): row for row in known}
    by_address = {(_address(row.building), *_number(row)): row for row in known}
    found = {}
    for door in doors:
        same = here.get((door.building_id, *_number(door)))
        if same is None and door.building.proposal is not None:
            same = by_address.get((_address(door.building), *_number(door)))
        if same is not None:
            found[door.id] = same
    return found


def _beside(doors: Sequence[Dwelling]) -> Sequence[Dwelling]:
    """Doors of their buildings, and of those of the grid that have the address of one that is new."""
    added = {door.building for door in doors if door.building.proposal is not None}
    plain = func.replace(Building.address, " ", "")
    same = [and_(Building.grid_code == house.grid_code, plain == _address(house)[1]) for house in added]
    statement = (
        select(Dwelling)
        .join(Dwelling.building)
        .options(contains_eager(Dwelling.building))
        .where(or_(Building.id.in_({door.building_id for door in doors}), *same))
        .where(Building.district == doors[0].district, Dwelling.merged_into.is_(None))
    )
    return db.session.scalars(statement).all()


def _address(building: Building) -> tuple[str, str]:
    return building.grid_code, building.address.replace(" ", "")


def _number(door: Dwelling) -> tuple[str, str]:
    return door.unit or "", door.door


def confirm(door_id: UUID, actor: Actor, address: str | None = None) -> None:
    """The door is there, in a new house with this address; confirming twice is once. Raises Problem `invalid`."""
    door = _door(door_id, actor.scope)
    if not _waits(door) and _did(door, "door.confirmed", actor):
        return
    _refuse_unless(_waits(door), door)
    if address is not None:
        spell(door.building, address, actor.id)
    door.proposal, door.declined_because, door.proposal_decided_at = None, None, utcnow()
    follow_doors(door.building)
    tell_lists(door.district, Dwelling.id == door.id)
    audit.record("door.confirmed", door.district, ("dwelling", door.id), actor.id)


def decline(door_id: UUID, reason: str, actor: Actor) -> None:
    """There is no such door: it leaves the phones and the counts; what was said there is kept."""
    if not reason.strip():
        raise Problem("invalid", _("Say why, so that the worker can understand it."))
    door, said = _door(door_id, actor.scope), reason.strip()[:200]
    if not _waits(door) and _did(door, "door.declined", actor) and door.declined_because == said:
        return
    _refuse_unless(_waits(door), door)
    if joining_of(door) is not None:  # the other entry of it would be gone as well
        raise was_joined(door)
    door.proposal, door.declined_because = Proposal.DECLINED, said
    door.proposal_decided_at = utcnow()
    follow_doors(door.building)
    tell_lists(door.district, Dwelling.id == door.id)
    audit.record("door.declined", door.district, ("dwelling", door.id), actor.id)


def reconsider(door_id: UUID, actor: Actor) -> None:
    """Take a refusal back: the door waits again."""
    door = _door(door_id, actor.scope)
    if _waits(door):
        return
    _refuse_unless(door.proposal == Proposal.DECLINED and door.merged_into is None, door)
    door.proposal, door.declined_because, door.proposal_decided_at = Proposal.WAITING, None, None
    follow_doors(door.building)
    tell_lists(door.district, Dwelling.id == door.id)
    audit.record("door.reconsidered", door.district, ("dwelling", door.id), actor.id)


def _waits(door: Dwelling) -> bool:
    return door.proposal == Proposal.WAITING and door.merged_into is None


def _did(door: Dwelling, action: str, actor: Actor) -> bool:
    """Whether this is a double click."""
    last = newest_about(door.district, door.id, DOOR_ACTIONS)
    return (
        door.merged_into is None and last is not None and (last.action, last.actor_id) == (action, actor.id)
    )


def _refuse_unless(possible: bool, door: Dwelling) -> None:
    if not possible:
        raise was_decided(door)


def _door(door_id: UUID, scope: Scope) -> Dwelling:
    statement = select(Dwelling.id).where(
        scope.where(Dwelling), Dwelling.id == door_id, Dwelling.proposed_by.is_not(None)
    )
    if db.session.scalar(statement) is None:
        raise Problem("not-found")
    return hold_doors([door_id])[door_id]
