"""Areas to choose from and their names; what phones have sent last, and the numbers that never came."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Subquery, and_, func, select, union_all
from sqlalchemy.orm import aliased

from field.accounts.models import Device
from field.accounts.scope import Scope
from field.core.db import db
from field.places.models import Area, Level
from field.sync.models import InboxConflict, InboxEvent, InboxNumber


def area_choices(scope: Scope) -> Sequence[Area]:
    """Every area within the scope, parents before their parts."""
    statement = select(Area).where(Area.district == scope.district, scope.within(Area.code))
    # 620402001000 holds 620402001005, which holds 620402001005-01: the code is the order.
    return db.session.scalars(statement.order_by(Area.code)).all()


def area_titles(codes: Iterable[str]) -> dict[str, str]:
    """The names of some areas by code; a grid is named with its community, since each has a first grid."""
    above = aliased(Area)
    statement = (
        select(Area.code, Area.level, Area.name, above.name)
        .outerjoin(above, above.code == Area.parent_code)
        .where(Area.code.in_(set(codes)))
    )
    rows = db.session.execute(statement.order_by(Area.code))
    return {
        code: f"{parent} {name}" if level == Level.GRID and parent else name
        for code, level, name, parent in rows
    }


def last_sent(district: int, devices: Iterable[UUID]) -> dict[UUID, datetime]:
    """When the newest of what each phone finished came; phones that have sent nothing yet are left out."""
    came = _came(district, devices)
    newest = and_(Device.id == came.c.device_id, Device.highest_seq == came.c.seq)
    statement = (
        select(came.c.device_id, func.max(came.c.received_at)).join(Device, newest).group_by(came.c.device_id)
    )
    return {device: at for device, at in db.session.execute(statement) if device is not None}


def missing_numbers(district: int, devices: Iterable[UUID]) -> dict[UUID, list[str]]:
    """For each phone with gaps: what lies between the numbers that came, such as ["2–3", "6"].

    Phones count what they finish from 1; what is missing is on its way, or was lost with the phone's storage.
    """
    came = _came(district, devices)
    before = func.lag(came.c.seq, 1, 0).over(partition_by=came.c.device_id, order_by=came.c.seq)
    steps = select(came.c.device_id, came.c.seq, before.label("before")).subquery()
    gaps = select(steps).where(steps.c.seq > steps.c.before + 1).order_by(steps.c.seq)
    found: dict[UUID, list[str]] = {}
    for device, seq, last in db.session.execute(gaps):
        text = str(seq - 1) if seq - 1 == last + 1 else f"{last + 1}–{seq - 1}"
        found.setdefault(device, []).append(text)
    return found


def enrolled_anew(devices: Sequence[Device]) -> dict[UUID, datetime]:
    """For each phone that has not been heard since somebody who uses it signed in on a newer one: when that was.

    A browser that lost its cookies is a new phone to us; what was on it may be lost, or may come under the new one.
    """
    found: dict[UUID, datetime] = {}
    for device in devices:
        heard, people = device.contact_at or device.enrolled_at, _people(device)
        newer = [
            other.enrolled_at
            for other in devices
            if other.id != device.id and other.enrolled_at > heard and people & _people(other)
        ]
        if newer and device.revoked_at is None:
            found[device.id] = min(newer)
    return found


def _people(device: Device) -> set[UUID]:
    return {member.user_id for member in device.users}


def _came(district: int, devices: Iterable[UUID]) -> Subquery:
    """Every number that came from some phones, also for what was here, or is another, under an id that was taken."""
    phones = set(devices)
    return union_all(
        *(
            select(kept.device_id, kept.seq, kept.received_at).where(
                kept.district == district, kept.device_id.in_(phones), kept.seq.is_not(None)
            )
            for kept in (InboxEvent, InboxConflict, InboxNumber)
        )
    ).subquery()
