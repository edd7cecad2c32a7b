"""Everything that judging a batch needs to know, read in a fixed number of queries."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import joinedload, selectinload

from field.accounts import queries as accounts
from field.accounts.models import User
from field.accounts.scope import Scope, scope_of
from field.audit import service as audit
from field.checklists.models import Checklist, ChecklistItem
from field.core.db import db, insert_rows, unwatched
from field.core.ids import new_id
from field.core.installation import installation
from field.core.tallies import insert_all
from field.hazards.terms import Terms, terms_of
from field.people.models import Occupancy
from field.places.models import Dwelling
from field.places.queries import hold_doors
from field.sync.envelope import Envelope
from field.sync.models import CLAIMED, InboxConflict, InboxEvent, InboxNumber
from field.sync.new_doors import new_door
from field.visits.models import Visit, VisitRevision


class JoinedMeanwhileError(Exception):
    """A door was joined with another while a batch waited for it. To wait for that one too, with the others held,
    could be to wait for who waits for them: all are let go and taken anew, in the order of all doors."""


class Bench:
    """Rows by id for what is judged together; what judging adds is put here too, so later events see it."""

    def __init__(self, envelopes: Sequence[Envelope], district: int, now: datetime, zone: str) -> None:
        self.district, self.now, self.zone = district, now, zone
        self.durable_through = installation().durable_through
        self._members = accounts.members({envelope.device.id for envelope in envelopes})
        bodies = [envelope.body for envelope in envelopes if envelope.body]
        self._fresh: list[InboxEvent] = []
        self._numbers: dict[tuple[UUID, int], InboxNumber] = {}
        self.unreferred: list[tuple[Visit, VisitRevision]] = []
        self.scopes: dict[UUID, Scope] = {user.id: scope_of(user) for user in self._members.values()}
        self.dwellings = self._lock_doors({body["dwelling"] for body in bodies})
        # Read once the doors are held: what another phone has just said there is committed by then.
        previous = {body["previous"] for body in bodies if "previous" in body}
        self.known = _by_id(InboxEvent, {envelope.id for envelope in envelopes} | previous)
        self.visits = _by_id(Visit, {body["visit"] for body in bodies}, selectinload(Visit.revisions))
        self.occupancies = self._occupancies(bodies)
        self.items = self._items(bodies)
        finds = any(body.get("findings") for body in bodies)
        self.terms = terms_of(district) if finds else Terms()

    def member(self, envelope: Envelope) -> User | None:
        """The author, if enrolled on the phone that brought the event."""
        return self._members.get((envelope.device.id, envelope.author))

    def door_of(self, body: dict[str, Any]) -> Dwelling | None:
        """The door that a visit is about: what is said at a second entry of a door counts for that door.

        A visit that was said there before the two became one stays where it was.
        """
        door: Dwelling | None = self.dwellings.get(body["dwelling"])
        if door is None or door.merged_into is None:
            return door
        visit = self.visits.get(body["visit"])
        stays = visit is not None and visit.dwelling_id == door.id
        return door if stays else self.dwellings.get(door.merged_into)

    def add_door(self, body: dict[str, Any], author: User) -> Dwelling | None:
        """A door that the author met and the register does not know, as a proposal; None outside the author's area."""
        part = body.get("door")
        door = part and new_door(body["dwelling"], part, author.id, self.scopes[author.id], self.now)
        if door is None:
            return None
        db.session.flush()  # the visit refers to it
        self.dwellings[door.id] = door
        return door

    def new_event(self, facts: Mapping[str, Any]) -> InboxEvent:
        """An event that nobody has seen; keep() writes it, whatever becomes of it until then."""
        event = unwatched(InboxEvent, {"district": self.district} | dict(facts))
        self.known[event.id] = event
        self._fresh.append(event)
        return event

    def keep_other(self, event: UUID, text: bytes, claims: Mapping[str, Any]) -> None:
        """Keep another content under an id that is taken, with what its envelope claimed."""
        same = select(InboxConflict).where(
            InboxConflict.event_id == event, InboxConflict.digest == claims["digest"]
        )
        if (taken := db.session.scalar(same)) is not None:
            self.note_number(event, claims, taken)
            return
        kept = {name: claims[name] for name in CLAIMED}
        row = InboxConflict(
            id=new_id(), district=self.district, event_id=event, **kept
        )  # sealing needs the id
        row.received_at = self.now
        row.keep_body(text)
        db.session.add(row)
        audit.record("event.conflict", row.district, ("event", event), claims["author_id"])

    def note_number(self, event: UUID, claims: Mapping[str, Any], kept: InboxEvent | InboxConflict) -> None:
        """What is here came again; as another number than it has, the desk must not call that one missing."""
        number = (claims["device_id"], claims["seq"])
        if claims["seq"] is None or number == (kept.device_id, kept.seq):
            return
        facts = {"device_id": number[0], "seq": number[1], "event_id": event}
        if db.session.get(InboxNumber, number) is None:
            self._numbers[number] = InboxNumber(district=self.district, received_at=self.now, **facts)

    def keep(self) -> None:
        """Write what is new, each kind in one statement and past the unit of work: nothing refers to these objects.

        A visit that was corrected at once is in the unit of work by now, with all that belongs to it.
        """
        session = db.session()
        visits, revisions = ([row for row in rows if row not in session] for rows in self._unreferred_rows())
        insert_all(session, visits)
        insert_rows(session, revisions)
        insert_rows(session, self._fresh)
        insert_rows(session, list(self._numbers.values()))

    def _unreferred_rows(self) -> tuple[list[Visit], list[VisitRevision]]:
        return [visit for visit, _revision in self.unreferred], [
            revision for _visit, revision in self.unreferred
        ]

    def _lock_doors(self, ids: set[UUID]) -> dict[UUID, Dwelling]:
        found = hold_doors(ids, kept=True) if ids else {}
        if {row.merged_into for row in found.values() if row.merged_into} - found.keys():
            raise JoinedMeanwhileError
        return {row.id: row for row in found.values() if row.district == self.district}

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
            Checklist.district == self.district, tuple_(Checklist.code, Checklist.version).in_(wanted)
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
