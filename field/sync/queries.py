"""Reading what was set aside: records kept whole that were not applied, for whoever answers for their authors."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, and_, exists, func, literal, or_, select, tuple_
from sqlalchemy.orm import joinedload

from field.accounts import queries as accounts
from field.accounts.models import DeviceUser, UserArea
from field.accounts.scope import Scope
from field.core.clock import parse_instant
from field.core.db import Instant, db, only
from field.core.errors import Problem
from field.photos import service as photos
from field.photos.models import Photo
from field.places.models import Dwelling
from field.sync.models import InboxConflict, InboxEvent, Result
from field.visits.upcasts import read

PAGE = 50


@dataclass(frozen=True)
class SetAside:
    """A record with who sent it and the door that it names, if that lies within the reader's area."""

    event: InboxEvent
    author: str
    door: Dwelling | None
    said: dict[str, Any]


@dataclass(frozen=True)
class Page:
    """One page of records that were set aside; `after` asks for the next."""

    records: Sequence[SetAside]
    after: str | None = None


def set_aside(scope: Scope, closed: bool = False, after: str | None = None, limit: int = PAGE) -> Page:
    """The records that nobody has dealt with, oldest first; or those that were closed, newest first."""
    found, further = page_of(select(InboxEvent).where(_visible(scope)), InboxEvent, closed, after, limit)
    return Page(_with_doors(found, scope), further)


def page_of(
    statement: Select[Any],
    kept: type[InboxEvent | InboxConflict],
    closed: bool,
    after: str | None,
    limit: int,
) -> tuple[Sequence[Any], str | None]:
    """Those that nobody has closed, oldest first, so that each comes to its turn; or those that were, newest first.

    With them comes the mark of the next page, if there is one; raises Problem `bad-request` for one that is none.
    """
    at = kept.closed_at if closed else kept.received_at
    statement = statement.where(kept.closed_at.is_not(None) if closed else kept.closed_at.is_(None))
    if after:
        place, mark = tuple_(at, kept.id), tuple_(*page_end(after))
        statement = statement.where(place < mark if closed else place > mark)
    order = (at.desc(), kept.id.desc()) if closed else (at, kept.id)
    rows = db.session.scalars(statement.order_by(*order).limit(limit + 1)).all()
    found = rows[:limit]
    return found, f"{getattr(found[-1], at.key).isoformat()}_{found[-1].id}" if len(rows) > limit else None


def page_end(after: str) -> tuple[ColumnElement[datetime], ColumnElement[UUID]]:
    """The place in a list at which a page ended; raises Problem `bad-request`."""
    try:
        at, row_id = after.split("_")
        return literal(parse_instant(at), Instant), literal(UUID(row_id), Uuid)
    except (ValueError, OverflowError) as error:
        raise Problem("bad-request") from error


def how_many(scope: Scope) -> int:
    """How many wait for somebody."""
    statement = select(func.count()).where(_visible(scope), InboxEvent.closed_at.is_(None))
    return db.session.scalar(statement) or 0


def one_set_aside(event_id: UUID, scope: Scope) -> InboxEvent:
    """A record that was set aside, held until the transaction ends; raises Problem `not-found`."""
    statement = select(InboxEvent).where(InboxEvent.id == event_id, _visible(scope)).with_for_update()
    return only(statement.execution_options(populate_existing=True))


def from_newer_apps() -> Sequence[InboxEvent]:
    """Records of every district that were set aside because the release of their day did not know them."""
    statement = select(InboxEvent).where(
        InboxEvent.result == Result.QUARANTINED, InboxEvent.closed_at.is_(None)
    )
    rows = db.session.scalars(statement.order_by(InboxEvent.received_at, InboxEvent.seq))
    return [row for row in rows if any(problem["code"] == "newer" for problem in row.problems)]


@photos.wanted_while
def kept_with_a_photo() -> ColumnElement[bool]:
    """A photo is kept as long as a record that is set aside, also a closed one, and names its visit or may name it:
    what nobody here can read may be about any visit of its phone."""
    return or_(
        *(
            exists().where(condition)
            for kept in (InboxEvent, InboxConflict)
            for condition in _ways_to_name(kept)
        )
    )


def _ways_to_name(kept: type[InboxEvent] | type[InboxConflict]) -> Sequence[ColumnElement[bool]]:
    here = and_(kept.district == Photo.district, kept.body_sealed.is_not(None))
    return (
        and_(kept.visit_id == Photo.visit_id, here),
        and_(kept.visit_id.is_(None), kept.device_id == Photo.device_id, here),
    )


def is_applied(event_id: UUID, scope: Scope) -> bool:
    """Whether a record of somebody in the scope is among the visits."""
    mine = _of_scope(scope), InboxEvent.id == event_id, InboxEvent.result == Result.ACCEPTED
    return db.session.scalar(select(InboxEvent.id).where(*mine)) is not None


def _visible(scope: Scope) -> ColumnElement[bool]:
    return and_(_of_scope(scope), InboxEvent.result == Result.QUARANTINED)


def _of_scope(scope: Scope) -> ColumnElement[bool]:
    return and_(
        InboxEvent.district == scope.district,
        or_(InboxEvent.author_id.in_(_people(scope)), InboxEvent.device_id.in_(_devices(scope))),
    )


def _people(scope: Scope) -> Any:
    return select(UserArea.user_id).where(scope.within(UserArea.area_code))


def _devices(scope: Scope) -> Any:
    return select(DeviceUser.device_id).where(DeviceUser.user_id.in_(_people(scope)))


def _with_doors(rows: Sequence[InboxEvent], scope: Scope) -> Sequence[SetAside]:
    said = {row.id: _said(row) for row in rows}
    ids = {UUID(content["dwelling"]) for content in said.values() if "dwelling" in content}
    statement = select(Dwelling).options(joinedload(Dwelling.building)).where(Dwelling.id.in_(ids))
    doors = {str(row.id): row for row in db.session.scalars(statement.where(scope.where(Dwelling)))}
    names = accounts.names({row.author_id for row in rows if row.author_id})
    return [
        SetAside(
            row,
            names.get(row.author_id, "") if row.author_id else "",
            doors.get(said[row.id].get("dwelling", "")),
            said[row.id],
        )
        for row in rows
    ]


def _said(event: InboxEvent) -> dict[str, Any]:
    """The few facts that tell people which record this is; nothing about the household."""
    try:
        body = read(event.body_bytes)
        dwelling = str(UUID(str(body["dwelling"])))
    except (ValueError, KeyError, TypeError):
        return {}
    counts = {
        name: len(body[name])
        for name in ("findings", "photos", "occupants")
        if isinstance(body.get(name), list) and body[name]
    }
    outcome = body.get("outcome")
    return {"dwelling": dwelling, "outcome": outcome if isinstance(outcome, str) else None} | counts
