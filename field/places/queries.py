"""Reading places: names of areas, doors within a scope."""

from field.core.db import db
from field.places.models import Area


def area_name(code: str) -> str:
    """The name of an area, or its code when unknown."""
    area = db.session.get(Area, code)
    return area.name if area else code


def district_name(district: int) -> str:
    """The name of a district by its six-digit code."""
    return area_name(f"{district}000000")
