"""A plan of the buildings around a door, drawn from our own coordinates: points, the outline of the grid, a pin.

It needs no map of anybody's, works without scripts and in print; map.js lays it over the district's tiles.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians

from sqlalchemy import func, select

from field.core.db import db
from field.places.models import Building

NEAREST = 80
# The plan's longer side, and the room around it, in units of its own.
SIDE, MARGIN = 300.0, 24.0


@dataclass(frozen=True)
class Point:
    """A building: where it is in the world and on the plan."""

    address: str
    longitude: float
    latitude: float
    x: float
    y: float
    here: bool


@dataclass(frozen=True)
class Plan:
    """The points with the size of the plan; `outline` is the hull of the points, as an SVG path's points."""

    width: float
    height: float
    points: list[Point]
    outline: str


def plan_around(building: Building) -> Plan | None:
    """The plan of a building's grid; None when nobody has told where it stands."""
    if building.longitude is None or building.latitude is None:
        return None
    return _drawn(building, _neighbours(building))


def _neighbours(building: Building) -> Sequence[Building]:
    away = func.abs(Building.longitude - building.longitude) + func.abs(Building.latitude - building.latitude)
    statement = select(Building).where(
        Building.district == building.district,
        Building.grid_code == building.grid_code,
        Building.longitude.is_not(None),
        Building.latitude.is_not(None),
    )
    return db.session.scalars(statement.order_by(away, Building.id).limit(NEAREST)).all()


def _drawn(building: Building, rows: Sequence[Building]) -> Plan:
    # A degree of longitude is shorter than one of latitude by the cosine of the latitude.
    narrow = cos(radians(building.latitude or 0))
    flat = [((row.longitude or 0) * narrow, -(row.latitude or 0)) for row in rows]
    west, north = min(x for x, _y in flat), min(y for _x, y in flat)
    wide, high = max(x for x, _y in flat) - west, max(y for _x, y in flat) - north
    scale = SIDE / (max(wide, high) or 1)
    placed = [(MARGIN + (x - west) * scale, MARGIN + (y - north) * scale) for x, y in flat]
    points = [
        Point(
            row.address,
            row.longitude or 0,
            row.latitude or 0,
            round(x, 1),
            round(y, 1),
            row.id == building.id,
        )
        for row, (x, y) in zip(rows, placed, strict=True)
    ]
    return Plan(
        round(wide * scale + 2 * MARGIN, 1),
        round(high * scale + 2 * MARGIN, 1),
        points,
        " ".join(f"{x:.1f},{y:.1f}" for x, y in hull(placed)),
    )


def hull(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The convex hull (Andrew's monotone chain)."""
    ordered = sorted(set(points))
    if len(ordered) < 3:
        return ordered
    return [*_chain(ordered), *_chain(ordered[::-1])]


def _chain(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    chain: list[tuple[float, float]] = []
    for point in points:
        while len(chain) > 1 and _turn(chain[-2], chain[-1], point) <= 0:
            chain.pop()
        chain.append(point)
    return chain[:-1]


def _turn(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
