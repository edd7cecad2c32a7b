"""Photos that were stored and whose bytes are no longer in the store, as a disk can rot or be lost.

Whoever still holds one sends it again: its upload is opened anew, and nobody is told that it is here. What nobody
holds any more can be given up, so that backups of the rest count again.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from field.audit import service as audit
from field.core.db import db
from field.photos import service
from field.photos.models import Photo, PhotoState
from field.photos.store import Store


def lost_among(photos: Iterable[Photo], store: Store) -> list[UUID]:
    """The uploads of stored photos whose content is gone or cut short: one look at the store for each, outside
    transactions. Raises StoreFailed when the store is not there."""
    stored = [photo for photo in photos if photo.state == PhotoState.STORED and photo.stored_digest]
    lacking = store.lacking({photo.stored_digest or "": photo.stored_length or 0 for photo in stored})
    return [photo.id for photo in stored if photo.stored_digest in lacking]


def reopen(uploads: Sequence[UUID], now: datetime) -> None:
    """Open the uploads of lost photos anew; without a receipt until their bytes have come again. The caller commits."""
    _end(uploads, {"state": PhotoState.UPLOADING, "offset": 0, "touched_at": now}, "photo.lost", now)


def give_up(key: str, store: Store, now: datetime) -> int:
    """Let photos go whose content (by its key) is lost; says how many. A phone that has one after all may send it.
    The caller commits."""
    named = select(Photo).where(Photo.stored_digest == key, Photo.state == PhotoState.STORED)
    lost = lost_among(db.session.scalars(named), store)
    _end(lost, {"state": PhotoState.EXPIRED, "touched_at": now}, "photo.given_up", now)
    return len(lost)


def _end(uploads: Sequence[UUID], columns: Mapping[str, Any], action: str, now: datetime) -> None:
    for upload_id in uploads:
        statement = (
            update(Photo)
            .where(Photo.id == upload_id, Photo.state == PhotoState.STORED)
            .values(reason=None, stored_at=None, **columns)
            .execution_options(synchronize_session=False)
        )
        if db.session.connection().execute(statement).rowcount != 1:
            continue  # somebody else was faster
        photo = db.session.get_one(Photo, upload_id, populate_existing=True)
        service.tell_of_visit(photo)
        audit.record(action, photo.district, ("photo", photo.photo_id), None, kind=photo.kind)
        service.tell_of_end(photo, now)
