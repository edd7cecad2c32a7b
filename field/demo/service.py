"""Loading the demo into an empty database: district, village, accounts, rounds."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select

from field.accounts import queries
from field.accounts.models import User
from field.campaigns import service as campaigns
from field.checklists import service as checklists
from field.core.db import db
from field.core.errors import Problem
from field.demo.cast import CAST, COMMUNITY, DISTRICT, give_rounds, make_accounts
from field.demo.district import DOORS_PER_GRID, Surroundings, Totals, doors_of, held
from field.demo.numbers import numeral
from field.demo.shares import shares
from field.demo.village import Village
from field.hazards.models import NoticeContact
from field.places import service as places
from field.places.models import Area, Level

VILLAGE_GRIDS = (1, 2)
# The survey began so many days ago: a day before the first call of the past.
SURVEYED = 21
# On notices; behind an area's code no number begins with a nought, so it is nobody's.
CALLED = {
    "district": DISTRICT,
    "area_code": f"{DISTRICT}000000",
    "name": "演示·区流动人口服务中心",
    "telephone": "0943-0000000",
}


def is_empty() -> bool:
    """Whether nobody has an account and no place is known."""
    return db.session.scalar(select(User.id).limit(1)) is None and (
        db.session.scalar(select(Area.code).limit(1)) is None
    )


def is_demo() -> bool:
    """Whether the accounts here are those of the demo."""
    found = queries.user_by_name(CAST[0].username)
    return found is not None and found.name == CAST[0].name


def load(today: date, totals: Totals | None = None) -> int:
    """Fill an empty database; says how many doors it has. With totals, the village stands in a whole district.

    Raises Problem `conflict` when the database is not empty.
    """
    if not is_empty():
        raise Problem("conflict", "The database is not empty; the demo was not loaded.")
    grids = _make_district()
    village = Village(today)
    village.build({number: grids[f"{COMMUNITY}-{number:02d}"] for number in VILLAGE_GRIDS})
    if totals is not None:
        _surround(village, totals)
    campaign = campaigns.add_campaign(
        DISTRICT, "流动人口服务管理专项行动", "Service for the floating population", _plan(today)
    )
    phase = campaigns.phase_on(campaign, today) or campaign.phases[-1]
    give_rounds(make_accounts(), grids, phase)
    return held(DISTRICT).dwellings


def _make_district() -> dict[str, Area]:
    places.load_areas()
    checklists.load_codes(DISTRICT)
    checklists.publish_home_safety(DISTRICT)
    checklists.publish_shipped_notice(DISTRICT)
    checklists.load_guides(DISTRICT)
    db.session.add(NoticeContact(**CALLED))
    grids = (_add_grid(area, number) for area in _communities() for number in VILLAGE_GRIDS)
    return {grid.code: grid for grid in grids}


def _plan(today: date) -> list[dict[str, str]]:
    """The first two phases of the plan, counted back from today; the second runs, and a demo may stay for months."""
    mobilise, survey = campaigns.shipped_phases()[:2]
    begin = today - timedelta(days=SURVEYED)
    before = {"starts_on": str(begin - timedelta(days=6)), "ends_on": str(begin - timedelta(days=1))}
    return [mobilise | before, survey | {"starts_on": str(begin), "ends_on": ""}]


def _communities() -> Sequence[Area]:
    statement = select(Area).where(Area.level.in_((Level.COMMUNITY, Level.VILLAGE))).order_by(Area.code)
    return db.session.scalars(statement).all()


def _add_grid(community: Area, number: int) -> Area:
    return places.add_grid(community, number, f"第{numeral(number)}网格")


def _surround(village: Village, totals: Totals) -> None:
    """Fill every grid but those of the village, and make more of them where a community has many doors."""
    missing = totals.without(held(DISTRICT))
    sizes: dict[str, int] = {}
    areas: dict[str, Area] = {}
    communities = _communities()
    parts = doors_of(communities, missing.dwellings)
    for area in communities:
        number = parts[area.code]
        first = len(VILLAGE_GRIDS) + 1 if area.code == COMMUNITY else 1
        places_for = range(first, first + max(1, -(-number // DOORS_PER_GRID)))
        made = {f"{area.code}-{place:02d}": place for place in places_for}
        for code, place in made.items():
            areas[code] = db.session.get(Area, code) or _add_grid(area, place)
        sizes |= dict(zip(made, shares(number, [1] * len(made)), strict=True))
    Surroundings(village, missing).build(sizes, areas)
