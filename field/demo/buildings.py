"""The buildings of the demo village: plates, storeys and doors, odd where real ones are odd."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple


class Door(NamedTuple):
    """Where a door is: unit or None, floor (below ground negative), number on the door."""

    unit: str | None
    floor: int
    number: str

    @property
    def label(self) -> str:
        """Unit and number as people write them."""
        return f"{self.unit}-{self.number}" if self.unit else self.number


@dataclass(frozen=True)
class Plan:
    """A building of `storeys` floors with `across` doors each, from `lowest` up.

    `top` doors are on the last floor when it is only half built; `missing` numbers do not exist.
    """

    grid: int
    plate: str
    storeys: int
    across: int
    lowest: int = 1
    top: int | None = None
    missing: tuple[str, ...] = ()
    units: int = 0
    cellar: int = 0
    dormitory: bool = False

    @property
    def flats(self) -> bool:
        """Blocks with units belong to many owners; the others were built by one household."""
        return self.units > 0


PLANS = (
    Plan(1, "人民路 12号", 4, 4, missing=("104",)),
    Plan(1, "人民路 14号", 3, 3),
    Plan(1, "人民路 16号", 5, 4, top=2),
    Plan(1, "人民路 18号", 6, 3, lowest=2),
    Plan(1, "人民路 20号", 4, 3),
    Plan(1, "人民路一巷 1号", 3, 2),
    Plan(1, "人民路一巷 2号", 5, 3, top=1),
    Plan(1, "人民路一巷 3号", 4, 4, missing=("204", "304")),
    Plan(1, "人民路一巷 5号", 5, 3, dormitory=True),
    Plan(1, "人民路一巷 7号", 3, 4, top=2),
    Plan(1, "人民路一巷 9号", 7, 2),
    Plan(1, "人民路一巷 11号", 4, 3, missing=("101",)),
    Plan(1, "人民路一巷 11号附1", 3, 1),
    Plan(2, "人民路 32号院 1号楼", 6, 2, units=3),
    Plan(2, "人民路 32号院 2号楼", 5, 2, units=2, missing=("1-101",)),
    Plan(2, "人民路二巷 2号", 4, 3),
    Plan(2, "人民路二巷 4号", 5, 4, missing=("404",)),
    Plan(2, "人民路二巷 6号", 3, 3, top=1),
    Plan(2, "人民路二巷 8号", 6, 2, lowest=2),
    Plan(2, "人民路二巷 10号", 4, 4),
    Plan(2, "人民路三巷 1号", 3, 3),
    Plan(2, "人民路三巷 3号", 4, 2, cellar=1),
    Plan(2, "人民路三巷 5号", 7, 2, top=1),
)


def doors(plan: Plan) -> Iterator[Door]:
    """The doors of a building, unit by unit from the bottom."""
    for unit in map(str, range(1, plan.units + 1)) if plan.flats else (None,):
        for floor, number in _numbers(plan):
            door = Door(unit, floor, number)
            if door.label not in plan.missing:
                yield door


def _numbers(plan: Plan) -> Iterator[tuple[int, str]]:
    for place in range(1, plan.cellar + 1):
        yield -1, f"B{place:02d}"
    for floor in range(plan.lowest, plan.storeys + 1):
        across = plan.top if plan.top and floor == plan.storeys else plan.across
        for place in range(1, across + 1):
            yield floor, f"{floor}{place:02d}"
