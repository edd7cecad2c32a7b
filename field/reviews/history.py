"""What was at a visit's door before it and since: other visits, and photos of the hazards that it speaks of.

Before and since go by when the desk first heard of a visit: a correction comes later, and a phone's clock may be wrong.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select, union_all
from sqlalchemy.orm import aliased

from field.core.db import db
from field.hazards.models import Finding
from field.photos.models import Photo, PhotoState
from field.reviews.reading import Said
from field.visits.models import Visit, VisitRevision

NEAREST = 10
MOST_HAZARDS = 20
_First = aliased(VisitRevision)


@dataclass(frozen=True)
class Other:
    """Another visit at the door, and when it first came."""

    visit: Visit
    came_at: datetime


@dataclass(frozen=True)
class History:
    """The visits before (newest first) and since (oldest first), of many the nearest; and how many there are."""

    earlier: Sequence[Other]
    later: Sequence[Other]
    earlier_number: int = 0
    later_number: int = 0

    @property
    def authors(self) -> set[UUID]:
        """Who made them."""
        return {other.visit.author_id for other in (*self.earlier, *self.later)}


def history(found: Visit) -> History:
    """Read both sides; one query, however many visits there were."""
    before, since = (
        _at_the_door(found).where(side) for side in (_came_before(found), not_(_came_before(found)))
    )
    nearest = (
        before.order_by(_First.received_at.desc(), Visit.id.desc()).limit(NEAREST),
        since.order_by(_First.received_at, Visit.id).limit(NEAREST),
    )
    numbers = [
        select(func.count()).select_from(side.subquery()).scalar_subquery() for side in (before, since)
    ]
    # Put together and joined: two lists with "or" between them make PostgreSQL read every visit there is.
    chosen = union_all(*(select(side.subquery().c.id) for side in nearest)).subquery()
    statement = (
        select(Visit, _First.received_at, *numbers)
        .join(chosen, chosen.c.id == Visit.id)
        .join(_First, _is_first(Visit.id))
        .order_by(_First.received_at, Visit.id)
    )
    rows = db.session.execute(statement).all()
    if not rows:
        return History((), ())
    place = found.revisions[0].received_at, found.id
    others = [Other(row[0], row[1]) for row in rows]
    earlier = [other for other in others if (other.came_at, other.visit.id) < place]
    return History(earlier[::-1], others[len(earlier) :], *rows[0][2:])


def _at_the_door(found: Visit) -> Select[Any]:
    return (
        select(Visit.id)
        .join(_First, _is_first(Visit.id))
        .where(Visit.district == found.district, Visit.dwelling_id == found.dwelling_id, Visit.id != found.id)
    )


def _is_first(visit_id: Any) -> ColumnElement[bool]:
    return and_(_First.visit_id == visit_id, _First.number == 1)


def _came_before(found: Visit) -> ColumnElement[bool]:
    first = found.revisions[0].received_at
    return or_(_First.received_at < first, and_(_First.received_at == first, _First.visit_id < found.id))


def hazards_before(found: Visit, said: Iterable[Said]) -> Sequence[Finding]:
    """What earlier visits found at the door of the kinds that this one found, the newest first."""
    kinds = {part.finding.item_code for one in said for part in one.findings if part.finding}
    if not kinds:
        return ()
    statement = (
        select(Finding)
        .join(_First, _is_first(Finding.visit_id))
        .where(
            Finding.district == found.district,
            Finding.dwelling_id == found.dwelling_id,
            Finding.item_code.in_(kinds),
            Finding.visit_id != found.id,
            Finding.withdrawn.is_(False),
            _came_before(found),
        )
        .order_by(_First.received_at.desc(), Finding.id.desc())
    )
    return db.session.scalars(statement.limit(MOST_HAZARDS)).all()


def rechecked(said: Iterable[Said]) -> dict[UUID, Finding]:
    """The hazards that were looked at again."""
    return {part.finding.id: part.finding for one in said for part in one.rechecks if part.finding}


def photos_by_kind(hazards: Iterable[Finding], photos: Mapping[str, Photo]) -> dict[str, list[str]]:
    """The photos with which hazards were found, by checklist item; those that can be shown."""
    named: dict[str, list[str]] = {}
    for hazard in hazards:
        named.setdefault(hazard.item_code, []).extend(photos_of(hazard, photos))
    return named


def photos_of(hazard: Finding, photos: Mapping[str, Photo]) -> list[str]:
    """The photos with which a hazard was found, those that can be shown."""
    return [
        photo for photo in hazard.photo_ids if photo in photos and photos[photo].state == PhotoState.STORED
    ]
