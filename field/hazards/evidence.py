"""Photos of a hazard: those that came with forms, and which of all of them may be seen."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from field.core.db import db
from field.core.ids import new_id
from field.hazards.models import Finding, FindingStep
from field.photos import desk
from field.photos.models import Photo, PhotoState

MOST = 4


def keep(finding: Finding, proven: Sequence[desk.Proven], now: datetime) -> list[UUID]:
    """Make pictures that were proved photos of a hazard; answers their ids."""
    return [desk.keep(one, finding.visit_id, finding.district, now).photo_id for one in proven]


def keep_once(finding: Finding, proven: Sequence[desk.Proven], expected: int, now: datetime) -> list[UUID]:
    """The same for a form that looked at the version `expected`: what comes too late is not kept.

    A form that was sent twice names the photos of its first time; any other gets ids that no step has.
    """
    if expected == finding.version:
        return keep(finding, proven, now)
    first = next((step.photo_ids for step in finding.steps if step.number == expected + 1), [])
    known = _contents(finding, first)
    if [known.get(photo) for photo in first] == [one.key for one in proven]:
        return [UUID(photo) for photo in first]
    return [new_id() for _one in proven]


def _contents(finding: Finding, photos: Iterable[str]) -> dict[str, str]:
    """The digest of what was kept of each photo that is here."""
    statement = select(Photo.photo_id, Photo.stored_digest).where(
        Photo.district == finding.district,
        Photo.visit_id.in_(visits_of(finding)),
        Photo.photo_id.in_([UUID(photo) for photo in photos]),
        Photo.kind != "preview",
        Photo.stored_digest.is_not(None),
    )
    return {str(row.photo_id): row.stored_digest for row in db.session.execute(statement)}


def fresh_among(photos: Iterable[str], finding: Finding, before: Iterable[FindingStep]) -> list[str]:
    """Those that neither the hazard nor the steps before had, by their names or by their content.

    What has not come yet counts as fresh; it is asked again once it is here.
    """
    known = {*finding.photo_ids, *(photo for row in before for photo in row.photo_ids)}
    fresh = [photo for photo in photos if photo not in known]
    contents = _contents(finding, known.union(fresh)) if fresh else {}
    seen = {contents[photo] for photo in known if photo in contents}
    return [photo for photo in fresh if contents.get(photo) not in seen]


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
