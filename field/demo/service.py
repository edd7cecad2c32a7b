"""Loading the demo into an empty database: district, village, accounts, rounds."""

from datetime import date

from sqlalchemy import select

from field.accounts import queries
from field.accounts.models import User
from field.campaigns import service as campaigns
from field.checklists import service as checklists
from field.core.db import db
from field.core.errors import Problem
from field.demo.cast import CAST, COMMUNITY, DISTRICT, give_rounds, make_accounts
from field.demo.village import Village
from field.places import service as places
from field.places.models import Area, Level

GRID_NAMES = ("第一网格", "第二网格")


def is_empty() -> bool:
    """Whether nobody has an account and no place is known."""
    return db.session.scalar(select(User.id).limit(1)) is None and (
        db.session.scalar(select(Area.code).limit(1)) is None
    )


def is_demo() -> bool:
    """Whether the accounts here are those of the demo."""
    found = queries.user_by_name(CAST[0].username)
    return found is not None and found.name == CAST[0].name


def load(today: date) -> int:
    """Fill an empty database; says how many doors it has. Raises Problem `conflict` when it is not empty."""
    if not is_empty():
        raise Problem("conflict", "The database is not empty; the demo was not loaded.")
    grids = _make_district()
    doors = Village(today).build({number: grids[f"{COMMUNITY}-{number:02d}"] for number in (1, 2)})
    campaign = campaigns.add_campaign(
        DISTRICT, "流动人口服务管理专项行动", "Service for the floating population"
    )
    phase = campaigns.phase_on(campaign, today) or campaign.phases[-1]
    give_rounds(make_accounts(), grids, phase)
    return doors


def _make_district() -> dict[str, Area]:
    places.load_areas()
    checklists.load_codes(DISTRICT)
    checklists.publish_home_safety(DISTRICT)
    checklists.publish_shipped_notice(DISTRICT)
    statement = select(Area).where(Area.level.in_((Level.COMMUNITY, Level.VILLAGE))).order_by(Area.code)
    grids = (
        places.add_grid(area, number, name)
        for area in db.session.scalars(statement).all()
        for number, name in enumerate(GRID_NAMES, 1)
    )
    return {grid.code: grid for grid in grids}
