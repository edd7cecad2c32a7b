"""Door plates out of a table: what each line would change, which lines cannot be used and why, and doing it.

A line names a building by its address or name, a door by unit and number, and its code; without a door it is the plate
of the house. Whoever sends the same table again changes nothing.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple
from unicodedata import normalize
from uuid import UUID

from sqlalchemy import or_, select

from field.accounts.scope import Actor, Scope
from field.audit import service as audit
from field.core.db import db
from field.core.sheets import Line, Spoilt
from field.places import plates
from field.places.models import Building, Dwelling

# How the head of a column may be called.
HEADS: Mapping[str, frozenset[str]] = {
    "address": frozenset({"地址", "楼栋", "楼栋地址", "门牌地址", "address", "building"}),
    "unit": frozenset({"单元", "单元号", "unit"}),
    "door": frozenset({"房号", "门号", "户号", "房间号", "室号", "door", "room"}),
    "code": frozenset({"编码", "门牌编码", "门牌码", "二维码", "二维码内容", "code", "plate"}),
}
_NEEDED = ("address", "code")


class Verdict(StrEnum):
    """What becomes of a line."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    LEFT = "left"
    WRONG = "wrong"


class Entry(NamedTuple):
    """A line as it was read."""

    line: int
    address: str
    unit: str
    door: str
    code: str
    spoilt: str = ""


@dataclass
class Judged:
    """A line with what is to become of it; `why` names what is wrong, `before` is the code that goes."""

    entry: Entry
    verdict: Verdict = Verdict.WRONG
    why: str = ""
    row: Building | Dwelling | None = None
    before: str = ""

    @property
    def changes(self) -> bool:
        """Whether it gives a code that the place does not have."""
        return self.verdict in {Verdict.NEW, Verdict.CHANGED}


@dataclass
class Plan:
    """All lines judged together."""

    lines: list[Judged]
    counts: Counter[Verdict] = field(init=False)

    def __post_init__(self) -> None:
        self.counts = Counter(line.verdict for line in self.lines)

    @property
    def changing(self) -> list[Judged]:
        """The lines that change something."""
        return [line for line in self.lines if line.changes]

    @property
    def wrong(self) -> list[Judged]:
        """The lines that cannot be used."""
        return [line for line in self.lines if line.verdict == Verdict.WRONG]


