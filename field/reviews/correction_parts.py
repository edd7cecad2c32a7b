"""The people and hazards of a lead's correction; places of work, rechecks and requests are in correction_door."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from field.checklists.queries import Words
from field.core.db import db
from field.core.masking import masked
from field.hazards import service as hazards
from field.hazards.models import Finding
from field.people.models import Occupancy
from field.reviews import entries
from field.reviews.correction_group import GONE, HERE, MISTAKE, Group, Reader
from field.visits.models import Visit
from field.visits.register import owner
from field.visits.schemas import FINDING_ACTIONS

# A hazard that was none.
NONE = "none"
PERSON_LISTS = {"document_type": "document_type", "reason": "stay_reason", "intended_stay": "intended_stay"}
_PERSON: Mapping[str, Reader] = {
    "name": entries.name,
    "home_county": entries.county,
    "moved_in_on": entries.day,
    "moved_out_on": entries.day,
    "phone": entries.phone,
}
_OF_PERSON = ("name", "home_county", "moved_in_on", *PERSON_LISTS)
_FINDING: Mapping[str, Reader] = {
    "spot": lambda text: entries.words(text, 120),
    "note": lambda text: entries.words(text, 500),
}


def people_of(visit: Visit) -> list[Group]:
    """Everybody whom the visit names, then the others who are registered at its door."""
    parts = {part["occupancy"]: part for part in visit.revisions[-1].body.get("occupants", [])}
    statement = (
        select(Occupancy)
        .options(joinedload(Occupancy.person))
        .where(Occupancy.district == visit.district, Occupancy.dwelling_id == visit.dwelling_id)
        .where(Occupancy.ended.is_(False) | Occupancy.id.in_([UUID(key) for key in parts]))
        .order_by(Occupancy.id)
    )
    rows = {str(row.id): row for row in db.session.scalars(statement)}
    return [_person(key, parts.get(key, {}), rows.get(key)) for key in dict.fromkeys([*parts, *rows])]


def _person(key: str, part: Mapping[str, Any], row: Occupancy | None) -> Group:
    added = part.get("action") == "add"
    held = {name: getattr(owner(row, name), name) for name in _OF_PERSON} if row else {}
    fields = {name: str(part.get(name, held.get(name)) or "") for name in _OF_PERSON}
    fields["where"] = GONE if part.get("action") == "moved_out" else HERE
    fields["moved_out_on"] = str(part.get("moved_out_on") or "")
    hidden = {
        "document_number": masked(part.get("document_number"))
        or (row.person.document_number_masked if row else None),
        "phone": masked(part.get("phone")) or (row.person.phone_masked if row else None),
    }
    return Group(
        "occupants",
        "person",
        key,
        fields["name"],
        fields | dict.fromkeys(hidden, ""),
        (HERE, MISTAKE) if added else (HERE, GONE),
        _PERSON,
        PERSON_LISTS,
        hidden,
        {"document_number": part.get("document_number"), "phone": entries.dialled(part.get("phone"))},
    )


def findings_of(visit: Visit, said_in: Words) -> list[Group]:
    """The hazards that the visit found; what was done about one can be said anew until somebody acts on it."""
    parts = {part["id"]: part for part in visit.revisions[-1].body.get("findings", [])}
    statement = select(Finding).where(Finding.district == visit.district, Finding.visit_id == visit.id)
    rows = {str(row.id): row for row in db.session.scalars(statement.options(selectinload(Finding.steps)))}
    return [_finding(part, rows[key], visit, said_in) for key, part in parts.items() if key in rows]


def _finding(part: Mapping[str, Any], row: Finding, visit: Visit, said_in: Words) -> Group:
    fields = {name: part.get(name) or "" for name in _FINDING} | {"action": part["action"]}
    choices = (*FINDING_ACTIONS, NONE) if hazards.is_untouched(row, visit) else ()
    title = said_in.pick(row.name_zh, row.name_en)
    return Group("findings", "finding", part["id"], title, fields, choices, _FINDING)
