"""Reading places: names of areas, doors to be held while they change."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from field.core.db import db
from field.places.models import Area, Dwelling


def area_name(code: str) -> str:
    """The name of an area, or its code when unknown."""
    area = db.session.get(Area, code)
    return area.name if area else code


def district_name(district: int) -> str:
    """The name of a district by its six-digit code."""
    return area_name(f"{district}000000")


def hold_doors(ids: Iterable[UUID]) -> dict[UUID, Dwelling]:
    """Doors read anew and held until the transaction ends, in the order of their ids.

    Whoever also writes what phones hear of takes doors first, then the district's change number, then the rest:
    two that wait for each other would be ended by the database. Rows that refer to a door do not wait for it.
    """
    statement = select(Dwelling).where(Dwelling.id.in_(set(ids))).order_by(Dwelling.id)
    held = statement.with_for_update(key_share=True).execution_options(populate_existing=True)
    return {row.id: row for row in db.session.scalars(held)}
