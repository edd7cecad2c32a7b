"""What the codes on door plates say: which doors have one, and giving codes to a building and its doors."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, func, or_, select

from field.accounts.scope import Actor, Scope
from field.audit import service as audit
from field.core.db import db
from field.core.errors import Problem
from field.places.models import Building, Dwelling, Proposal

LIMIT = 60
LONGEST = 120


class Plated(NamedTuple):
    """A building, how many doors it has, and how many of them have a code."""

    building: Building
    doors: int
    plated: int


def plated_buildings(scope: Scope, typed: str = "") -> Sequence[Plated]:
    """Buildings in the order of walking, those whose address or name holds what was typed; LIMIT at most."""
    statement = (
        select(Building, func.count(Dwelling.id), func.count(Dwelling.plate))
        .outerjoin(Dwelling, and_(Dwelling.building_id == Building.id, _there()))
        .where(scope.where(Building))
        .group_by(Building.id)
        .order_by(Building.grid_code, Building.position, Building.id)
        .limit(LIMIT)
    )
    if typed.strip():
        words = typed.strip()
        statement = statement.where(
            or_(
                Building.address.contains(words, autoescape=True),
                Building.name.contains(words, autoescape=True),
            )
        )
    return [Plated(*row) for row in db.session.execute(statement)]


def _there() -> ColumnElement[bool]:
    """A door that is one: no second entry of another, and not declined."""
    standing = or_(Dwelling.proposal.is_(None), Dwelling.proposal != Proposal.DECLINED)
    return and_(Dwelling.merged_into.is_(None), standing)


def building_of(building_id: UUID, scope: Scope) -> Building:
    """A building of the area, or Problem `not-found`."""
    found = db.session.scalar(select(Building).where(scope.where(Building), Building.id == building_id))
    if found is None:
        raise Problem("not-found")
    return found


def doors_of(building: Building) -> Sequence[Dwelling]:
    """Its doors from the bottom up."""
    statement = select(Dwelling).where(Dwelling.building_id == building.id, _there())
    return db.session.scalars(statement.order_by(Dwelling.unit, Dwelling.floor, Dwelling.door)).all()


def given_twice(building: Building, codes: Mapping[UUID, str]) -> set[UUID]:
    """Which of these may not have their code, because another one has it or is to have it."""
    said = {key: code.strip() for key, code in codes.items() if code.strip()}
    times = Counter(said.values())
    elsewhere = _held_elsewhere(building.district, set(said.values()), set(codes))
    return {key for key, code in said.items() if times[code] > 1 or code in elsewhere}


def _held_elsewhere(district: int, codes: set[str], but: set[UUID]) -> set[str]:
    found: set[str] = set()
    for model in (Building, Dwelling):
        statement = select(model.plate).where(
            model.district == district, model.plate.in_(codes), model.id.not_in(but)
        )
        found |= {code for code in db.session.scalars(statement) if code is not None}
    return found


def give(building: Building, codes: Mapping[UUID, str], actor: Actor) -> None:
    """Let the building and its doors have these codes, by id; an empty one takes a code away.

    Ids of other buildings are passed over. Raises Problem `invalid` when a code would stand at two places.
    """
    rows: dict[UUID, Building | Dwelling] = {building.id: building}
    rows |= {door.id: door for door in doors_of(building)}
    known = {key: code for key, code in codes.items() if key in rows}
    if given_twice(building, known):
        raise Problem("invalid", _("A code can stand at one place only."))
    changed = 0
    for key, code in known.items():
        wanted = code.strip()[:LONGEST] or None
        changed += rows[key].plate != wanted
        rows[key].plate = wanted
    if changed:
        audit.record("plates.given", building.district, ("building", building.id), actor.id, number=changed)
