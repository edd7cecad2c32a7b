"""The parts of a lead's correction that are about people and hazards: a group of fields for each.

A field is called `person.<occupancy>.<fact>` or `finding.<id>.<fact>`. Numbers are never put into the form: an empty
field leaves them as they are.
"""

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from field.checklists.queries import Words
from field.core.db import db
from field.core.masking import masked
from field.hazards import service as hazards
from field.hazards.models import Finding
from field.people.models import Occupancy
from field.reviews import entries
from field.visits.models import Visit
from field.visits.register import owner
from field.visits.schemas import FINDING_ACTIONS

# Where somebody is: still here, moved out, or (whom this visit added) entered by mistake.
HERE, GONE, MISTAKE = "here", "gone", "mistake"
# The answers of a district: codes by list.
Lists = Mapping[str, Container[str]]
# A hazard that was none.
NONE = "none"
PERSON_LISTS = {"document_type": "document_type", "reason": "stay_reason", "intended_stay": "intended_stay"}
_PLAIN: Mapping[str, Callable[[str], Any]] = {
    "name": entries.name,
    "home_county": entries.county,
    "moved_in_on": entries.day,
}
_OF_PERSON = (*_PLAIN, *PERSON_LISTS)
_FINDING: Mapping[str, Callable[[str], Any]] = {
    "spot": lambda text: entries.words(text, 120),
    "note": lambda text: entries.words(text, 500),
}


@dataclass(frozen=True)
class Group:
    """A person or a hazard in the form: `fields` as first shown, `masked` numbers, what may be chosen.

    `numbers` are those that the newest revision says, to know one that is typed again; never shown.
    """

    kind: str
    id: str
    title: str
    fields: dict[str, str]
    choices: tuple[str, ...]
    masked: dict[str, str | None] = field(default_factory=dict)
    numbers: dict[str, str | None] = field(default_factory=dict, repr=False)

    def key(self, name: str) -> str:
        """What one of its fields is called."""
        return f"{self.kind}.{self.id}.{name}"


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
    numbers = {"document_number": part.get("document_number"), "phone": entries.dialled(part.get("phone"))}
    shown = fields | dict.fromkeys(hidden, "")
    return Group("person", key, fields["name"], shown, _places(added), hidden, numbers)


def _places(added: bool) -> tuple[str, ...]:
    return (HERE, MISTAKE) if added else (HERE, GONE)


def findings_of(visit: Visit, said_in: Words) -> list[Group]:
    """The hazards that the visit found; what was done about one can be said anew until somebody acts on it."""
    parts = {part["id"]: part for part in visit.revisions[-1].body.get("findings", [])}
    statement = select(Finding).where(Finding.district == visit.district, Finding.visit_id == visit.id)
    rows = {str(row.id): row for row in db.session.scalars(statement.options(selectinload(Finding.steps)))}
    return [_finding(part, rows[key], visit, said_in) for key, part in parts.items() if key in rows]


def _finding(part: Mapping[str, Any], row: Finding, visit: Visit, said_in: Words) -> Group:
    fields = {name: part.get(name) or "" for name in _FINDING} | {"action": part["action"]}
    free = hazards.is_untouched(row, visit)
    choices = (*FINDING_ACTIONS, NONE) if free else ()
    return Group("finding", part["id"], said_in.pick(row.name_zh, row.name_en), fields, choices)


def changed(
    group: Group, given: Mapping[str, str], complaints: dict[str, Any], lists: Lists
) -> dict[str, Any]:
    """What was typed otherwise into a group, by fact; what is wrong with it is put beside its field."""
    typed = {name: given.get(group.key(name), text).strip() for name, text in group.fields.items()}
    found: dict[str, Any] = {}
    for name, text in typed.items():
        if text == group.fields[name]:
            continue
        try:
            value = _read(group, name, text, typed, lists)
        except ValueError as error:
            complaints[group.key(name)] = str(error)
            continue
        if value is None or value != group.numbers.get(name):
            found[name] = value
    if group.kind == "person" and (wrong := _at_odds(found, typed)):
        complaints[group.key("where")] = wrong
    return found


def _at_odds(found: Mapping[str, Any], typed: Mapping[str, str]) -> str:
    """Whoever has left is only said to have left; a day of leaving goes with having left."""
    gone = typed["where"] == GONE
    if gone and set(found) - {"where", "moved_out_on"}:
        return str(
            _(
                "Of somebody who has moved out only the day is kept. Please leave the other fields as they were."
            )
        )
    if typed["moved_out_on"] and not gone:
        return str(_("Please choose that they have moved out, or take the day away."))
    return ""


def _read(group: Group, name: str, text: str, typed: Mapping[str, str], lists: Lists) -> Any:
    if name in {"where", "action"}:
        return entries.one_of(text, group.choices)
    if group.kind == "person" and name in PERSON_LISTS:
        return entries.code(text, lists.get(PERSON_LISTS[name], {}))
    if name == "phone":
        return entries.phone(text)
    if name == "document_number":
        return entries.document(typed["document_type"], text)
    if name == "moved_out_on":
        return entries.day(text)
    return (_PLAIN if group.kind == "person" else _FINDING)[name](text)
