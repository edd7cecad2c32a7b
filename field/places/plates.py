"""What the codes on door plates say: which doors have one, and giving codes to a building and its doors."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, func, not_, or_, select
from sqlalchemy.exc import IntegrityError

from field.accounts.scope import Actor, Scope
from field.audit import service as audit
from field.core.db import db, only
from field.core.errors import Problem
from field.places.models import Building, Dwelling, Proposal
from field.places.queries import hold_doors

LIMIT = 60
LONGEST = 120
_AT_ONCE = 500


class Plated(NamedTuple):
    """A building, how many doors it has, and how many of them have a code."""

    building: Building
    doors: int
    plated: int


def plated_buildings(scope: Scope, typed: str = "") -> Sequence[Plated]:
    """Buildings in the order of walking, those whose address or name holds what was typed; LIMIT at most."""
    statement = (
        select(Building, func.count(Dwelling.id), func.count(Dwelling.plate))
        .outerjoin(Dwelling, and_(Dwelling.building_id == Building.id, is_there()))
        .where(scope.where(Building), stands())
        .group_by(Building.id)
        .order_by(Building.grid_code, Building.position, Building.id)
        .limit(LIMIT)
    )
    if typed.strip():
        words = typed.strip()
        statement = statement.where(
            or_(
                Building.address.contains(words, autoescape=True),
                Building.name.contains(words, autoescape=True),
            )
        )
    return [Plated(*row) for row in db.session.execute(statement)]


def is_there() -> ColumnElement[bool]:
    """A door that is one: no second entry of another, and not declined."""
    standing = or_(Dwelling.proposal.is_(None), Dwelling.proposal != Proposal.DECLINED)
    return and_(Dwelling.merged_into.is_(None), standing)


def stands() -> ColumnElement[bool]:
    """A house that is one: not added by a worker and declined."""
    return Building.proposal.is_distinct_from(Proposal.DECLINED)


def building_of(building_id: UUID, scope: Scope) -> Building:
    """A building of the area, or Problem `not-found`."""
    return only(select(Building).where(scope.where(Building), Building.id == building_id))


def doors_of(building: Building) -> Sequence[Dwelling]:
    """Its doors from the bottom up."""
    statement = select(Dwelling).where(Dwelling.building_id == building.id, is_there())
    return db.session.scalars(statement.order_by(Dwelling.unit, Dwelling.floor, Dwelling.door)).all()


def given_twice(building: Building, codes: Mapping[UUID, str]) -> set[UUID]:
    """Which of these may not have their code, because another one has it or is to have it."""
    said = {key: code.strip() for key, code in codes.items() if code.strip()}
    times = Counter(said.values())
    elsewhere = holders(building.district, set(said.values()), but=set(codes))
    return {key for key, code in said.items() if times[code] > 1 or code in elsewhere}


def holders(district: int, codes: Collection[str], *, but: Collection[UUID] = ()) -> dict[str, UUID]:
    """Which building or door has which of these codes; closed entries and declined houses hold none."""
    found: dict[str, UUID] = {}
    for model, standing in ((Building, stands()), (Dwelling, is_there())):
        for some in portions(sorted(codes)):
            statement = select(model.plate, model.id).where(
                model.district == district, model.plate.in_(some), standing
            )
            found |= {str(code): key for code, key in db.session.execute(statement) if key not in but}
    return found


def give(building: Building, codes: Mapping[UUID, str], actor: Actor) -> None:
    """Let the building and its doors have these codes, by id; an empty one takes a code away.

    Ids of other buildings are passed over. Raises Problem `invalid` when a code would stand at two places.
    """
    rows: dict[UUID, Building | Dwelling] = {building.id: building}
    rows |= {door.id: door for door in doors_of(building)}
    known = {key: code for key, code in codes.items() if key in rows}
    if given_twice(building, known):
        raise _twice()
    changed = assign(building.district, {key: (rows[key], code) for key, code in known.items()})
    if changed:
        audit.record("plates.given", building.district, ("building", building.id), actor.id, number=changed)


def assign(district: int, wanted: Mapping[UUID, tuple[Building | Dwelling, str]]) -> int:
    """Write codes, also such as change places among these rows; says how many rows changed.

    Raises Problem `invalid` when another place was given one of them at the same moment: the indexes see it within a
    table, and of a building and a door whoever writes second, since writing holds the district's change number.
    """
    hold_doors(wanted)
    said = {key: code.strip()[:LONGEST] or None for key, (_row, code) in wanted.items()}
    changing = {key: row for key, (row, _code) in wanted.items() if row.plate != said[key]}
    codes = {code for key in changing if (code := said[key])}
    try:
        for row in [*_closed_with(district, codes), *changing.values()]:
            if row.plate in codes:
                row.plate = None
        db.session.flush()
        for key, row in changing.items():
            row.plate = said[key]
        db.session.flush()
    except IntegrityError:
        raise _twice() from None
    if set(holders(district, codes, but=changing)):
        raise _twice()
    return len(changing)


def _closed_with(district: int, codes: Collection[str]) -> Sequence[Building | Dwelling]:
    """Entries that are no doors or houses any more and still have one of these codes."""
    found: list[Building | Dwelling] = []
    for model, standing in ((Building, stands()), (Dwelling, is_there())):
        for some in portions(sorted(codes)):
            statement = select(model).where(model.district == district, model.plate.in_(some), not_(standing))
            found += db.session.scalars(statement)
    return found


def _twice() -> Problem:
    return Problem("invalid", _("A code can stand at one place only."))


def portions(things: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Few enough for one statement each."""
    return (things[at : at + _AT_ONCE] for at in range(0, len(things), _AT_ONCE))
