"""Photos that come whole through a form, at the desk or from a household: the same checks as those of phones."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from field.audit import service as audit
from field.core.db import db
from field.core.errors import Problem
from field.core.ids import new_id
from field.photos.images import Accepted, Unusable, accept
from field.photos.models import Photo, PhotoState
from field.photos.store import Store, StoreFailed

# Beside the phone's `full` and `preview`: it belongs to a hazard, so nobody counts it among a visit's photos.
EVIDENCE = "evidence"


@dataclass(frozen=True)
class Proven:
    """A picture that was decoded as a whole, freed of metadata and kept durably; not yet anybody's."""

    key: str
    digest: str
    length: int
    picture: Accepted
    store: Store


def prove(content: bytes, store: Store, max_pixels: int) -> Proven:
    """Decode, strip and keep; slow, so outside transactions. Raises Problem `photo-unusable`, or StoreFailed."""
    try:
        picture = accept(content, max_pixels)
    except Unusable as unusable:
        raise Problem("photo-unusable") from unusable
    digest = f"sha-256:{hashlib.sha256(content).hexdigest()}"
    return Proven(store.put(picture.content), digest, len(content), picture, store)


def keep(proven: Proven, visit_id: UUID, district: int, now: datetime) -> Photo:
    """Make it a photo of what a visit found; the caller commits. Raises Problem `busy` when its content has gone."""
    picture = proven.picture
    photo = Photo(
        id=new_id(),
        district=district,
        photo_id=new_id(),
        visit_id=visit_id,
        device_id=None,
        kind=EVIDENCE,
        digest=proven.digest,
        declared_type=picture.media_type,
        length=proven.length,
        offset=proven.length,
        state=PhotoState.STORED,
        media_type=picture.media_type,
        stored_digest=proven.key,
        stored_length=len(picture.content),
        width=picture.width,
        height=picture.height,
        orientation=picture.orientation,
        created_at=now,
        touched_at=now,
        stored_at=now,
    )
    db.session.add(photo)
    _insist_on_content(proven)
    audit.record("photo.stored", district, ("photo", photo.photo_id), None, kind=EVIDENCE)
    return photo


def _insist_on_content(proven: Proven) -> None:
    """Once it is named: the same content, found here a moment ago, may just have gone with what nothing named."""
    db.session.flush()
    try:
        here = proven.store.holds(proven.key)
    except StoreFailed:
        here = False
    if not here:
        raise Problem("busy", headers={"Retry-After": "2"})
