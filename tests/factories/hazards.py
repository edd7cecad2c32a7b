"""Hazards, found by visits as phones tell of them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from field.accounts.models import User
from field.core.db import db
from field.core.ids import new_id
from field.hazards.models import Finding
from field.photos.models import Photo, PhotoState
from field.places.models import Dwelling
from field.visits.models import Visit
from tests.factories.places import a_dwelling
from tests.factories.reference import a_checklist
from tests.factories.visits import a_visit


def a_hazard(
    worker: User | None = None,
    item: str = "H04",
    action: str = "notice_left",
    dwelling: Dwelling | None = None,
    photos: list[dict[str, Any]] | None = None,
    **part: Any,
) -> Finding:
    """A hazard that a visit found; `photos` are parts of the visit's body that it names."""
    door = dwelling or a_dwelling()
    listed = photos or []
    finding = {"id": str(new_id()), "item": item, "action": action} | part
    if listed:
        finding["photos"] = [photo["id"] for photo in listed]
    version = a_checklist(door.district).version
    a_visit(
        worker,
        door,
        unchanged=None,
        checklist={"code": "home-safety", "version": version, "checked": True},
        findings=[finding],
        photos=listed or None,
    )
    return db.session.get_one(Finding, UUID(finding["id"]))


def photos_of(visit: Visit, ids: Iterable[UUID | str], state: PhotoState = PhotoState.STORED) -> None:
    """Rows of whole photos as they stand once they have come; within the transaction that is open, without bytes."""
    for photo in ids:
        content = new_id().hex
        if db.session.query(Photo).filter_by(photo_id=UUID(str(photo))).first() is None:
            row = Photo(id=new_id(), district=visit.district, photo_id=UUID(str(photo)), visit_id=visit.id)
            row.kind, row.digest, row.declared_type, row.length = "full", content, "image/jpeg", 1
            row.state = state
            db.session.add(row)
