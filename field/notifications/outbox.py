"""The table of messages to send: claimed for a while, tried, tried again later and later, given up in the end.

A message is sent at least once: whoever is killed after sending and before writing that down sends it again, under
the same id.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select, update

from field.accounts.scope import Actor
from field.audit import service as audit
from field.core.db import db
from field.core.errors import Problem
from field.notifications.models import Delivery, Kind, State

# Nobody else takes a message while it is being sent; longer than a batch of attempts may last.
CLAIMED_FOR = timedelta(minutes=10)
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
# About two days of trying.
ATTEMPTS = 15
KEPT_FOR = timedelta(days=30)
BATCH = 20


def claim(kind: Kind, now: datetime, limit: int = BATCH) -> Sequence[Delivery]:
    """Take messages of a kind whose time has come; they come back by themselves when nothing is written down."""
    statement = (
        select(Delivery)
        .where(Delivery.state == State.WAITING, Delivery.next_at <= now, Delivery.kind == kind)
        .order_by(Delivery.next_at, Delivery.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = db.session.scalars(statement.execution_options(populate_existing=True)).all()
    for row in rows:
        row.attempts += 1
        row.next_at = now + CLAIMED_FOR
    db.session.flush()
    return rows


def settle(delivery_id: UUID, failure: str | None, now: datetime) -> None:
    """Write down how an attempt ended; None means that the other side has it."""
    row = db.session.get(Delivery, delivery_id, with_for_update=True, populate_existing=True)
    if row is None or row.state != State.WAITING:
        return
    row.answer = failure[:120] if failure else None
    if failure is None:
        row.state, row.ended_at = State.SENT, now
    elif row.attempts >= ATTEMPTS:
        row.state, row.ended_at = State.FAILED, now
    else:
        row.next_at = now + pause_after(row.attempts)


def pause_after(attempts: int) -> timedelta:
    """Twice as long after each attempt, up to six hours."""
    return min(LONGEST_PAUSE, FIRST_PAUSE * (1 << min(attempts - 1, 20)))


def send_again(delivery_id: UUID, actor: Actor, now: datetime) -> None:
    """Try a message anew that was given up; raises Problem `not-found`, or `conflict` when it was not."""
    row = db.session.get(Delivery, delivery_id, with_for_update=True, populate_existing=True)
    if row is None or row.district != actor.scope.district:
        raise Problem("not-found")
    if row.state != State.FAILED:
        raise Problem("conflict")
    row.state, row.attempts, row.next_at, row.ended_at = State.WAITING, 0, now, None
    audit.record("delivery.retried", row.district, ("delivery", row.id), actor.id, kind=str(row.kind))


def give_up(target_id: UUID, reason: str, now: datetime, about: UUID | None = None) -> None:
    """Send nothing more to a target that is gone, or only not the message `about` something."""
    statement = update(Delivery).where(Delivery.target_id == target_id, Delivery.state == State.WAITING)
    if about is not None:
        statement = statement.where(Delivery.about == about)
    db.session.execute(statement.values(state=State.FAILED, answer=reason, ended_at=now))


def forget_old(now: datetime) -> None:
    """Drop messages that ended a month ago; what is waiting stays."""
    db.session.execute(delete(Delivery).where(Delivery.ended_at < now - KEPT_FOR))
