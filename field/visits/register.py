"""Applying a visit to the register (dwelling and occupants), and taking a revision back before its correction.

What others changed since the phone last heard of the door stays: claims.py keeps both answers then.
"""

from collections.abc import Mapping, MutableMapping
from datetime import date
from typing import Any
from uuid import UUID

from field.core.db import db
from field.people.documents import InvalidDocument, check_document, check_mobile
from field.people.models import Occupancy, Person
from field.places.models import Dwelling
from field.places.queries import open_door
from field.visits import workplaces
from field.visits.children import known_occupants
from field.visits.claims import Claims, marks_before, remark
from field.visits.workplaces import Workplaces

PERSON_FIELDS = ("name", "document_type", "document_number", "phone", "home_county")
STAY_FIELDS = ("reason", "intended_stay", "moved_in_on", "guardian_consent")


class Register:
    """One dwelling with the occupancies that a visit may touch; `before` collects what was there."""

    def __init__(
        self, dwelling: Dwelling, occupancies: MutableMapping[UUID, Occupancy], visit_id: UUID, claims: Claims
    ) -> None:
        self.dwelling = dwelling
        self.occupancies = occupancies
        self.visit_id = visit_id
        self.claims = claims
        self.before: dict[str, Any] = {}

    def apply(self, body: Mapping[str, Any]) -> bool:
        """Apply the changes of a body; tells whether anything changed."""
        self._change_dwelling(body.get("dwelling_changes", {}))
        for change in known_occupants(body):
            self._change_occupant(change)
        self._workplaces().apply(body.get("workplaces", []))
        if self.before:
            self.dwelling.revision += 1
        return bool(self.before)

    def _workplaces(self) -> Workplaces:
        return Workplaces(self.dwelling, self.visit_id, self.claims, self.before)

    def take_back(self, before: Mapping[str, Any], kept: set[UUID]) -> None:
        """Undo a revision that a newer one replaces; occupants and workplaces in `kept` were added and stay.

        What others have changed since is theirs and stays.

        The lessor's phone stays too: a phone only ever sees it masked, so leaving it out says nothing. So do number and
        phone of somebody whom the newer one still names (`kept`).
        """
        for name, value in before.get("dwelling", {}).items():
            if name != "lessor_phone" and self.claims.owns(self.dwelling, name):
                setattr(self.dwelling, name, value)
                remark(self.dwelling, name, marks_before(before, self.dwelling.id).get(name))
        for text, values in before.get("occupants", {}).items():
            occupancy = self.occupancies.get(UUID(text))
            if occupancy is not None:
                shown = _shown(values) if occupancy.id in kept else values
                own = {name: value for name, value in shown.items() if self.claims.owns(occupancy, name)}
                self._restore(occupancy, own)
                for name in own:
                    remark(occupancy, name, marks_before(before, occupancy.id).get(name))
        for text in before.get("added", []):
            occupancy = self.occupancies.get(UUID(text))
            if occupancy is not None and occupancy.id not in kept:
                occupancy.ended = True
        self._workplaces().take_back(before, kept)
        if before:
            self.dwelling.revision += 1

    def _change_dwelling(self, changes: Mapping[str, Any]) -> None:
        for name, value in changes.items():
            clean = _mobile(value) if name == "lessor_phone" else value
            standing = getattr(self.dwelling, name)
            if standing != clean and self.claims.grants(self.dwelling, name, standing, clean):
                self.before.setdefault("dwelling", {})[name] = standing
                self._mark(self.dwelling, name)
                setattr(self.dwelling, name, clean)

    def _change_occupant(self, change: Mapping[str, Any]) -> None:
        occupancy = self.occupancies.get(change["occupancy"])
        if change["action"] == "add" and occupancy is None:
            self._add(change)
        elif occupancy is None or occupancy.dwelling_id not in (self.dwelling.id, self.dwelling.merged_into):
            return  # somebody whom a later visit withdrew; the visit keeps what was said
        else:
            self.claims.look_at(occupancy)
            self._change_known(occupancy, change)

    def _change_known(self, occupancy: Occupancy, change: Mapping[str, Any]) -> None:
        if change["action"] == "add" and occupancy.visit_id == self.visit_id:
            self._correct_added(occupancy, change)
        elif change["action"] == "moved_out":
            self._set(occupancy, {"ended": True, "moved_out_on": change.get("moved_out_on")})
        else:
            self._set(occupancy, {"ended": False} | _known(change))

    def _add(self, change: Mapping[str, Any]) -> None:
        place = open_door(self.dwelling)
        occupancy = self._somebody_new(change["occupancy"], change["person"], place)
        occupancy.visit_id = self.visit_id
        for name, value in _known(change).items():
            setattr(owner(occupancy, name), name, value)
        db.session.add(occupancy)
        self.occupancies[occupancy.id] = occupancy
        self.before.setdefault("added", []).append(str(occupancy.id))

    def _somebody_new(self, occupancy_id: UUID, person_id: UUID, place: Dwelling) -> Occupancy:
        return Occupancy(
            id=occupancy_id,
            district=place.district,
            grid_code=place.grid_code,
            dwelling_id=place.id,
            person=Person(id=person_id, district=place.district),
            ended=False,
            marks={},
        )

    def _correct_added(self, occupancy: Occupancy, change: Mapping[str, Any]) -> None:
        for name, value in ({"ended": False} | _known(change)).items():
            holder = owner(occupancy, name)
            standing = getattr(holder, name)
            if standing != value and self.claims.grants(occupancy, name, standing, value):
                setattr(holder, name, value)
        self.before.setdefault("added", []).append(str(occupancy.id))

    def _set(self, occupancy: Occupancy, values: Mapping[str, Any]) -> None:
        for name, value in values.items():
            holder = owner(occupancy, name)
            standing = getattr(holder, name)
            if standing != value and self.claims.grants(occupancy, name, standing, value):
                earlier = self.before.setdefault("occupants", {}).setdefault(str(occupancy.id), {})
                earlier[name] = standing
                self._mark(occupancy, name)
                setattr(holder, name, value)
                occupancy.visit_id = self.visit_id

    def _mark(self, row: Dwelling | Occupancy, name: str) -> None:
        marks = self.before.setdefault("marks", {}).setdefault(str(row.id), {})
        marks[name] = self.claims.mark(row, name)

    def _restore(self, occupancy: Occupancy, values: Mapping[str, Any]) -> None:
        for name, value in values.items():
            setattr(owner(occupancy, name), name, as_day(name, value))


