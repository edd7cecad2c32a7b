"""Which phone a rescue file is of, for the district of whoever reads it.

A phone that was handed from one district to another holds records of both. Each district takes its own from the same
file, under the phone that it knows, and leaves the rest: what is left here is in the file still.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import select

from field.accounts import queries as accounts
from field.accounts import service as accounts_service
from field.accounts.models import Device
from field.accounts.scope import Actor
from field.core.db import db
from field.sync.deliveries import Delivery
from field.sync.envelope import Envelope
from field.sync.models import InboxEvent
from field.sync.rescue import Unreadable
from field.visits.models import Visit


class Origin:
    """The phone of one file. `device` is the reader's district's, None while it is another one's or not known here."""

    def __init__(self, device_id: UUID | None, actor: Actor) -> None:
        self.id, self._actor = device_id, actor
        self._ours = {row.id: row for row in accounts.devices_of(actor.scope)}
        self.device: Device | None = None if device_id is None else self._ours.get(device_id)

    def deliveries(self, envelopes: Sequence[Envelope]) -> list[Delivery]:
        """What the reader's district may take of these, by phone; the caller commits.

        A phone that a restored backup does not know is written down, shut out, when all of this district who speak in
        the file work in the reader's area. Raises Unreadable `phone` when the file is of nobody there.
        """
        if self.device is None:
            known = None if self.id is None else db.session.get(Device, self.id)
            if known is not None and known.district != self._actor.scope.district:
                return self._handed_on(envelopes)
            people = self._of_this_district(envelopes)
            self.device = accounts_service.note_lost_device(self.id, people, self._actor)
        if self.device is None:
            raise Unreadable("phone")
        return [self._delivery(self.device, envelopes)]

    def carrier_of(self, visit_id: UUID) -> Device | None:
        """The phone under which a photo of this visit comes; None when the visit is not the reader's."""
        if self.device is not None:
            return self.device
        district = self._actor.scope.district
        applied = select(Visit.device_id).where(Visit.id == visit_id, Visit.district == district)
        aside = select(InboxEvent.device_id).where(
            InboxEvent.visit_id == visit_id, InboxEvent.district == district
        )
        came = {*db.session.scalars(applied), *db.session.scalars(aside)} & self._ours.keys()
        return self._ours[min(came)] if came else None

    def _handed_on(self, envelopes: Sequence[Envelope]) -> list[Delivery]:
        """Each under the phone that it was to this district before, with its number there. Where the file does not
        say which that was, one is written down, for people of the reader's area."""
        people = self._of_this_district(envelopes)
        mine = [one for one in envelopes if one.author in people]
        noted = self._noted({one.author for one in mine if self._before(one) is None})
        taken: dict[UUID, list[Envelope]] = {}
        for envelope in mine:
            before = self._before(envelope)
            if before is not None:
                envelope.seq = envelope.earlier[before]
                taken.setdefault(before, []).append(envelope)
            elif envelope.author in noted:
                taken.setdefault(noted[envelope.author], []).append(envelope)
        return [self._delivery(self._ours[device], some) for device, some in taken.items()]

    def _noted(self, people: Iterable[UUID | None]) -> dict[UUID | None, UUID]:
        """A phone for those of these people who work in the reader's area, by person."""
        here = accounts.people_within(self._actor.scope, people)
        if not here or self.id is None:
            return {}
        device = accounts_service.note_handed_device(self.id, here, self._actor)
        self._ours[device.id] = device
        return dict.fromkeys(here, device.id)

    def _before(self, envelope: Envelope) -> UUID | None:
        """The reader's phone that this one was last, as far as the record says."""
        return next((one for one in reversed(list(envelope.earlier)) if one in self._ours), None)

    def _of_this_district(self, envelopes: Iterable[Envelope]) -> set[UUID]:
        authors = {one.author for one in envelopes if one.author is not None}
        return authors - accounts.of_other_districts(authors, self._actor.scope.district)

    def _delivery(self, device: Device, envelopes: Sequence[Envelope]) -> Delivery:
        """Nobody can say by how much the phone's clock was wrong."""
        in_order = sorted(envelopes, key=lambda one: one.seq or 0)
        return Delivery(device.id, self._actor.scope.district, "", None, in_order)
