"""What people do about records that were set aside: have them judged again, or close them with a reason."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import and_, delete, or_, select

from field.accounts import queries as accounts
from field.accounts.models import Device
from field.accounts.scope import Actor
from field.audit import service as audit
from field.core.clock import utcnow
from field.core.db import db
from field.core.errors import Problem
from field.core.i18n import moment_text
from field.sync import inbox, queries
from field.sync.envelope import is_known
from field.sync.models import InboxConflict, InboxEvent, Result
from field.visits.models import VisitRevision


def judge_again(event_id: UUID, actor: Actor, zone: str) -> bool:
    """Judge a record as if it came now, then what waited for it; tells whether it is applied. It stays kept if not.

    Twice is the same as once.
    """
    if queries.is_applied(event_id, actor.scope):
        return True
    event, now = queries.one_set_aside(event_id, actor.scope), utcnow()
    result = inbox.replay(event, now, zone)
    inbox.wake_waiting(event.district, [result], now, zone)
    applied: bool = result["result"] == Result.ACCEPTED
    if applied:
        _reopen(event)
        audit.record("event.replayed", event.district, ("event", event.id), actor.id)
    return applied


def notice_lost_storage(device: Device, seq: int | None, now: datetime) -> None:
    """A phone that remembers fewer numbers than it has sent has lost its storage, and what it had not sent by then.

    It says so after it was told how many came: a record that overtakes the question is none that it has forgotten.
    """
    if seq is not None and seq < (device.highest_seq or 0):  # a new phone has none before it is stored
        device.cleared_at = now
        audit.record(
            "device.cleared",
            device.district,
            ("device", device.id),
            None,
            seq=seq,
            highest=device.highest_seq,
        )


def erase(event_ids: Iterable[UUID], actor: Actor | None) -> None:
    """Nothing of these records, and of what is set aside and says more of the same visits, is kept here any more;
    phones forget them at their next contact (`gone`).

    What was made of them (visits, register, photos) is for whoever erases to remove; ids and digests stay.
    """
    for event in _with_their_corrections(set(event_ids)):
        event.result, event.body_sealed, event.problems, event.waits_for = Result.GONE, None, [], None
        db.session.execute(delete(InboxConflict).where(InboxConflict.event_id == event.id))
        audit.record("event.erased", event.district, ("event", event.id), actor.id if actor else None)


def _with_their_corrections(event_ids: set[UUID]) -> Sequence[InboxEvent]:
    named = select(InboxEvent.visit_id).where(InboxEvent.id.in_(event_ids))
    recorded = select(VisitRevision.visit_id).where(VisitRevision.id.in_(event_ids))
    aside = and_(
        InboxEvent.result == Result.QUARANTINED,
        or_(InboxEvent.visit_id.in_(named), InboxEvent.visit_id.in_(recorded)),
    )
    return db.session.scalars(select(InboxEvent).where(or_(InboxEvent.id.in_(event_ids), aside))).all()


def understood_now() -> Sequence[UUID]:
    """Records from newer apps that this release understands, in the order in which they came."""
    return [event.id for event in queries.from_newer_apps() if is_known(event.type, event.schema, event.enc)]


def judge_newer(event_id: UUID, zone: str) -> bool:
    """Judge a record from a newer app after the upgrade, then what waited for it; tells whether it is applied."""
    event, now = db.session.get_one(InboxEvent, event_id), utcnow()
    if event.result == Result.ACCEPTED:
        return True  # it waited for one that was judged before it
    result = inbox.replay(event, now, zone)
    inbox.wake_waiting(event.district, [result], now, zone)
    applied: bool = result["result"] == Result.ACCEPTED
    if applied:
        audit.record("event.replayed", event.district, ("event", event.id), None)
    return applied


def close(event_id: UUID, reason: str, actor: Actor) -> None:
    """Say that a record is dealt with in another way; it is kept, and can still be judged again."""
    if queries.is_applied(event_id, actor.scope):
        raise Problem("decided-already", _("It was applied meanwhile and is among the visits."))
    event = queries.one_set_aside(event_id, actor.scope)
    if is_closed(event, reason, actor):
        return
    event.closed_at, event.closed_by, event.closed_reason = utcnow(), actor.id, reason
    audit.record("event.closed", event.district, ("event", event.id), actor.id)


def is_closed(row: InboxEvent | InboxConflict, reason: str, actor: Actor) -> bool:
    """Whether this is a double click; raises Problem `decided-already` when somebody has closed it otherwise."""
    if row.closed_at is None:
        return False
    if (row.closed_by, row.closed_reason) == (actor.id, reason):
        return True
    who = accounts.names({row.closed_by}).get(row.closed_by, "") if row.closed_by else ""
    said = {"who": who, "when": moment_text(row.closed_at), "reason": row.closed_reason or ""}
    raise Problem("decided-already", _("%(who)s closed it on %(when)s: %(reason)s", **said))


def _reopen(event: InboxEvent) -> None:
    nothing: datetime | None = None
    event.closed_at, event.closed_by, event.closed_reason = nothing, None, None
