"""Taking photos piece by piece, proving them, keeping them, and making copies for people.

Slow work (disk, decoding) is done outside transactions; the offset in the database decides who was first.
"""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select, update

from field.accounts.models import Device
from field.audit import service as audit
from field.core.changes import next_change
from field.core.db import db
from field.core.errors import Problem
from field.core.ids import new_id, short_code
from field.photos import queries
from field.photos.images import Accepted, Unusable, accept, render
from field.photos.models import Photo, PhotoState
from field.photos.store import Store
from field.visits.models import Visit

KEPT_UNFINISHED = timedelta(days=30)
# The reason of an upload whose whole was once not what was announced.
DAMAGED = "damaged"
Work = Callable[[Photo, datetime], None]
Wanted = Callable[[], ColumnElement[bool]]
_when_settled: list[Work] = []
_wanted_while: list[Wanted] = []
# Longest side in pixels of the copies that people see.
SIZES = {"thumb": 320, "screen": 1600}


def begin(device: Device, metadata: Mapping[str, Any], length: int, now: datetime) -> Photo:
    """The upload for a photo; the same photo, kind and digest again is the same upload.

    Whoever can name all three has the picture: a phone that was enrolled anew goes on under its new id,
    and what had expired starts again.
    """
    photo = known(metadata)
    if photo is None:
        insist_on_district(metadata["visit"], device.district)
        db.session.add(photo := announced(device, metadata, length, now))
        return photo
    if photo.district != device.district:
        _bring_home(photo, device.district, now)
    if photo.length != length:
        raise Problem("conflict", "The same digest came with another length.")
    if photo.device_id != device.id:
        photo.device_id = device.id
    if photo.state == PhotoState.EXPIRED:
        photo.state, photo.offset, photo.touched_at, photo.reason = PhotoState.UPLOADING, 0, now, None
    return photo


def insist_on_district(visit_id: UUID, district: int) -> None:
    """Raise Problem `not-found` for a photo of a visit that another district has: what the phone hears then lets the
    photo wait, until somebody of that district signs in on it again."""
    home = db.session.scalar(select(Visit.district).where(Visit.id == visit_id))
    if home not in {None, district}:
        raise Problem("not-found")


def _bring_home(photo: Photo, district: int, now: datetime) -> None:
    """A phone that was handed to another district has sent a photo there whose visit has come here, applied or set
    aside. Raises Problem `not-found` until it has: the photo waits on the phone."""
    insist_on_district(photo.visit_id, district)
    photo.district = district
    db.session.flush()
    if db.session.get(Visit, photo.visit_id) is None and not _is_wanted(photo):
        raise Problem("not-found")
    if photo.state in {PhotoState.STORED, PhotoState.QUARANTINED}:
        tell_of_visit(photo)
        tell_of_end(photo, now)


def _is_wanted(photo: Photo) -> bool:
    """Whether something else than a visit names it, in the district where it is."""
    wanted = or_(*(condition() for condition in _wanted_while))
    return db.session.scalar(select(Photo.id).where(Photo.id == photo.id, wanted)) is not None


def known(metadata: Mapping[str, Any]) -> Photo | None:
    """The upload of these bytes of this photo, if they were announced before."""
    return queries.same_upload(metadata["photo"], metadata["kind"], metadata["digest"])


def announced(device: Device, metadata: Mapping[str, Any], length: int, now: datetime) -> Photo:
    """A new upload, not written down yet."""
    return Photo(
        id=new_id(),
        district=device.district,
        photo_id=metadata["photo"],
        visit_id=metadata["visit"],
        device_id=device.id,
        kind=metadata["kind"],
        digest=metadata["digest"],
        declared_type=metadata["type"][:32],
        length=length,
        offset=0,
        state=PhotoState.UPLOADING,
        created_at=now,
        touched_at=now,
    )


def arrived_with(photo: Photo, to: int, outcome: Mapping[str, Any], now: datetime) -> None:
    """Write a new upload down together with what became of its first piece; raises IntegrityError when another
    connection was faster."""
    for name, value in {"offset": to, **_moved(outcome, now)}.items():
        setattr(photo, name, value)
    db.session.add(photo)
    db.session.flush()
    follow(photo, outcome, now)


def when_settled(work: Work) -> Work:
    """Register what shall happen in the transaction in which a photo is stored, found unusable, or expired.

    The photo's row in the database says which; by then the transaction holds the district's change number, so
    whoever asks for the row after taking that number cannot miss it.
    """
    _when_settled.append(work)
    return work


def wanted_while(condition: Wanted) -> Wanted:
    """Register what else than a visit makes a photo one that must be kept: a condition on its row."""
    _wanted_while.append(condition)
    return condition


