"""The same form sent twice, as a double click without scripts sends it: it is done once, and the second is answered
as the first was.

Most actions need nothing for that: what is so already is simply so. What makes something anew each time looks
whether the same person did the same moments ago, in_turn(), so that two at the same instant see each other.
"""

from datetime import datetime, timedelta

from field.core.changes import lock_audit_head
from field.core.db import db

# Longer than a slow answer makes anybody wait before clicking again, shorter than doing it again on purpose takes.
MOMENTS = timedelta(seconds=15)


def in_turn(district: int) -> None:
    """Let those who change something of a district go one after the other, until the transaction ends.

    They would wait for each other anyway when they commit: the audit chain hangs on the same row.
    """
    lock_audit_head(db.session(), district)


def moments_ago(then: datetime, now: datetime) -> bool:
    """Whether it was so short a time ago that whoever does the same again has clicked twice."""
    return abs(now - then) < MOMENTS
