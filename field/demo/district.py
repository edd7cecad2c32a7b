"""The demo at the size of the real district: its published totals, and nobody who could be real.

Doors, let ones, residents and those of them who are floating are divided over the grids, so that every sum is exact.
A resident is somebody whom a door's headcount counts; the floating ones are in the register by name.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from itertools import islice
from random import Random
from typing import Any

from sqlalchemy import func, select

from field.core.db import db
from field.core.ids import new_id
from field.core.tallies import insert_all
from field.demo import numbers
from field.demo.buildings import Door, Plan, doors
from field.demo.shares import shares
from field.demo.village import SEED, Village
from field.people.models import Occupancy, Person
from field.places.models import Area, Building, Dwelling, Level

LET = ("let", "part_let", "dormitory")
DOORS_PER_GRID = 400
PEOPLE_PER_HOME = 2.6
STREETS = ("银山路", "北京路", "四龙路", "五一街", "红星街", "诚信大道", "纺织路", "工农路")
# How much of the district a community is; villages are smaller.
SIZES = {Level.COMMUNITY: (14, 36), Level.VILLAGE: (5, 15)}


@dataclass(frozen=True)
class Totals:
    """What a district has: dwellings, let ones among them, residents, floating ones among those."""

    dwellings: int
    let: int
    residents: int
    floating: int

    def without(self, other: "Totals") -> "Totals":
        """What is still to be made when the other is there."""
        return Totals(*(mine - theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))


# The source plan of 2022: dwellings, let dwellings, registered residents, floating residents.
BAIYIN = Totals(194_558, 19_265, 334_222, 78_105)


def held(district: int) -> Totals:
    """What the register holds."""
    here = Dwelling.district == district
    counted = func.coalesce(func.sum(Dwelling.headcount), 0)
    let = func.count().filter(Dwelling.use.in_(LET))
    row = db.session.execute(select(func.count(), let, counted).where(here)).one()
    stays = select(func.count()).select_from(Occupancy).where(Occupancy.district == district)
    return Totals(row[0], row[1], int(row[2] or 0), db.session.execute(stays).scalar_one())


def doors_of(communities: Sequence[Area], number: int) -> dict[str, int]:
    """How many doors each community gets, by its code."""
    chance = Random(SEED)  # noqa: S311 not a secret: it must repeat
    weights = [chance.randint(*SIZES[area.level]) for area in communities]
    return dict(zip((area.code for area in communities), shares(number, weights), strict=True))


class Surroundings:
    """Fills the grids around the village, one after the other, in statements of many rows."""

    def __init__(self, village: Village, missing: Totals) -> None:
        self.village, self.missing = village, missing
        self.chance = village.chance
        self.identities = numbers.identity_numbers()

    def build(self, grids: Mapping[str, int], areas: Mapping[str, Area]) -> None:
        """Build so many doors in each grid, by its code, with their share of everything else."""
        sizes = list(grids.values())
        let = shares(self.missing.let, [size * self.chance.uniform(0.6, 1.4) for size in sizes])
        others = [size - part for size, part in zip(sizes, let, strict=True)]
        floating = shares(self.missing.floating, let)
        settled = shares(self.missing.residents - self.missing.floating, others)
        for code, *part in zip(grids, sizes, let, floating, settled, strict=True):
            self._fill(areas[code], *part)

    def _fill(self, grid: Area, size: int, let: int, floating: int, settled: int) -> None:
        built = list(islice(self._doors(grid), size))
        homes = self._homes(len(built), let, floating, settled)
        rows = [
            self._dwelling(building, plan, door, home)
            for (building, plan, door), home in zip(built, homes, strict=True)
        ]
        stays = [self._stay(row) for row, home in zip(rows, homes, strict=True) for _ in range(home.named)]
        buildings = {building.id: building for building, _plan, _door in built}
        everything: tuple[list[Any], ...] = (
            list(buildings.values()),
            rows,
            [person for person, _stay in stays],
            [stay for _person, stay in stays],
        )
        for things in everything:
            insert_all(db.session(), things)

    def _doors(self, grid: Area) -> Iterator[tuple[Building, Plan, Door]]:
        west, south = self.chance.uniform(104.05, 104.30), self.chance.uniform(36.45, 36.62)
        street = self.chance.choice(STREETS)
        place = 0
        while True:
            plan = self._plan(f"{street} {2 * place + 1}号")
            place += 1
            building = Building(
                id=new_id(),
                district=grid.district,
                grid_code=grid.code,
                address=plan.plate,
                storeys=plan.storeys,
                position=place,
                land_tenure="urban_state" if plan.flats else "rural_collective",
                longitude=round(west + 0.00025 * (place % 6), 6),
                latitude=round(south + 0.00025 * (place // 6), 6),
            )
            yield from ((building, plan, door) for door in doors(plan))

    def _plan(self, plate: str) -> Plan:
        if self.chance.random() < 0.6:
            return Plan(1, plate, self.chance.choice((5, 6, 6, 7)), 2, units=self.chance.choice((2, 3, 4)))
        return Plan(1, plate, self.chance.choice((2, 3, 4, 5)), self.chance.choice((2, 3, 4)))

    def _homes(self, size: int, let: int, floating: int, settled: int) -> "list[Home]":
        owned = min(size - let, round(settled / PEOPLE_PER_HOME))
        named = shares(floating, [self.chance.choice((2, 3, 4, 4, 5, 6)) for _ in range(let)])
        counted = shares(settled - owned, [self.chance.choice((1, 1, 2, 3)) for _ in range(owned)])
        homes = [Home(self.chance.choices(LET, (80, 17, 3))[0], number, number) for number in named]
        homes += [Home("owner_occupied", number + 1, 0) for number in counted]
        homes += [
            Home(self.chance.choice(("vacant", "vacant", None)), 0, 0) for _ in range(size - len(homes))
        ]
        self.chance.shuffle(homes)
        return homes

    def _dwelling(self, building: Building, plan: Plan, door: Door, home: "Home") -> Dwelling:
        dwelling = Dwelling(
            id=new_id(),
            district=building.district,
            grid_code=building.grid_code,
            building_id=building.id,
            floor=door.floor,
            door=door.number,
            unit=door.unit,
            use=home.use,
            headcount=home.counted if home.counted else None,
            **self.village.rooms(plan, home.use),
        )
        lessor = next(self.village.lessors), next(self.village.mobiles)
        for name, value in (self.village.letting(lessor) if home.use in LET else {}).items():
            setattr(dwelling, name, value)
        return dwelling

    def _stay(self, dwelling: Dwelling) -> tuple[Person, Occupancy]:
        facts = self.village.stay(next(self.identities))
        person = Person(id=new_id(), district=dwelling.district)
        stay = Occupancy(
            id=new_id(),
            district=dwelling.district,
            grid_code=dwelling.grid_code,
            dwelling_id=dwelling.id,
            person_id=person.id,
        )
        for name, value in facts.items():
            setattr(person if hasattr(Person, name) else stay, name, value)
        return person, stay


@dataclass(frozen=True)
class Home:
    """What a door is used for, how many people live there, and how many of them the register names."""

    use: str | None
    counted: int
    named: int
