"""Numbers that a record had before: what waits while its phone is enrolled anew comes under a number of the new device,
and the desk must not call that of the old one missing for ever.

A claim is believed of a phone of the district on which its author, or somebody who uses the phone that sends, has
signed in, and which has fallen silent since: nobody can hide what is missing on a phone that others go on using.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, tuple_

from field.accounts import queries as accounts
from field.accounts.models import Device
from field.core.db import db
from field.sync.deliveries import Delivery
from field.sync.models import InboxEvent, InboxNumber

# A request of the old device may still have been on its way when the phone was enrolled anew.
LATE = timedelta(hours=1)
Numbers = dict[tuple[UUID, int], UUID]


def named(deliveries: Sequence[Delivery]) -> set[UUID]:
    """The devices of which earlier numbers are claimed."""
    return {device for one in deliveries for envelope in one.envelopes for device in envelope.earlier}


def note(
    deliveries: Sequence[Delivery], devices: Mapping[UUID, Device], district: int, now: datetime
) -> None:
    """Write down that what had these numbers has come, whatever becomes of it; `devices` are held."""
    claimed = named(deliveries)
    if not claimed:
        return
    users = accounts.users_of_devices(claimed | {one.device_id for one in deliveries})
    numbers: Numbers = {}
    for delivery in deliveries:
        here = devices[delivery.device_id]
        for envelope in delivery.envelopes:
            people = users.get(here.id, set()) | {envelope.author}
            silent = {
                name
                for name in envelope.earlier
                if _was(here, devices.get(name)) and users.get(name, set()) & people
            }
            numbers |= {(name, envelope.earlier[name]): envelope.id for name in silent}
    _write(numbers, district, now)


def _was(here: Device, other: Device | None) -> bool:
    """Whether a phone can have been this device before."""
    if other is None or other.id == here.id or other.district != here.district:
        return False
    return other.contact_at is None or other.contact_at <= here.enrolled_at + LATE


def _write(numbers: Numbers, district: int, now: datetime) -> None:
    for device_id, seq in numbers.keys() - _known(numbers):
        facts = {"device_id": device_id, "seq": seq, "event_id": numbers[device_id, seq]}
        db.session.add(InboxNumber(district=district, received_at=now, **facts))
    db.session.flush()


def _known(numbers: Iterable[tuple[UUID, int]]) -> set[tuple[UUID, int]]:
    """Those under which something has come already."""
    wanted = list(numbers)
    rows = [
        db.session.execute(
            select(kept.device_id, kept.seq).where(tuple_(kept.device_id, kept.seq).in_(wanted))
        )
        for kept in (InboxEvent, InboxNumber)
    ]
    return {(device_id, seq) for some in rows for device_id, seq in some if seq is not None}
