"""What people do about records that were set aside: have them judged again, or close them with a reason."""

from datetime import datetime
from uuid import UUID

from field.accounts.scope import Actor
from field.audit import service as audit
from field.core.clock import utcnow
from field.sync import inbox, queries
from field.sync.models import InboxEvent, Result


def judge_again(event_id: UUID, actor: Actor, zone: str) -> bool:
    """Judge a record as if it came now, then what waited for it; tells whether it is applied. It stays kept if not."""
    event, now = queries.one_set_aside(event_id, actor.scope), utcnow()
    result = inbox.replay(event, now, zone)
    inbox.wake_waiting(event.district, [result], now, zone)
    applied: bool = result["result"] == Result.ACCEPTED
    if applied:
        _reopen(event)
        audit.record("event.replayed", event.district, ("event", event.id), actor.id)
    return applied


def close(event_id: UUID, reason: str, actor: Actor) -> None:
    """Say that a record is dealt with in another way; it is kept, and can still be judged again."""
    event = queries.one_set_aside(event_id, actor.scope)
    if event.closed_at is None:
        event.closed_at, event.closed_by, event.closed_reason = utcnow(), actor.id, reason
        audit.record("event.closed", event.district, ("event", event.id), actor.id)


def _reopen(event: InboxEvent) -> None:
    nothing: datetime | None = None
    event.closed_at, event.closed_by, event.closed_reason = nothing, None, None
