"""Reading places: names of areas, doors by their words, doors to be held while they change, what changed in areas."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, union
from sqlalchemy.orm import aliased

from field.accounts.scope import Scope
from field.core.db import db
from field.places.models import Area, Building, Dwelling, Level

_FEW = 200


def area_name(code: str) -> str:
    """The name of an area, or its code when unknown."""
    area = db.session.get(Area, code)
    return area.name if area else code


def district_name(district: int) -> str:
    """The name of a district by its six-digit code."""
    return area_name(f"{district}000000")


def spoken_of(word: str) -> ColumnElement[bool]:
    """Doors of which a word is a part of the address; needs the building joined."""
    return or_(
        Building.address.contains(word, autoescape=True), Dwelling.door.contains(word, autoescape=True)
    )


def few_doors(scope: Scope, words: Iterable[str]) -> Sequence[UUID] | None:
    """The doors that some words name, when they are few; None when they are many.

    What lies at many doors is soon found by reading on. At few, or none, that would read all there ever was.
    """
    named = select(Dwelling.id).join(Dwelling.building).where(scope.where(Dwelling), *map(spoken_of, words))
    found = db.session.scalars(named.limit(_FEW + 1)).all()
    return found if len(found) <= _FEW else None


def open_door(door: Dwelling) -> Dwelling:
    """The door itself, or the one that it was a second entry of: nothing new is kept behind an entry that is closed."""
    return door if door.merged_into is None else db.session.get_one(Dwelling, door.merged_into)


def hold_doors(ids: Iterable[UUID], *, kept: bool = False) -> dict[UUID, Dwelling]:
    """Doors read anew and held until the transaction ends, in the order of their ids; with those that are `kept`
    where one is a closed entry.

    Whoever also writes what phones hear of takes doors first, then the district's change number, then the rest:
    two that wait for each other would be ended by the database. Rows that refer to a door do not wait for it.
    """
    named = set(ids)
    wanted = Dwelling.id.in_(named)
    if kept:
        # As one list, for the index: an alternative of two would read every door.
        other = aliased(Dwelling)
        wanted = Dwelling.id.in_(
            union(*(select(column).where(other.id.in_(named)) for column in (other.id, other.merged_into)))
        )
    statement = select(Dwelling).where(wanted).order_by(Dwelling.id)
    held = statement.with_for_update(key_share=True).execution_options(populate_existing=True)
    return {row.id: row for row in db.session.scalars(held)}


def newest_within(model: Any, scope: Scope) -> int:
    """The number of the newest change to a row of a Tracked model: one look into its index for each grid."""
    newest = (
        select(func.max(model.change_no))
        .where(model.district == scope.district, model.grid_code == Area.code)
        .correlate(Area)
        .scalar_subquery()
    )
    statement = select(func.max(newest)).where(
        Area.district == scope.district, Area.level == Level.GRID, scope.within(Area.code)
    )
    return db.session.scalar(statement) or 0
