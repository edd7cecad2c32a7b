"""What the register holds of a door beside what a visit says of it: the facts and the people that it did not touch."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from field.checklists.queries import Words
from field.core.db import db
from field.people.models import Occupancy
from field.reviews.reading import FIELDS, text_of
from field.visits.models import Visit
from field.visits.schemas import DwellingChanges

_DWELLING = tuple(name for name in DwellingChanges().fields if name != "lessor_phone")
_PERSON = ("home_county",)
_STAY = ("reason", "intended_stay", "moved_in_on")


@dataclass(frozen=True)
class Resident:
    """Somebody who lives there; numbers as they are masked."""

    id: UUID
    name: str
    document: str | None
    phone: str | None
    facts: list[tuple[Any, str]]


@dataclass(frozen=True)
class Standing:
    """The register as it is now, without what the visit speaks of; `known` are those with a number."""

    facts: list[tuple[Any, str]]
    lessor_phone: str | None
    residents: list[Resident]
    known: frozenset[str]


def standing(visit: Visit, body: Mapping[str, Any], words: Words) -> Standing:
    """Read it; one query, whoever lives there."""
    rows = db.session.scalars(
        select(Occupancy)
        .options(joinedload(Occupancy.person))
        .where(Occupancy.district == visit.district, Occupancy.dwelling_id == visit.dwelling_id)
        .where(Occupancy.ended.is_(False))
        .order_by(Occupancy.id)
    ).all()
    named = {part["occupancy"] for part in body.get("occupants", [])}
    said = body.get("dwelling_changes", {})
    untouched = [name for name in _DWELLING if name not in said]
    return Standing(
        _told(visit.dwelling, untouched, words),
        visit.dwelling.lessor_phone_masked,
        [_resident(row, words) for row in rows if str(row.id) not in named],
        frozenset(str(row.id) for row in rows if _has_number(row)),
    )


def _has_number(row: Occupancy) -> bool:
    return bool(row.person.document_number_masked or row.person.phone_masked)


def _resident(row: Occupancy, words: Words) -> Resident:
    facts = _told(row.person, _PERSON, words) + _told(row, _STAY, words)
    return Resident(
        row.id, row.person.name, row.person.document_number_masked, row.person.phone_masked, facts
    )


def _told(row: Any, names: Any, words: Words) -> list[tuple[Any, str]]:
    found = [(FIELDS[name], text_of(name, getattr(row, name), words)) for name in names]
    return [(label, text) for label, text in found if text is not None]
