"""Adding places: the area tree that comes with the program, then grids, buildings and doors."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from field.audit import service as audit
from field.core.db import db
from field.core.errors import Problem
from field.core.ids import new_id
from field.core.shipped import shipped_rows
from field.places.models import Area, Building, Dwelling, Level, Proposal, Workplace

AREAS = Path(__file__).parent / "data" / "areas.csv"
_HOLDS_GRIDS = (Level.COMMUNITY, Level.VILLAGE)


def load_areas(path: Path = AREAS) -> int:
    """Add the areas of a table (code, name, level, parent_code) that are not there yet; says how many."""
    known = set(db.session.scalars(select(Area.code)))
    fresh = [row for row in shipped_rows(path) if row["code"] not in known]
    for level in Level:  # parents before children
        db.session.add_all(_area(row) for row in fresh if row["level"] == level)
        db.session.flush()
    return len(fresh)


def _area(row: dict[str, str]) -> Area:
    return Area(
        code=row["code"],
        district=int(row["code"][:6]),
        name=row["name"],
        level=Level(row["level"]),
        parent_code=row["parent_code"] or None,
    )


def add_grid(community: Area, number: int, name: str) -> Area:
    """Add a grid under a community or village; its code is the parent's with a suffix (…-01).

    Raises Problem `invalid` under any other level.
    """
    if community.level not in _HOLDS_GRIDS:
        raise Problem("invalid", "A grid belongs to a community or a village.")
    grid = Area(
        code=f"{community.code}-{number:02d}",
        district=community.district,
        name=name,
        level=Level.GRID,
        parent_code=community.code,
    )
    db.session.add(grid)
    db.session.flush()
    return grid


def add_building(grid: Area, address: str, **facts: Any) -> Building:
    """Add a building by its address plate; `facts` are other columns (storeys, longitude in degrees …)."""
    if grid.level != Level.GRID:
        raise Problem("invalid", "A building belongs to a grid.")
    building = Building(id=new_id(), district=grid.district, grid_code=grid.code, address=address, **facts)
    db.session.add(building)
    db.session.flush()
    return building


def add_dwelling(
    building: Building,
    floor: int,
    door: str,
    unit: str | None = None,
    *,
    lessor_phone: str | None = None,
    **facts: Any,
) -> Dwelling:
    """Add a door to the register; `facts` are other columns of the dwelling; a phone in its normal form."""
    dwelling = Dwelling(
        id=new_id(),
        district=building.district,
        grid_code=building.grid_code,
        building=building,
        floor=floor,
        door=door,
        unit=unit,
        **facts,
    )
    dwelling.lessor_phone = lessor_phone
    db.session.add(dwelling)
    db.session.flush()
    return dwelling


def add_workplace(
    dwelling: Dwelling, kind: str, name: str, *, contact_phone: str | None = None, **facts: Any
) -> Workplace:
    """Add a place of work behind a door; `facts` are other columns; a phone in its normal form."""
    workplace = Workplace(
        id=new_id(),
        district=dwelling.district,
        grid_code=dwelling.grid_code,
        dwelling_id=dwelling.id,
        kind=kind,
        name=name,
        **facts,
    )
    workplace.contact_phone = contact_phone
    db.session.add(workplace)
    db.session.flush()
    return workplace


def propose_dwelling(
    building: Building, dwelling_id: UUID, facts: Mapping[str, Any], author_id: UUID, at: datetime
) -> Dwelling:
    """Add a door that a worker met and the register did not know; it waits for a lead, visits count at once.

    `facts` are unit, floor, door and perhaps a note and what is odd about the address.
    """
    dwelling = Dwelling(
        id=dwelling_id,
        district=building.district,
        grid_code=building.grid_code,
        building=building,
        unit=facts.get("unit"),
        floor=facts["floor"],
        door=facts["door"],
        address_anomaly=facts.get("address_anomaly"),
        proposal=Proposal.WAITING,
        proposed_by=author_id,
        proposed_at=at,
        proposal_note=facts.get("note"),
    )
    db.session.add(dwelling)
    audit.record("door.proposed", building.district, ("dwelling", dwelling_id), author_id)
    return dwelling


def propose_building(
    grid: Area, building_id: UUID, facts: Mapping[str, Any], plate: str | None, author_id: UUID
) -> Building:
    """Add a house that a worker met and the register did not know, the last of its grid; it waits with its doors."""
    last = select(func.max(Building.position)).where(Building.grid_code == grid.code)
    building = Building(
        id=building_id,
        district=grid.district,
        grid_code=grid.code,
        address=facts["address"],
        position=(db.session.scalar(last) or 0) + 1,
        plate=plate,
        proposal=Proposal.WAITING,
        proposed_by=author_id,
    )
    db.session.add(building)
    audit.record("building.proposed", building.district, ("building", building_id), author_id)
    return building
