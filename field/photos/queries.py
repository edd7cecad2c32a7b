"""Finding photos: uploads of a phone, photos of a visit."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import bindparam, select

from field.accounts.scope import Scope
from field.core.db import db
from field.photos.models import Photo, PhotoState
from field.visits.models import Visit

# Made once: every photo asks both.
_UPLOAD = select(Photo).where(Photo.id == bindparam("upload"), Photo.device_id == bindparam("device"))
_SAME = select(Photo).where(
    Photo.photo_id == bindparam("photo"),
    Photo.kind == bindparam("kind"),
    Photo.digest == bindparam("digest"),
)


def upload(upload_id: UUID, device_id: UUID) -> Photo | None:
    """An upload of a phone by its address."""
    return db.session.scalar(_UPLOAD, {"upload": upload_id, "device": device_id})


def same_upload(photo_id: UUID, kind: str, digest: str) -> Photo | None:
    """The upload of the same bytes of the same photo."""
    return db.session.scalar(_SAME, {"photo": photo_id, "kind": kind, "digest": digest})


def of_visits(visit_ids: Iterable[UUID], district: int) -> Sequence[Photo]:
    """All photos that came for some visits, whatever their state."""
    statement = select(Photo).where(Photo.district == district, Photo.visit_id.in_(set(visit_ids)))
    return db.session.scalars(statement.order_by(Photo.created_at, Photo.id)).all()


def stored(photo_id: UUID, visit_id: UUID, district: int) -> Photo | None:
    """A stored photo of one visit; the full one before the preview. Whoever asks has checked who may see it."""
    statement = (
        select(Photo)
        .where(
            Photo.district == district,
            Photo.visit_id == visit_id,
            Photo.photo_id == photo_id,
            Photo.state == PhotoState.STORED,
        )
        .order_by(Photo.kind)  # full sorts before preview
    )
    return db.session.scalars(statement).first()


def viewable(photo_id: UUID, scope: Scope) -> Photo | None:
    """A stored photo whose visit lies within the scope; the full one before the preview."""
    statement = (
        select(Photo)
        .join(Visit, Visit.id == Photo.visit_id)
        .where(
            Photo.photo_id == photo_id,
            Photo.district == scope.district,
            Photo.state == PhotoState.STORED,
            scope.where(Visit),
        )
        .order_by(Photo.kind)  # full sorts before preview
    )
    return db.session.scalars(statement).first()
