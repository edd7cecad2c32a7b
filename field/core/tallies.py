"""Counts kept beside what they count: how many rows of a kind a grid, or an area above it, has with a value.

What is shown of a whole district must not cost what counting it would. A model that is Tallied says what is counted of
its rows; the counts move in the same flush as the rows, so they stand or fall with them. recount() proves it.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any, ClassVar, NamedTuple

from sqlalchemy import BindParameter, bindparam, delete, event, func, inspect, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import LoaderCallableStatus, Mapped, Session, UOWTransaction, mapped_column

from field.core.changes import Tracked, next_change
from field.core.db import Base, Code, db, insert_rows

# The code of a grid begins with those of its community, its subdistrict or township, and its district.
_ABOVE = (6, 9, 12)


class Tally(Base):
    """How many rows; a kind is the name of their table, an area is named by what the codes below it begin with."""

    __tablename__ = "tallies"
    district: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(Code, primary_key=True)
    area: Mapped[str] = mapped_column(Code, primary_key=True)
    value: Mapped[str] = mapped_column(Code, primary_key=True)
    number: Mapped[int] = mapped_column(default=0)


class Key(NamedTuple):
    """What is counted together."""

    district: int
    kind: str
    area: str
    value: str


class Tallied:
    """Mixin of tables whose rows are counted by grid; the columns need active_history, to know what they held."""

    district: Mapped[int]
    grid_code: Mapped[str]
    tally_columns: ClassVar[tuple[str, ...]]

    @classmethod
    def tally_value(cls, *facts: Any) -> str | None:
        """What a row with these facts (in the order of tally_columns) counts as; None when it does not count."""
        raise NotImplementedError


def insert_all(session: Session, things: list[Any]) -> None:
    """Write many new objects of one class past the mapper, with their change number and their counts."""
    for thing in things:
        if isinstance(thing, Tracked):
            thing.change_no = next_change(session, thing.district)
    insert_rows(session, things)
    _move(session, Counter(key for thing in things if isinstance(thing, Tallied) for key in _keys(thing)))


def _keys(row: Any, before: bool = False) -> list[Key]:
    """The keys that a row counts under, from its grid up to the district; none when it counts as nothing."""
    held = inspect(row).committed_state if before else {}
    found = [held.get(name, getattr(row, name)) for name in row.tally_columns]
    # What was never set before the row was written was nothing.
    facts = [None if fact is LoaderCallableStatus.NO_VALUE else fact for fact in found]
    value = row.tally_value(*facts)
    grid_code = held.get("grid_code", row.grid_code)
    return [] if value is None else _on_every_level(Key(row.district, row.__tablename__, grid_code, value))


def _on_every_level(key: Key) -> list[Key]:
    return [key._replace(area=area) for area in {key.area, *(key.area[:length] for length in _ABOVE)}]


def _count_changes(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    steps: Counter[Key] = Counter()
    with session.no_autoflush:
        for row in _tallied(session.new):
            steps.update(_keys(row))
        for row in _tallied(session.dirty):
            steps.update(_keys(row))
            steps.subtract(_keys(row, before=True))
        for row in _tallied(session.deleted):
            steps.subtract(_keys(row, before=True))
        _move(session, steps)


def _tallied(rows: Iterable[Any]) -> list[Any]:
    return [row for row in rows if isinstance(row, Tallied)]


def _move(session: Session, steps: Counter[Key]) -> None:
    moved = [key._asdict() | {"number": step} for key, step in sorted(steps.items()) if step]
    if not moved:
        return
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(Tally)
    sum_up = {"number": Tally.number + statement.excluded.number}
    session.execute(statement.on_conflict_do_update(index_elements=list(Key._fields), set_=sum_up), moved)
    if any(row["number"] < 0 for row in moved):
        session.connection().execute(
            _FORGET_ZEROES, [{f"a_{name}": row[name] for name in Key._fields} for row in moved]
        )


def _is(column: Any) -> Any:
    asked: BindParameter[Any] = bindparam(f"a_{column.key}", type_=column.type)
    return column == asked


# Days on which something was due come and go; what nobody counts under any more must not stay.
_FORGET_ZEROES = delete(Tally.__table__).where(  # type: ignore[arg-type]
    Tally.__table__.c.number == 0, *(_is(Tally.__table__.c[name]) for name in Key._fields)
)

event.listen(db.session, "before_flush", _count_changes)


def recount(session: Session) -> dict[Key, tuple[int, int]]:
    """Count everything anew; answers where the kept number (first) is not the counted one (second)."""
    kept = {Key(*row[:-1]): row[-1] for row in session.execute(select(*Tally.__table__.c))}
    counted = Counter[Key]()
    for model in Tallied.__subclasses__():
        counted.update(_counted(session, model))
    both = {key: (kept.get(key, 0), counted[key]) for key in kept.keys() | counted.keys()}
    return {key: pair for key, pair in both.items() if pair[0] != pair[1]}


def _counted(session: Session, model: Any) -> Counter[Key]:
    by = [model.district, model.grid_code, *(getattr(model, name) for name in model.tally_columns)]
    numbers = Counter[Key]()
    for district, grid_code, *facts, number in session.execute(select(*by, func.count()).group_by(*by)):
        value = model.tally_value(*facts)
        if value is not None:
            for key in _on_every_level(Key(district, model.__tablename__, grid_code, value)):
                numbers[key] += number
    return numbers


def repair(session: Session, differences: dict[Key, tuple[int, int]]) -> None:
    """Put the counted numbers in the place of the kept ones."""
    _move(session, Counter({key: counted - kept for key, (kept, counted) in differences.items()}))
