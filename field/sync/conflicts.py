"""Other contents that came under the id of a record: both are facts, and somebody who answers for the author decides.

The first one stands, whatever is decided: the right answer enters as a correction of the visit, by its worker or lead.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, func, or_, select

from field.accounts import queries as accounts
from field.accounts.models import DeviceUser, UserArea
from field.accounts.scope import Actor, Scope
from field.audit import service as audit
from field.checklists.queries import Words
from field.core.clock import utcnow
from field.core.db import db, only
from field.core.i18n import moment_text
from field.places.models import Dwelling
from field.reviews.comparing import Line, compared
from field.reviews.reading import Said
from field.sync.models import InboxConflict, InboxEvent
from field.sync.queries import page_of
from field.sync.reading import said_in
from field.sync.service import is_closed
from field.visits.models import VisitRevision

PAGE = 50


@dataclass(frozen=True)
class Content:
    """One of two contents: who sent it, when it came, and what it says where the reader may know that.

    `visit_id` is the visit that was recorded from it.
    """

    author: str
    received_at: datetime
    visit_id: UUID | None
    door: Dwelling | None = None
    began_at: datetime | None = None
    said: Said | None = None


@dataclass(frozen=True)
class Page:
    """One page of second contents; `after` asks for the next."""

    rows: Sequence[InboxConflict] = ()
    after: str | None = None


def listed(scope: Scope, closed: bool = False, after: str | None = None, limit: int = PAGE) -> Page:
    """Those that nobody has decided, or those that were."""
    statement = select(InboxConflict).where(_visible(scope))
    return Page(*page_of(statement, InboxConflict, closed, after, limit))


def how_many(scope: Scope) -> int:
    """How many wait for somebody."""
    statement = select(func.count()).where(_visible(scope), InboxConflict.closed_at.is_(None))
    return db.session.scalar(statement) or 0


def one(conflict_id: UUID, scope: Scope) -> InboxConflict:
    """A second content; raises Problem `not-found`."""
    return only(select(InboxConflict).where(InboxConflict.id == conflict_id, _visible(scope)))


def contents(conflict: InboxConflict, scope: Scope, words: Words) -> tuple[Content, Content]:
    """What stands under the id, and what came later; numbers masked, doors outside the scope left out."""
    event = db.session.get_one(InboxEvent, conflict.event_id)
    revision = db.session.get(VisitRevision, conflict.event_id)
    first, schema = (revision.body_bytes, revision.schema) if revision else (event.body_bytes, event.schema)
    names = accounts.names({one for one in (event.author_id, conflict.author_id) if one})
    return (
        Content(
            names.get(event.author_id, "") if event.author_id else "",
            event.received_at,
            revision.visit_id if revision else None,
            *said_in(event.id, first, schema, scope, words),
        ),
        Content(
            names.get(conflict.author_id, "") if conflict.author_id else "",
            conflict.received_at,
            None,
            *said_in(conflict.id, conflict.body_bytes, conflict.schema, scope, words),
        ),
    )


def differences(first: Content, second: Content, words: Words) -> list[Line]:
    """Every fact of both, what differs first; nothing unless both can be read."""
    if first.said is None or second.said is None or first.door is None or second.door is None:
        return []
    began = (moment_text(first.began_at), moment_text(second.began_at))
    lines = [Line("", _("Door"), first.door.address, second.door.address), Line("", _("At the door"), *began)]
    return sorted([*lines, *compared(first.said, second.said, words)], key=lambda line: not line.differs)


def note_look(conflict: InboxConflict, actor: Actor) -> None:
    """Write down that somebody reads both."""
    audit.record("event.compared", conflict.district, ("event", conflict.event_id), actor.id)


def close(conflict_id: UUID, reason: str, actor: Actor) -> None:
    """Say what was decided; both are kept."""
    conflict = one(conflict_id, actor.scope)
    db.session.refresh(conflict, with_for_update=True)
    if is_closed(conflict, reason, actor):
        return
    conflict.closed_at, conflict.closed_by, conflict.closed_reason = utcnow(), actor.id, reason
    audit.record("conflict.closed", conflict.district, ("event", conflict.event_id), actor.id)


def _visible(scope: Scope) -> ColumnElement[bool]:
    people = select(UserArea.user_id).where(scope.within(UserArea.area_code))
    phones = select(DeviceUser.device_id).where(DeviceUser.user_id.in_(people))
    return and_(
        InboxConflict.district == scope.district,
        or_(InboxConflict.device_id.in_(phones), InboxConflict.author_id.in_(people)),
    )
