"""Areas to choose from and their names; what phones have sent last, and the numbers that never came."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from field.accounts.models import Device
from field.accounts.scope import Scope
from field.core.db import db
from field.places.models import Area, Level
from field.sync.models import InboxEvent


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
    newest = and_(Device.id == InboxEvent.device_id, Device.highest_seq == InboxEvent.seq)
    statement = (
        select(InboxEvent.device_id, func.max(InboxEvent.received_at))
        .join(Device, newest)
        .where(InboxEvent.district == district, InboxEvent.device_id.in_(set(devices)))
        .group_by(InboxEvent.device_id)
    )
    return {device: at for device, at in db.session.execute(statement) if device is not None}


def missing_numbers(district: int, devices: Iterable[UUID]) -> dict[UUID, list[str]]:
    """For each phone with gaps: what lies between the numbers that came, such as ["2–3", "6"].

    Phones count what they finish from 1; what is missing is on its way, or was lost with the phone's storage.
    """
    before = func.lag(InboxEvent.seq, 1, 0).over(partition_by=InboxEvent.device_id, order_by=InboxEvent.seq)
    steps = (
        select(InboxEvent.device_id, InboxEvent.seq, before.label("before"))
        .where(InboxEvent.district == district, InboxEvent.device_id.in_(set(devices)))
        .where(InboxEvent.seq.is_not(None))
        .subquery()
    )
    gaps = select(steps).where(steps.c.seq > steps.c.before + 1).order_by(steps.c.seq)
    found: dict[UUID, list[str]] = {}
    for device, seq, last in db.session.execute(gaps):
        text = str(seq - 1) if seq - 1 == last + 1 else f"{last + 1}–{seq - 1}"
        found.setdefault(device, []).append(text)
    return found