def differing(
    body: Mapping[str, Any], dwelling: Dwelling, occupancies: Mapping[UUID, Occupancy]
) -> dict[str, Any]:
    """What the register holds where a body says otherwise, in the shape of `before`; nothing is changed."""
    found: dict[str, Any] = {}
    for name, value in body.get("dwelling_changes", {}).items():
        clean = _mobile(value) if name == "lessor_phone" else value
        if getattr(dwelling, name) != clean:
            found.setdefault("dwelling", {})[name] = getattr(dwelling, name)
    for change in known_occupants(body):
        occupancy = occupancies.get(change["occupancy"])
        if occupancy is None and change["action"] == "add":
            found.setdefault("added", []).append(str(change["occupancy"]))
        if occupancy is not None and (others := _otherwise(occupancy, change)):
            found.setdefault("occupants", {})[str(occupancy.id)] = others
    return found | workplaces.differing(body.get("workplaces", []), dwelling)


def named_in(body: Mapping[str, Any]) -> set[UUID]:
    """The occupancies and places of work of which a body says something."""
    people = {part["occupancy"] for part in known_occupants(body)}
    return people | {part["workplace"] for part in body.get("workplaces", [])}


def _shown(values: Mapping[str, Any]) -> dict[str, Any]:
    """Without what a phone only ever sees masked; a number and its type belong together."""
    hidden = {"document_number", "phone"} | ({"document_type"} if "document_number" in values else set())
    return {name: value for name, value in values.items() if name not in hidden}


def _otherwise(occupancy: Occupancy, change: Mapping[str, Any]) -> dict[str, Any]:
    gone = change["action"] == "moved_out"
    said = {"ended": True, "moved_out_on": change.get("moved_out_on")} if gone else {"ended": False}
    values = said if gone else said | _known(change)
    held = {name: getattr(owner(occupancy, name), name) for name in values}
    return {name: held[name] for name, value in values.items() if held[name] != value}


def owner(row: Any, name: str) -> Any:
    """The row that holds a fact: who somebody is stands with the person, how they live here with the occupancy."""
    return row.person if isinstance(row, Occupancy) and name in PERSON_FIELDS else row


def _known(change: Mapping[str, Any]) -> dict[str, Any]:
    values = {name: change[name] for name in (*PERSON_FIELDS, *STAY_FIELDS) if name in change}
    if values.get("phone"):
        values["phone"] = _mobile(values["phone"])
    if values.get("document_number") and values.get("document_type"):
        values["document_number"] = _document(values["document_type"], values["document_number"])
    return values


def _mobile(text: str | None) -> str | None:
    """The normal form where it is one; what was really said otherwise: the lead sees it, nothing is lost."""
    try:
        return check_mobile(text) if text else None
    except InvalidDocument:
        return text


def _document(kind: str, text: str) -> str:
    try:
        return check_document(kind, text)
    except InvalidDocument:
        return text


def as_day(name: str, value: Any) -> Any:
    """A value as the register holds it, from what JSON made of it."""
    if name in {"moved_in_on", "moved_out_on"} and isinstance(value, str):
        return date.fromisoformat(value)
    return value
