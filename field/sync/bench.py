"""Everything that judging a batch needs to know, read in a fixed number of queries."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import joinedload, selectinload

from field.accounts.models import Device, User
from field.accounts.scope import Scope, scope_of
from field.checklists.models import Checklist, ChecklistItem
from field.core.db import db
from field.core.installation import installation
from field.people.models import Occupancy
from field.places.models import Dwelling
from field.sync.envelope import Envelope
from field.sync.models import InboxEvent
from field.visits.models import Visit


class Bench:
    """Rows by id for one batch; what judging adds is put here too, so later events of the batch see it."""

    def __init__(self, device: Device, envelopes: Sequence[Envelope], now: datetime, zone: str) -> None:
        self.device, self.now, self.zone = device, now, zone
        self.durable_through = installation().durable_through
        self.members = {member.user_id for member in device.users}
        bodies = [envelope.body for envelope in envelopes if envelope.body]
        self.known = _by_id(InboxEvent, (envelope.id for envelope in envelopes))
        previous = {body["previous"] for body in bodies if "previous" in body}
        self.known |= _by_id(InboxEvent, previous - self.known.keys())
        self.authors = _by_id(User, {envelope.author for envelope in envelopes if envelope.author})
        self.scopes: dict[UUID, Scope] = {key: scope_of(user) for key, user in self.authors.items()}
        self.dwellings = self._lock_doors({body["dwelling"] for body in bodies})
        self.visits = _by_id(Visit, {body["visit"] for body in bodies}, selectinload(Visit.revisions))
        self.occupancies = self._occupancies(bodies)
        self.items = self._items(bodies)

    def _lock_doors(self, ids: set[UUID]) -> dict[UUID, Dwelling]:
        # Locked in the order of their ids: two batches about the same doors wait, and never deadlock.
        if not ids:
            return {}
        statement = select(Dwelling).where(Dwelling.id.in_(ids), Dwelling.district == self.device.district)
        statement = statement.order_by(Dwelling.id).with_for_update()
        return {
            row.id: row for row in db.session.scalars(statement.execution_options(populate_existing=True))
        }

    def _occupancies(self, bodies: Iterable[dict[str, Any]]) -> dict[UUID, Occupancy]:
        named = {part["occupancy"] for body in bodies for part in body.get("occupants", [])}
        for visit in self.visits.values():
            before = visit.revisions[-1].before
            named |= {UUID(text) for text in (*before.get("added", []), *before.get("occupants", {}))}
        return _by_id(Occupancy, named, joinedload(Occupancy.person))

    def _items(self, bodies: Iterable[dict[str, Any]]) -> dict[tuple[str, int], dict[str, ChecklistItem]]:
        wanted = {
            (body["checklist"]["code"], body["checklist"]["version"])
            for body in bodies
            if body.get("findings")
        }
        if not wanted:
            return {}
        statement = select(Checklist).where(
            Checklist.district == self.device.district, tuple_(Checklist.code, Checklist.version).in_(wanted)
        )
        lists = db.session.scalars(statement.options(selectinload(Checklist.items)))
        return {(row.code, row.version): {item.code: item for item in row.items} for row in lists}


def _by_id(model: Any, ids: Iterable[UUID], *options: Any) -> dict[UUID, Any]:
    wanted = set(ids)
    if not wanted:
        return {}
    return {
        row.id: row for row in db.session.scalars(select(model).where(model.id.in_(wanted)).options(*options))
    }
