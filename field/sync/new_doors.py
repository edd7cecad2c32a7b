"""Doors and houses that a worker met and the register does not know: proposals, added with the first visit there."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from field.accounts.scope import Scope
from field.core.db import db
from field.places import plates
from field.places import service as places
from field.places.models import Area, Building, Dwelling, Level, Proposal


def new_door(
    dwelling_id: UUID, part: Mapping[str, Any], author_id: UUID, scope: Scope, at: datetime
) -> Dwelling | None:
    """The door, in a house that is known or comes with it; None outside the author's area."""
    building = db.session.get(Building, part["building"]) or _new_house(part, author_id, scope)
    if building is None or building.district != scope.district or not scope.covers(building.grid_code):
        return None
    if building.proposal == Proposal.DECLINED:  # there is another door in it to decide about
        building.proposal = Proposal.WAITING
    return places.propose_dwelling(building, dwelling_id, part, author_id, at)


def _new_house(part: Mapping[str, Any], author_id: UUID, scope: Scope) -> Building | None:
    """As a proposal; the one that has this plate already is the same house."""
    house = part.get("house")
    if house is None:
        return None
    grid = db.session.get(Area, house["grid"])
    if grid is None or grid.level != Level.GRID or not scope.covers(grid.code):
        return None
    plate = (house.get("plate") or "").strip()
    same = _plated(plate, scope) if plate else None
    if same is not None:
        return same
    # A code that stands elsewhere cannot stand here too: the lead reads it in the address then.
    free = plate if plate and not plates.holders(scope.district, [plate]) else None
    return places.propose_building(grid, part["building"], house, free, author_id)


def _plated(plate: str, scope: Scope) -> Building | None:
    return db.session.scalar(
        select(Building).where(scope.where(Building), plates.stands(), Building.plate == plate)
    )
