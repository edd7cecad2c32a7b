"""Areas, buildings and doors."""

from itertools import count
from typing import Any

from field.core.db import db, transaction
from field.places import service
from field.places.models import Area, Building, Dwelling, Level, Workplace

DISTRICT = 620402
COMMUNITY = "620402001005"
GRID = f"{COMMUNITY}-01"
SECOND_GRID = f"{COMMUNITY}-02"
# Another community of the same district, and another district.
ELSEWHERE = "620402001006-01"
ABROAD = "620403001001-01"

_plates = count(1)
_doors = count(1)


def a_grid(code: str = GRID) -> Area:
    """A grid with everything above it; the same one when it is there already."""
    known = db.session.get(Area, code)
    if known is not None:
        return known
    community, _, number = code.partition("-")
    with transaction():
        above = None
        for part, level in (
            (community[:6], Level.DISTRICT),
            (community[:9], Level.SUBDISTRICT),
            (community, Level.COMMUNITY),
        ):
            above = _area(part.ljust(12, "0"), level, above)
        assert above is not None
        return service.add_grid(above, int(number), f"测试网格{number}")


def _area(code: str, level: Level, above: Area | None) -> Area:
    known = db.session.get(Area, code)
    if known is not None:
        return known
    area = Area(
        code=code,
        district=int(code[:6]),
        name=f"测试{level}{code[-6:]}",
        level=level,
        parent_code=above.code if above else None,
    )
    db.session.add(area)
    db.session.flush()
    return area


def a_building(grid: str = GRID, **facts: Any) -> Building:
    """A building of four storeys with a plate of its own."""
    address = facts.pop("address", f"测试路 {next(_plates)}号")
    area = a_grid(grid)
    with transaction():
        return service.add_building(area, address, **({"storeys": 4} | facts))


def a_dwelling(building: Building | None = None, grid: str = GRID, **facts: Any) -> Dwelling:
    """A let door on the third floor, in a building of its own when none is given."""
    home = building or a_building(grid)
    number = next(_doors)
    floor, door = facts.pop("floor", 3), facts.pop("door", f"3{number:02d}")
    usual: dict[str, Any] = {"use": "let", "rooms": 2}
    with transaction():
        return service.add_dwelling(home, floor, door, **(usual | facts))


def a_workplace(dwelling: Dwelling | None = None, **facts: Any) -> Workplace:
    """An eatery behind a door, with somebody to call."""
    usual: dict[str, Any] = {"headcount": 3, "dormitory_headcount": 0, "contact_phone": "15400000077"}
    kind, name = facts.pop("kind", "eatery"), facts.pop("name", "测试·面馆")
    home = dwelling or a_dwelling()
    with transaction():
        return service.add_workplace(home, kind, name, **(usual | facts))
