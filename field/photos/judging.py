"""Judging photos again that were set aside: what an earlier release or a slow hour refused may be good.

A photo that is good now is stored, and what waits for it goes on. The rest stays aside with its bytes.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from field.core.db import db, stop_reading
from field.core.errors import Problem
from field.photos import service
from field.photos.models import Photo, PhotoState
from field.photos.store import Store, StoreFailed


def set_aside() -> Sequence[UUID]:
    """The uploads that could not be used, oldest first; of an empty one there is nothing to judge."""
    aside = select(Photo.id).where(Photo.state == PhotoState.QUARANTINED, Photo.length > 0)
    return db.session.scalars(aside.order_by(Photo.created_at, Photo.id)).all()


def judge(upload_id: UUID, store: Store, max_pixels: int) -> dict[str, Any] | None:
    """Look at its bytes again and keep them durably when they are a good picture; answers the columns to set. None
    when it stays aside. Slow, so outside transactions. Raises StoreFailed when a good one cannot be kept."""
    photo = db.session.get_one(Photo, upload_id)
    stop_reading()
    try:
        content = store.part(upload_id)
    except StoreFailed:  # its bytes are not here
        return None
    try:
        outcome = service.prove(photo, content, store, max_pixels)
    except Problem:  # they are not what was announced
        return None
    return outcome if outcome["state"] == PhotoState.STORED else None


def admit(upload_id: UUID, outcome: dict[str, Any], store: Store, now: datetime) -> bool:
    """Make it a stored photo, with all that follows; tells whether it is. The caller commits, and discards the
    pieces then."""
    statement = (
        update(Photo)
        .where(Photo.id == upload_id, Photo.state == PhotoState.QUARANTINED)
        .values(offset=Photo.length, touched_at=now, stored_at=now, **outcome)
        .execution_options(synchronize_session=False)
    )
    if db.session.connection().execute(statement).rowcount != 1:
        return False
    if not store.holds(outcome["stored_digest"]):  # the same content may just have gone with an expired photo
        raise Problem("busy")
    photo = db.session.get_one(Photo, upload_id, populate_existing=True)
    service.follow(photo, outcome, now)
    return True
