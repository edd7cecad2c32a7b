"""Two entries side by side, fact by fact, in words; numbers and phones are masked here, so no template holds one.

Whom and what two visits name is in named.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from field.accounts import queries as accounts
from field.accounts.scope import Scope
from field.checklists.queries import Words
from field.core.errors import Problem
from field.core.sealing import blind_index
from field.merges import queries
from field.merges.models import Kind
from field.merges.named import Named, named
from field.people.models import Occupancy
from field.places.models import Dwelling
from field.reviews.reading import FIELDS, text_of
from field.visits.models import Visit
from field.visits.rebuilding import DWELLING_FIELDS
from field.visits.register import PERSON_FIELDS, STAY_FIELDS, as_day, owner


@dataclass(frozen=True)
class Side:
    """One entry: its row, the values that it holds or says, where it is, who said it and when (of a visit)."""

    row: Any
    values: Mapping[str, Any]
    door: Dwelling
    author: str = ""


@dataclass(frozen=True)
class Fact:
    """One fact of both entries in words; `differs` when somebody has to choose.

    `stands` names what is chosen for a start: `left`, `right`, or `held` when the register holds what neither of two
    visits says; `held` are its words then.
    """

    field: str
    label: Any
    left: str | None
    right: str | None
    differs: bool
    stands: str
    held: str | None = None


@dataclass(frozen=True)
class Comparison:
    """Both entries and their facts; of visits also whom and what they name, which nobody chooses from.

    `mark` goes with the form, to tell when any of the facts has changed since.
    """

    kind: Kind
    left: Side
    right: Side
    facts: Sequence[Fact]
    mark: str
    named: Sequence[Named] = ()


def sides(kind: Kind, pair: queries.Pair, scope: Scope) -> tuple[Side, Side]:
    """Both entries; raises Problem `not-found` unless both lie within the scope."""
    rows = queries.rows_of(kind, pair, scope)
    if len(rows) < len(set(pair)) or pair[0] >= pair[1]:
        raise Problem("not-found")
    left, right = rows[pair[0]], rows[pair[1]]
    if kind == Kind.VISITS:
        if left.dwelling_id != right.dwelling_id:
            raise Problem("not-found")
        names = accounts.names({left.author_id, right.author_id})
        return _of_visit(left, names), _of_visit(right, names)
    if kind == Kind.PEOPLE:
        doors = queries.doors_of({left.dwelling_id, right.dwelling_id})
        return _of_person(left, doors), _of_person(right, doors)
    return _of_door(left), _of_door(right)


def _of_visit(row: Visit, names: Mapping[UUID, str]) -> Side:
    said = row.revisions[-1].body.get("dwelling_changes", {})
    return Side(row, said, row.dwelling, names.get(row.author_id, ""))


def _of_person(row: Occupancy, doors: Mapping[UUID, Dwelling]) -> Side:
    values = {name: getattr(owner(row, name), name) for name in (*PERSON_FIELDS, *STAY_FIELDS)}
    return Side(row, values, doors[row.dwelling_id])


def _of_door(row: Dwelling) -> Side:
    return Side(row, {name: getattr(row, name) for name in DWELLING_FIELDS}, row)


def compare(kind: Kind, pair: queries.Pair, scope: Scope, words: Words) -> Comparison:
    """Both entries fact by fact; what neither knows is left out."""
    left, right = sides(kind, pair, scope)
    names = [name for name in FIELDS if name in left.values or name in right.values]
    facts = [_fact(kind, name, left, right, words) for name in names]
    told = [fact for fact in facts if fact.left or fact.right]
    whom = named(left.row, right.row, words) if kind == Kind.VISITS else ()
    return Comparison(kind, left, right, told, mark_of(kind, left, right), whom)


def _fact(kind: Kind, name: str, left: Side, right: Side, words: Words) -> Fact:
    one, two = left.values.get(name), right.values.get(name)
    differs = both_say(kind, name, left, right) and one != two
    stands = _stands(kind, name, left, right) if differs else ""
    return Fact(
        name,
        FIELDS[name],
        text_of(name, one, words),
        text_of(name, two, words),
        differs,
        stands,
        text_of(name, getattr(left.door, name), words) if stands == "held" else None,
    )


def _stands(kind: Kind, name: str, left: Side, right: Side) -> str:
    one, two = (as_day(name, side.values.get(name)) for side in (left, right))
    if kind != Kind.VISITS:
        return "right" if one is None else "left"
    held = getattr(left.door, name)
    return "left" if held == one else "right" if held == two else "held"


def mark_of(kind: Kind, left: Side, right: Side) -> str:
    """A mark of everything that is compared and of what the register holds of it; it tells nothing of either."""
    held = {name: getattr(left.door, name) for name in left.values} if kind == Kind.VISITS else {}
    return blind_index(
        repr([sorted(facts.items()) for facts in (left.values, right.values, held)]), "seen"
    ).hex()


def both_say(kind: Kind, name: str, left: Side, right: Side) -> bool:
    """Whether there is something to choose: a visit that does not mention a fact says nothing of it."""
    return kind != Kind.VISITS or (name in left.values and name in right.values)
