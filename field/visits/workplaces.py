"""Applying what a visit says of places of work behind a door, and taking a revision back before its correction."""

from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from field.core.db import db
from field.people.documents import InvalidDocument, check_mobile
from field.places.models import Dwelling, Workplace
from field.places.queries import open_door
from field.visits.claims import Claims, marks_before, remark

FIELDS = (
    *("kind", "name", "credit_code", "contact_name", "contact_phone"),
    *("headcount", "dormitory_headcount"),
)


class Workplaces:
    """The places of work that a visit may touch; `before` collects what was there, as the revision keeps it."""

    def __init__(
        self, dwelling: Dwelling, visit_id: UUID, claims: Claims, before: MutableMapping[str, Any]
    ) -> None:
        self.dwelling = dwelling
        self.visit_id = visit_id
        self.claims = claims
        self.before = before

    def apply(self, parts: Iterable[Mapping[str, Any]]) -> None:
        """Apply each part of the body; a place that is not behind this door any more stays as it is."""
        stated = {part["workplace"]: part for part in parts}
        known = self._rows(stated.keys())
        for workplace_id, part in stated.items():
            workplace = known.get(workplace_id)
            if workplace is None and part["action"] == "add":
                self._add(part)
            elif workplace is not None:
                self.claims.look_at(workplace)
                self._change(workplace, part)

    def take_back(self, before: Mapping[str, Any], kept: set[UUID]) -> None:
        """Undo a revision that a newer one replaces; what it added and the newer one names stays.

        What others have changed since is theirs and stays. The contact's phone stays too: a phone only ever sees it
        masked, so leaving it out says nothing.
        """
        changed, added = before.get("workplaces", {}), before.get("workplaces_added", [])
        rows = self._rows({UUID(text) for text in (*changed, *added)})
        for text, values in changed.items():
            row = rows.get(UUID(text))
            for name, value in values.items() if row else ():
                if name != "contact_phone" and self.claims.owns(row, name):
                    setattr(row, name, value)
                    remark(row, name, marks_before(before, UUID(text)).get(name))
        for text in added:
            if UUID(text) in rows and UUID(text) not in kept:
                rows[UUID(text)].ended = True

    def _rows(self, ids: Iterable[UUID]) -> Mapping[UUID, Workplace]:
        return _by_id(ids, self.dwelling)

    def _add(self, part: Mapping[str, Any]) -> None:
        workplace = self._something_new(part["workplace"], open_door(self.dwelling))
        workplace.visit_id = self.visit_id
        for name, value in _known(part).items():
            setattr(workplace, name, value)
        db.session.add(workplace)
        self.before.setdefault("workplaces_added", []).append(str(workplace.id))

    def _something_new(self, workplace_id: UUID, place: Dwelling) -> Workplace:
        return Workplace(
            id=workplace_id,
            district=place.district,
            grid_code=place.grid_code,
            dwelling_id=place.id,
            ended=False,
            marks={},
        )

    def _change(self, workplace: Workplace, part: Mapping[str, Any]) -> None:
        if part["action"] == "add" and workplace.visit_id == self.visit_id:
            self.before.setdefault("workplaces_added", []).append(str(workplace.id))
            for name, value in self._granted(workplace, _known(part) | {"ended": False}):
                setattr(workplace, name, value)
            return
        for name, value in self._granted(workplace, _known(part) | {"ended": part["action"] == "closed"}):
            earlier = self.before.setdefault("workplaces", {}).setdefault(str(workplace.id), {})
            earlier[name] = getattr(workplace, name)
            marks = self.before.setdefault("marks", {}).setdefault(str(workplace.id), {})
            marks[name] = self.claims.mark(workplace, name)
            setattr(workplace, name, value)
            workplace.visit_id = self.visit_id

    def _granted(self, workplace: Workplace, values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        """What is said anew, as far as it contradicts nobody."""
        for name, value in values.items():
            standing = getattr(workplace, name)
            if standing != value and self.claims.grants(workplace, name, standing, value):
                yield name, value


def differing(parts: Iterable[Mapping[str, Any]], dwelling: Dwelling) -> dict[str, Any]:
    """What the register holds where the parts say otherwise, in the shape of `before`; nothing is changed."""
    stated = {part["workplace"]: part for part in parts}
    rows = _by_id(stated.keys(), dwelling)
    found: dict[str, Any] = {}
    for workplace_id, part in stated.items():
        row = rows.get(workplace_id)
        if row is None and part["action"] == "add":
            found.setdefault("workplaces_added", []).append(str(workplace_id))
        said = _known(part) | {"ended": part["action"] == "closed"}
        held = {
            name: getattr(row, name) for name, value in said.items() if row and getattr(row, name) != value
        }
        if held:
            found.setdefault("workplaces", {})[str(workplace_id)] = held
    return found


def _by_id(ids: Iterable[UUID], dwelling: Dwelling) -> dict[UUID, Workplace]:
    wanted = set(ids)
    if not wanted:
        return {}
    db.session.flush()  # the same batch may have added one
    statement = select(Workplace).where(Workplace.id.in_(wanted), Workplace.dwelling_id == dwelling.id)
    return {row.id: row for row in db.session.scalars(statement)}


def _known(part: Mapping[str, Any]) -> dict[str, Any]:
    values = {name: part[name] for name in FIELDS if name in part}
    if values.get("contact_phone"):
        values["contact_phone"] = _mobile(values["contact_phone"])
    return values


def _mobile(text: str) -> str:
    try:
        return check_mobile(text)
    except InvalidDocument:
        return text  # a landline, or what was really said: the lead sees it
