"""Photos that could not be used, for whoever answers for their visit or, while that has not come, for their phone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, tuple_
from sqlalchemy.orm import joinedload

from field.accounts import queries as accounts
from field.accounts.models import DeviceUser, UserArea
from field.accounts.scope import Actor, Scope
from field.audit import service as audit
from field.core.clock import utcnow
from field.core.db import db, only
from field.photos import judging
from field.photos.models import Photo, PhotoState
from field.photos.store import Store
from field.sync.queries import page_end
from field.visits.models import Visit

PAGE = 50


@dataclass(frozen=True)
class AsidePhoto:
    """A photo with its visit and who made that; none while the visit has not come."""

    photo: Photo
    visit: Visit | None
    author: str


@dataclass(frozen=True)
class Page:
    """One page of them; `after` asks for the next."""

    rows: Sequence[AsidePhoto] = ()
    after: str | None = None


def listed(scope: Scope, after: str | None = None, limit: int = PAGE) -> Page:
    """Those that are set aside, oldest first, so that each comes to its turn."""
    statement = select(Photo).where(_aside(scope)).order_by(Photo.created_at, Photo.id)
    if after:
        statement = statement.where(tuple_(Photo.created_at, Photo.id) > tuple_(*page_end(after)))
    rows = db.session.scalars(statement.limit(limit + 1)).all()
    found = rows[:limit]
    further = f"{found[-1].created_at.isoformat()}_{found[-1].id}" if len(rows) > limit else None
    return Page(_with_visits(found), further)


def how_many(scope: Scope) -> int:
    """How many are set aside."""
    return db.session.scalar(select(func.count()).select_from(Photo).where(_aside(scope))) or 0


def admit(photo: Photo, outcome: dict[str, Any] | None, actor: Actor, store: Store) -> None:
    """Write down that somebody had it judged again, and keep what is good now. Whoever was faster has done the same."""
    audit.record("photo.judged_again", photo.district, ("photo", photo.photo_id), actor.id)
    if outcome is not None:
        judging.admit(photo.id, outcome, store, utcnow())


def one(upload_id: UUID, scope: Scope) -> Photo:
    """One that is set aside, or was and is stored now; raises Problem `not-found`."""
    settled = Photo.state.in_([PhotoState.QUARANTINED, PhotoState.STORED])
    return only(select(Photo).where(Photo.id == upload_id, settled, _visible(scope)))


def _aside(scope: Scope) -> ColumnElement[bool]:
    """Of an empty one there is nothing to judge."""
    return and_(Photo.state == PhotoState.QUARANTINED, Photo.length > 0, _visible(scope))


def _visible(scope: Scope) -> ColumnElement[bool]:
    """Photos that count; of a preview nothing depends."""
    people = select(UserArea.user_id).where(scope.within(UserArea.area_code))
    phones = select(DeviceUser.device_id).where(DeviceUser.user_id.in_(people))
    known = exists().where(Visit.id == Photo.visit_id)
    return and_(
        Photo.district == scope.district,
        Photo.kind == "full",
        or_(
            Photo.visit_id.in_(select(Visit.id).where(scope.where(Visit))),
            and_(~known, Photo.device_id.in_(phones)),
        ),
    )


def _with_visits(rows: Sequence[Photo]) -> Sequence[AsidePhoto]:
    named = select(Visit).where(Visit.id.in_({row.visit_id for row in rows}))
    visits = {row.id: row for row in db.session.scalars(named.options(joinedload(Visit.dwelling)))}
    names = accounts.names({row.author_id for row in visits.values()})
    return [_of(row, visits.get(row.visit_id), names) for row in rows]


def _of(photo: Photo, visit: Visit | None, names: dict[UUID, str]) -> AsidePhoto:
    return AsidePhoto(photo, visit, names.get(visit.author_id, "") if visit else "")
