"""How often a let dwelling is visited: by its class, which open hazards and the density of its letting make.

A class is one of the dwelling, never of who lives there: it reads nothing about anybody but how many they are.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from field.accounts.scope import Actor
from field.audit import service as audit
from field.core.clock import local_day
from field.core.db import Base, Instant, db
from field.core.twice import in_turn
from field.hazards.models import Finding
from field.places.models import Dwelling

# Entirely or in part; a home that its owner lives in is called at by rounds alone.
LET = frozenset({"let", "part_let"})
# Nobody goes there again by itself.
GONE = frozenset({"demolished", "not_found"})
_MAJOR = "suspected_major"


class VisitClass(StrEnum):
    """What sets how often a let dwelling is visited."""

    CLEAN = "clean"
    MINOR = "minor"
    MAJOR = "major"


class VisitInterval(Base):
    """What a district set, in days by class; without days the program does not judge.

    `crowded_from`: from so many people to a room on, a dwelling without a hazard is visited like one with a minor one.
    """

    __tablename__ = "visit_intervals"
    district: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    clean_days: Mapped[int | None]
    minor_days: Mapped[int | None]
    major_days: Mapped[int | None]
    crowded_from: Mapped[int | None]
    changed_at: Mapped[datetime] = mapped_column(Instant)
    changed_by: Mapped[UUID]


@dataclass(frozen=True)
class Frequency:
    """The intervals of a district, and the zone in which its days begin; as long as it has set none, the usual ones."""

    zone: str
    clean_days: int | None = 21
    minor_days: int | None = 14
    major_days: int | None = 7
    crowded_from: int | None = None

    def class_of(self, door: Dwelling, severities: Iterable[str]) -> VisitClass:
        """By the gravest of its open hazards, else by how many people there are to a room."""
        found = set(severities)
        if _MAJOR in found:
            return VisitClass.MAJOR
        return VisitClass.MINOR if found or self._is_crowded(door) else VisitClass.CLEAN

    def again_on(self, door: Dwelling, severities: Iterable[str]) -> date | None:
        """The day from which a let dwelling that was settled is due again; None where nothing says so."""
        if door.settled_at is None or not is_called_at_again(door):
            return None
        days = self._days(self.class_of(door, severities))
        return None if days is None else local_day(door.settled_at, self.zone) + timedelta(days=days)

    def _is_crowded(self, door: Dwelling) -> bool:
        if not (self.crowded_from and door.headcount and door.rooms):
            return False
        return door.headcount >= self.crowded_from * door.rooms

    def _days(self, of: VisitClass) -> int | None:
        days = {
            VisitClass.CLEAN: self.clean_days,
            VisitClass.MINOR: self.minor_days,
            VisitClass.MAJOR: self.major_days,
        }
        return days[of]


def is_called_at_again(door: Dwelling) -> bool:
    """Whether a door is one that an interval is for: let, settled, and still there."""
    return door.use in LET and door.settled_at is not None and door.settled_as not in GONE


def frequency_of(district: int, zone: str) -> Frequency:
    """What a district has set, else the usual."""
    row = db.session.get(VisitInterval, district)
    if row is None:
        return Frequency(zone)
    return Frequency(zone, row.clean_days, row.minor_days, row.major_days, row.crowded_from)


def days_again(doors: Iterable[Dwelling], frequency: Frequency) -> dict[UUID, date]:
    """By door, where there is such a day; one question to the database for all of them."""
    asked = [door for door in doors if is_called_at_again(door)]
    severities = _severities_at(asked)
    days = {door.id: frequency.again_on(door, severities.get(door.id, ())) for door in asked}
    return {door: day for door, day in days.items() if day is not None}


def set_intervals(values: Mapping[str, int | None], actor: Actor, now: datetime) -> None:
    """Say how often; phones hear it with their next round."""
    district = actor.scope.district
    in_turn(district)
    db.session.merge(VisitInterval(district=district, changed_at=now, changed_by=actor.id, **values))
    audit.record("visit_interval.set", district, ("visit_interval", None), actor.id, **values)


def _severities_at(doors: list[Dwelling]) -> dict[UUID, set[str]]:
    found: dict[UUID, set[str]] = {}
    if not doors:
        return found
    statement = select(Finding.dwelling_id, Finding.severity).where(
        Finding.district == doors[0].district,
        Finding.dwelling_id.in_([door.id for door in doors]),
        Finding.settled.is_(False),
    )
    for door, severity in db.session.execute(statement):
        found.setdefault(door, set()).add(severity)
    return found
