"""Reading messages for the page that shows how they went."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import func, select

from field.core.db import db
from field.notifications.models import Delivery, Kind, MailDigest, State, Webhook


@dataclass(frozen=True)
class Line:
    """A message and whom it is for: a host, or the name of a colleague."""

    delivery: Delivery
    target: str


def listing(district: int, state: State | None = None, limit: int = 100) -> list[Line]:
    """The newest messages of a district."""
    statement = select(Delivery).where(Delivery.district == district)
    if state is not None:
        statement = statement.where(Delivery.state == state)
    rows = db.session.scalars(statement.order_by(Delivery.made_at.desc(), Delivery.id.desc()).limit(limit))
    found = rows.all()
    targets = _targets(found)
    return [Line(row, targets.get(row.target_id, "")) for row in found]


def _targets(rows: Sequence[Delivery]) -> dict[object, str]:
    hooks = {row.target_id for row in rows if row.kind == Kind.WEBHOOK}
    mails = {row.target_id for row in rows if row.kind == Kind.MAIL}
    addresses = select(Webhook.id, Webhook.url).where(Webhook.id.in_(hooks))
    digests = db.session.scalars(select(MailDigest).where(MailDigest.id.in_(mails))).unique()
    hosts = {row.id: urlsplit(row.url).hostname or "" for row in db.session.execute(addresses)}
    return hosts | {digest.id: digest.user.name for digest in digests}


def counts(district: int) -> Counter[State]:
    """How many messages there are in each state."""
    statement = (
        select(Delivery.state, func.count()).where(Delivery.district == district).group_by(Delivery.state)
    )
    return Counter({State(state): number for state, number in db.session.execute(statement)})
