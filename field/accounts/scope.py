"""Where somebody may look: the administrative code is the tree, so an area is a prefix."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_
from sqlalchemy.orm import InstrumentedAttribute

from field.accounts.models import Role, User

_AFTER_ALL_CODES = "~"
# The codes of subdistricts and townships have so many digits before their zeros.
_WIDE = 9


def area_prefix(code: str) -> str:
    """The part of an area code that everything below it shares (620402001000 → 620402001)."""
    if "-" in code:
        return code
    for zeros, length in (("000000", 6), ("000", 9)):
        if code.endswith(zeros):
            return code[:length]
    return code


def area_code(prefix: str) -> str:
    """The area whose prefix it is."""
    return prefix if "-" in prefix else prefix.ljust(12, "0")


def _holds(prefix: str, code: str) -> bool:
    """Whether a code lies within a prefix; within a grid lies nothing but itself."""
    return code == prefix if "-" in prefix else code.startswith(prefix)


def _overlap(one: str, other: str) -> bool:
    """Whether one prefix lies within the other."""
    return _holds(one, other) or _holds(other, one)


@dataclass(frozen=True)
class Scope:
    """A district, the area prefixes within it, and for handlers a department."""

    district: int
    prefixes: tuple[str, ...]
    department: str | None = None

    def covers(self, area_code: str) -> bool:
        """Whether an area, usually a grid, lies within."""
        return any(_holds(prefix, area_code) for prefix in self.prefixes)

    @property
    def whole(self) -> bool:
        """Whether it is the whole district, whose number every code in it begins with."""
        return str(self.district) in self.prefixes

    @property
    def tops(self) -> tuple[str, ...]:
        """The prefixes without those that lie within another: together they hold everything, and nothing twice."""
        return tuple(
            one
            for one in self.prefixes
            if not any(one != other and _holds(other, one) for other in self.prefixes)
        )

    def narrowed_to(self, area_code: str) -> "Scope":
        """What of it lies within an area; all of it when none is named."""
        area = area_prefix(area_code)
        if not area:
            return self
        here = [one if _holds(area, one) else area for one in self.prefixes if _overlap(area, one)]
        return replace(self, prefixes=tuple(sorted(set(here))))

    def where(self, model: Any) -> ColumnElement[bool]:
        """The condition for a table with `district` and `grid_code`."""
        own: ColumnElement[bool] = model.district == self.district
        return own if self.whole else and_(own, self.within(model.grid_code))

    def where_in_order(self, model: Any) -> ColumnElement[bool]:
        """The same for a list that an index puts in an order, of which the first rows are wanted.

        Of a wide area a database would collect everything by its grids, only to sort it; so the condition on a wide
        area is one that no index serves.
        """
        if self.whole or any(len(prefix) > _WIDE for prefix in self.prefixes):
            return self.where(model)
        return self.where_unserved(model)

    def where_unserved(self, model: Any) -> ColumnElement[bool]:
        """The same where something else than the area has an index that finds a handful of rows."""
        if self.whole:
            return self.where(model)
        beginnings = [func.substr(model.grid_code, 1, len(prefix)) == prefix for prefix in self.prefixes]
        return and_(model.district == self.district, or_(false(), *beginnings))

    def where_summed(self, tally: Any) -> ColumnElement[bool]:
        """The condition for counts that are kept by area."""
        return and_(tally.district == self.district, tally.area.in_(self.tops))

    def within(self, column: InstrumentedAttribute[str]) -> ColumnElement[bool]:
        """The condition on one column of area codes, as values and ranges that an index serves.

        Of grids by their very codes: then an index serves what stands behind the code in it too.
        """
        grids = [prefix for prefix in self.prefixes if "-" in prefix]
        wider = [prefix for prefix in self.prefixes if "-" not in prefix]
        ranges = [and_(column >= prefix, column < prefix + _AFTER_ALL_CODES) for prefix in wider]
        return or_(false(), *ranges, *([column.in_(grids)] if grids else []))


def scope_of(user: User) -> Scope:
    """What a user answers for."""
    return scope_within(user.district, (area.area_code for area in user.areas), user)


def scope_within(district: int, codes: Iterable[str], user: User | None = None) -> Scope:
    """A scope over some area codes."""
    department = user.department if user is not None and user.role == Role.HANDLER else None
    return Scope(district, tuple(sorted({area_prefix(code) for code in codes})), department)


@dataclass(frozen=True)
class Actor:
    """Who does something: passed to services, which know nothing of requests."""

    id: UUID
    scope: Scope
    role: Role
    name: str

    @classmethod
    def of(cls, user: User) -> "Actor":
        """The actor that a user is."""
        return cls(user.id, scope_of(user), user.role, user.name)