def receipt_number(photo: Photo) -> str:
    """Eight characters to read out; only a stored photo has them."""
    return short_code(photo.id, photo.digest)


def digest_of(content: bytes) -> str:
    """As phones write it in announcements."""
    return f"sha-256:{hashlib.sha256(content).hexdigest()}"


def prove(
    photo: Photo, content: bytes, store: Store, max_pixels: int, digest: str | None = None
) -> dict[str, Any]:
    """Check an upload whose last piece has come, and keep it durably; answers the columns to set. `digest` is that of
    the content, where it is known already.

    Raises Problem `checksum-mismatch` when the whole is not what was announced, as a disk may have damaged it: its
    pieces are then forgotten. When that happens again, what came is kept aside: a third try would end the same.
    """
    if (digest or digest_of(content)) != photo.digest:
        if photo.reason == DAMAGED:
            return {"state": PhotoState.QUARANTINED}
        raise Problem("checksum-mismatch", "The whole file is not what was announced; it starts anew.")
    try:
        picture: Accepted = accept(content, max_pixels)
    except Unusable as unusable:
        return {"state": PhotoState.QUARANTINED, "reason": unusable.reason}
    key = store.put(picture.content)
    return {
        "state": PhotoState.STORED,
        "reason": None,
        "media_type": picture.media_type,
        "stored_digest": key,
        "stored_length": len(picture.content),
        "width": picture.width,
        "height": picture.height,
        "orientation": picture.orientation,
    }


def advance(photo: Photo, to: int, outcome: Mapping[str, Any], now: datetime) -> None:
    """Move the offset, if nobody has meanwhile; raises Problem `offset-wrong` when somebody has."""
    statement = (
        update(Photo)
        .where(Photo.id == photo.id, Photo.offset == photo.offset, Photo.state == PhotoState.UPLOADING)
        .values(offset=to, **_moved(outcome, now))
        .execution_options(synchronize_session=False)
    )
    if db.session.connection().execute(statement).rowcount != 1:
        raise Problem("offset-wrong")
    follow(photo, outcome, now)


def _moved(outcome: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    settled = {"stored_at": now} if outcome.get("state") == PhotoState.STORED else {}
    return {"touched_at": now, **outcome, **settled}


def follow(photo: Photo, outcome: Mapping[str, Any], now: datetime) -> None:
    """What follows from the end of an upload, if this is one."""
    if "state" in outcome:
        tell_of_visit(photo)
        audit.record(
            f"photo.{outcome['state']}", photo.district, ("photo", photo.photo_id), None, kind=photo.kind
        )
        tell_of_end(photo, now)


def tell_of_end(photo: Photo, now: datetime) -> None:
    """Let those who wait for a photo look what became of it."""
    next_change(db.session(), photo.district)
    for work in _when_settled:
        work(photo, now)


def tell_of_visit(photo: Photo) -> None:
    """Give the visit a new change number: whoever watches it, as a lead's queue does, asks for that alone."""
    next_change(db.session(), photo.district)
    visit = db.session.get(Visit, photo.visit_id)
    if visit is not None and visit.district == photo.district:
        visit.change_no = 0  # numbered when it is flushed


def copy_for_people(photo: Photo, size: str, store: Store) -> bytes:
    """A re-encoded, upright JPEG; made at the first view and kept."""
    assert photo.stored_digest is not None
    name = f"{size}-{photo.orientation}"
    kept = store.copy(photo.stored_digest, name)
    if kept is None:
        kept = render(store.get(photo.stored_digest), photo.orientation, SIZES[size])
        store.keep_copy(photo.stored_digest, name, kept)
    return kept


def expire(now: datetime, limit: int = 1000) -> list[UUID]:
    """Mark uploads that were never finished and photos whose visit never came, applied or set aside; answers the
    upload ids. Their bytes go by `forgetting`, once this is committed.
    """
    orphan = ~or_(exists().where(Visit.id == Photo.visit_id), *(condition() for condition in _wanted_while))
    statement = select(Photo).where(
        Photo.touched_at < now - KEPT_UNFINISHED,
        Photo.state.in_([PhotoState.UPLOADING, PhotoState.STORED]),
        (Photo.state == PhotoState.UPLOADING) | orphan,
    )
    rows = db.session.scalars(statement.limit(limit)).all()
    for row in rows:
        row.state = PhotoState.EXPIRED
        audit.record("photo.expired", row.district, ("photo", row.photo_id), None)
    db.session.flush()
    for row in rows:
        tell_of_end(row, now)
    return [row.id for row in rows]