class MissingColumns(Exception):
    """The head names no address or no code; `names` are those that are missing."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(*names)
        self.names = names


def entries_of(lines: Sequence[Line]) -> list[Entry]:
    """The lines below the head. Raises MissingColumns."""
    head, *rest = lines
    said = [_tidy(cell).lower() for cell in head.cells]
    places = {
        name: next((at for at, one in enumerate(said) if one in heads), -1) for name, heads in HEADS.items()
    }
    missing = [name for name in _NEEDED if places[name] < 0]
    if missing:
        raise MissingColumns(missing)
    return [_entry(line, places) for line in rest]


def _entry(line: Line, places: Mapping[str, int]) -> Entry:
    cells = {name: line.cells[at] if 0 <= at < len(line.cells) else "" for name, at in places.items()}
    spoilt = next((cell.why for cell in cells.values() if isinstance(cell, Spoilt)), "")
    named = {name: _tidy(cells[name]) for name in ("address", "unit", "door")}
    return Entry(line.number, **named, code=str(cells["code"]).strip(), spoilt=spoilt)


def _tidy(text: str) -> str:
    """Full-width signs as plain ones, one space where there are several."""
    return " ".join(normalize("NFKC", text).split())


def plan(entries: Sequence[Entry], scope: Scope) -> Plan:
    """What these lines would do; nothing is changed. Only buildings of the area are found."""
    buildings = _buildings({entry.address for entry in entries}, scope)
    doors = _doors({row.id for rows in buildings.values() for row in rows})
    lines = [_judged(entry, buildings, doors) for entry in entries]
    _insist_on_one_place(lines)
    _insist_on_free_codes(lines, scope.district)
    return Plan(lines)


def _buildings(addresses: set[str], scope: Scope) -> dict[str, list[Building]]:
    found: dict[str, list[Building]] = {}
    for some in plates.portions(sorted(addresses)):
        named = or_(Building.address.in_(some), Building.name.in_(some))
        for row in db.session.scalars(select(Building).where(scope.where(Building), plates.stands(), named)):
            for name in {row.address, row.name} & set(some):
                found.setdefault(str(name), []).append(row)
    return found


def _doors(buildings: set[UUID]) -> dict[tuple[UUID, str], list[Dwelling]]:
    """By building and by how they are written: 2-301, and 301 with its unit beside it."""
    found: dict[tuple[UUID, str], list[Dwelling]] = {}
    for some in plates.portions(sorted(buildings)):
        statement = select(Dwelling).where(Dwelling.building_id.in_(some), plates.is_there())
        for row in db.session.scalars(statement):
            found.setdefault((row.building_id, row.label), []).append(row)
    return found


def _judged(
    entry: Entry,
    buildings: Mapping[str, Sequence[Building]],
    doors: Mapping[tuple[UUID, str], Sequence[Dwelling]],
) -> Judged:
    why = _fault_of(entry)
    if why:
        return Judged(entry, why=why)
    if not entry.code:
        return Judged(entry, Verdict.LEFT)
    places: Sequence[Building | Dwelling] = buildings.get(entry.address, ())
    if len(places) == 1 and entry.door:
        label = f"{entry.unit}-{entry.door}" if entry.unit else entry.door
        places = doors.get((places[0].id, label), ())
        if not places:
            return Judged(entry, why="no_door")
    if len(places) != 1:
        return Judged(entry, why="several" if places else "no_building")
    [row] = places
    before = row.plate or ""
    verdict = Verdict.SAME if before == entry.code else Verdict.CHANGED if before else Verdict.NEW
    return Judged(entry, verdict, row=row, before=before)


def _fault_of(entry: Entry) -> str:
    if entry.spoilt:
        return entry.spoilt
    if not entry.address:
        return "no_address"
    if entry.unit and not entry.door:
        return "unit_alone"
    if len(entry.code) > plates.LONGEST:
        return "long"
    return "control" if any(ord(sign) < 32 for sign in entry.code) else ""


def _insist_on_one_place(lines: Iterable[Judged]) -> None:
    """A place named twice with two codes, or a code for two places: nobody can tell which is meant."""
    used = [line for line in lines if line.row is not None]
    said = {(line.row.id, line.entry.code) for line in used if line.row}
    places, codes = Counter(place for place, _code in said), Counter(code for _place, code in said)
    seen: set[UUID] = set()
    for line in used:
        assert line.row is not None
        if places[line.row.id] > 1:
            _refuse(line, "place_twice")
        elif codes[line.entry.code] > 1:
            _refuse(line, "code_twice")
        elif line.row.id in seen:
            line.verdict = Verdict.SAME
        seen.add(line.row.id)


def _insist_on_free_codes(lines: Sequence[Judged], district: int) -> None:
    """A code that another place has is free only when this very table gives that place another one."""
    holders = plates.holders(district, {line.entry.code for line in lines if line.changes})
    while True:
        moving = {line.row.id for line in lines if line.changes and line.row}
        taken = [
            line
            for line in lines
            if line.changes
            and line.row
            and holders.get(line.entry.code, line.row.id) not in moving | {line.row.id}
        ]
        if not taken:
            return
        for line in taken:
            _refuse(line, "taken")


def _refuse(line: Judged, why: str) -> None:
    line.verdict, line.why = Verdict.WRONG, why


def give_all(entries: Sequence[Entry], actor: Actor) -> Plan:
    """Judge the lines once more as things stand now, and let every usable one have its code."""
    made = plan(entries, actor.scope)
    wanted = {line.row.id: (line.row, line.entry.code) for line in made.changing if line.row}
    changed = plates.assign(actor.scope.district, wanted)
    if changed:
        audit.record("plates.imported", actor.scope.district, ("district", None), actor.id, number=changed)
    return made
