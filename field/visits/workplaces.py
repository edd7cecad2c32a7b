"""Applying what a visit says of places of work behind a door, and taking a revision back before its correction."""

from collections.abc import Iterable, Mapping, MutableMapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from field.core.db import db
from field.people.documents import InvalidDocument, check_mobile
from field.places.models import Dwelling, Workplace

FIELDS = (
    *("kind", "name", "credit_code", "contact_name", "contact_phone"),
    *("headcount", "dormitory_headcount"),
)


class Workplaces:
    """The places of work that a visit may touch; `before` collects what was there, as the revision keeps it."""

    def __init__(self, dwelling: Dwelling, visit_id: UUID, before: MutableMapping[str, Any]) -> None:
        self.dwelling = dwelling
        self.visit_id = visit_id
        self.before = before

    def apply(self, parts: Iterable[Mapping[str, Any]]) -> None:
        """Apply each part of the body; a place that is not behind this door any more stays as it is."""
        stated = {part["workplace"]: part for part in parts}
        known = _by_id(stated.keys(), self.dwelling)
        for workplace_id, part in stated.items():
            workplace = known.get(workplace_id)
            if workplace is None and part["action"] == "add":
                self._add(part)
            elif workplace is not None:
                self._change(workplace, part)

    def take_back(self, before: Mapping[str, Any], kept: set[UUID]) -> None:
        """Undo a revision that a newer one replaces; what it added and the newer one names stays.

        The contact's phone stays too: a phone only ever sees it masked, so leaving it out says nothing.
        """
        changed, added = before.get("workplaces", {}), before.get("workplaces_added", [])
        rows = _by_id({UUID(text) for text in (*changed, *added)}, self.dwelling)
        for text, values in changed.items():
            for name, value in values.items():
                if UUID(text) in rows and name != "contact_phone":
                    setattr(rows[UUID(text)], name, value)
        for text in added:
            if UUID(text) in rows and UUID(text) not in kept:
                rows[UUID(text)].ended = True

    def _add(self, part: Mapping[str, Any]) -> None:
        place = self.dwelling
        workplace = Workplace(
            id=part["workplace"],
            district=place.district,
            grid_code=place.grid_code,
            dwelling_id=place.id,
            ended=False,
            visit_id=self.visit_id,
        )
        for name, value in _known(part).items():
            setattr(workplace, name, value)
        db.session.add(workplace)
        self.before.setdefault("workplaces_added", []).append(str(workplace.id))

    def _change(self, workplace: Workplace, part: Mapping[str, Any]) -> None:
        if part["action"] == "add" and workplace.visit_id == self.visit_id:
            self.before.setdefault("workplaces_added", []).append(str(workplace.id))
            for name, value in (_known(part) | {"ended": False}).items():
                setattr(workplace, name, value)
            return
        for name, value in (_known(part) | {"ended": part["action"] == "closed"}).items():
            if getattr(workplace, name) != value:
                earlier = self.before.setdefault("workplaces", {}).setdefault(str(workplace.id), {})
                earlier[name] = getattr(workplace, name)
                setattr(workplace, name, value)
                workplace.visit_id = self.visit_id


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
