"""Counting what somebody without an account does, by a key such as an address, within a window of time."""

from datetime import datetime, timedelta

from sqlalchemy import case, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from field.accounts.models import Throttle
from field.core.db import db

LONGEST = timedelta(days=2)


def count(key: str, within: timedelta, now: datetime) -> int:
    """Count one more under a key; answers how many there were within the window, this one included."""
    insert = (postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite).insert
    over = Throttle.since < now - within
    statement = insert(Throttle).values(key=key[:80], failures=1, since=now, last_at=now)
    counted = statement.on_conflict_do_update(
        index_elements=[Throttle.key],
        set_={
            "failures": case((over, 1), else_=Throttle.failures + 1),
            "since": case((over, now), else_=Throttle.since),
            "last_at": now,
        },
    )
    number: int = db.session.execute(counted.returning(Throttle.failures)).scalar_one()
    if number == 1:
        _forget(now)
    return number


def _forget(now: datetime) -> None:
    """Let go of what no window looks back to: keys name addresses."""
    db.session.execute(delete(Throttle).where(Throttle.since < now - LONGEST))


def counted(key: str, within: timedelta, now: datetime) -> int:
    """How many there were within the window."""
    statement = select(Throttle.failures).where(Throttle.key == key[:80], Throttle.since >= now - within)
    return db.session.scalar(statement) or 0
