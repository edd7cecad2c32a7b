"""Forgetting bytes that nothing names any more: pieces of uploads that ended, content of photos that expired or
that no photo ever named.

Pieces still say where a picture was taken, so they go whatever happened to the process that should have removed
them. The caller's transaction keeps an upload from starting again, or the same content from being taken for kept,
while its bytes go.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select, text

from field.core.db import db
from field.photos.models import Photo, PhotoState
from field.photos.service import KEPT_UNFINISHED
from field.photos.store import Store

# No write takes so long, also where the clock of a network disk is wrong.
KEPT_TEMPORARY = timedelta(days=1)
T = TypeVar("T")
_ENDED = (PhotoState.STORED, PhotoState.EXPIRED)
_AT_ONCE = 500
# How long content stays that no photo names: a form may still be on its way, or an older backup be restored.
KEPT_UNNAMED = timedelta(days=7)


def left_behind(store: Store, now: datetime) -> list[UUID]:
    """Uploads that ended and whose pieces are here all the same; and pieces of which no upload has been known
    for thirty days, as after the restore of an older backup."""
    found = store.unfinished()
    known = {row.id: row.state for row in _states(list(found))}
    ended = [upload for upload, state in known.items() if state in _ENDED]
    strangers = [
        upload
        for upload, changed_at in found.items()
        if upload not in known and changed_at < now - KEPT_UNFINISHED
    ]
    return ended + strangers


def forget_pieces(uploads: Iterable[UUID], store: Store) -> None:
    """Discard the pieces of uploads that ended, or that nobody knows; raises StoreFailed. Within a transaction."""
    for some in _slices(list(uploads)):
        locked = select(Photo).where(Photo.id.in_(some)).with_for_update(skip_locked=True)
        for row in db.session.scalars(locked.execution_options(populate_existing=True)):
            if row.state in _ENDED:
                store.discard(row.id)
        for stranger in set(some) - {row.id for row in _states(some)}:
            store.discard(stranger)


def forget_unwritten(store: Store, now: datetime, everywhere: bool = False) -> int:
    """Delete temporary files of processes that were killed while they wrote; says how many. Raises StoreFailed."""
    return store.clear(now - KEPT_TEMPORARY, everywhere)


def forget_expired_content(store: Store, limit: int = 100) -> int:
    """Delete what is kept of expired photos unless a stored photo has the same content; answers how many rows
    were done. Raises StoreFailed. Within a transaction, which lets nobody finish an upload meanwhile."""
    _let_nobody_finish()
    expired = select(Photo).where(Photo.state == PhotoState.EXPIRED, Photo.stored_digest.is_not(None))
    rows = db.session.scalars(expired.limit(limit)).all()
    keys = {row.stored_digest for row in rows}
    stored = select(Photo.stored_digest).where(
        Photo.state == PhotoState.STORED, Photo.stored_digest.in_(keys)
    )
    for key in keys - set(db.session.scalars(stored)):
        assert key is not None
        store.forget(key)
    for row in rows:
        row.stored_digest = row.stored_length = None
    return len(rows)


def unnamed(store: Store, now: datetime) -> list[str]:
    """Content older than a week that no photo names: it came with a step that was then refused, or its process was
    killed before it could write the photo down."""
    old = [key for key, written_at in store.contents() if written_at < now - KEPT_UNNAMED]
    return [key for some in _slices(old) for key in _unnamed_among(some)]


def forget_unnamed(keys: Sequence[str], store: Store) -> int:
    """Delete content that still no photo names; says how many. Raises StoreFailed. Within a transaction, which lets
    nobody finish a photo meanwhile; whoever does afterwards finds the content gone, and refuses (desk.keep)."""
    _let_nobody_finish()
    gone = [key for some in _slices(keys) for key in _unnamed_among(some)]
    for key in gone:
        store.forget(key)
    return len(gone)


def _let_nobody_finish() -> None:
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text("LOCK TABLE photos IN SHARE ROW EXCLUSIVE MODE"))


def _unnamed_among(keys: Sequence[str]) -> list[str]:
    named = set(db.session.scalars(select(Photo.stored_digest).where(Photo.stored_digest.in_(keys))))
    return [key for key in keys if key not in named]


def _states(uploads: Sequence[UUID]) -> list[Photo]:
    columns = select(Photo).execution_options(populate_existing=True)
    return [row for some in _slices(uploads) for row in db.session.scalars(columns.where(Photo.id.in_(some)))]


def _slices(uploads: Sequence[T]) -> list[Sequence[T]]:
    return [uploads[start : start + _AT_ONCE] for start in range(0, len(uploads), _AT_ONCE)]
