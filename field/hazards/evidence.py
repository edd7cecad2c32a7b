"""Photos of a hazard: those that came with forms, and which of all of them may be seen."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from field.core.db import db
from field.hazards.models import Finding
from field.photos import desk
from field.photos.models import Photo, PhotoState

MOST = 4


def keep(finding: Finding, proven: Sequence[desk.Proven], now: datetime) -> list[UUID]:
    """Make pictures that were proved photos of a hazard; answers their ids."""
    return [desk.keep(one, finding.visit_id, finding.district, now).photo_id for one in proven]


def named_by(finding: Finding) -> set[str]:
    """Every photo that a hazard or a step of its life names."""
    return {*finding.photo_ids, *(photo for step in finding.steps for photo in step.photo_ids)}


def visits_of(finding: Finding) -> set[UUID]:
    """The visits to which its photos belong."""
    return {finding.visit_id, *(step.visit_id for step in finding.steps if step.visit_id)}


def by_id(finding: Finding) -> dict[str, Photo]:
    """The best copy of each: a stored one before any other, the full one before its preview."""
    statement = select(Photo).where(
        Photo.district == finding.district, Photo.visit_id.in_(visits_of(finding))
    )
    rows = db.session.scalars(statement.order_by(Photo.created_at, Photo.id)).all()
    ranked = sorted(rows, key=lambda row: (row.state == PhotoState.STORED, row.kind != "preview"))
    return {str(row.photo_id): row for row in ranked if str(row.photo_id) in named_by(finding)}
