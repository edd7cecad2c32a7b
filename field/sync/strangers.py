"""Records of somebody who works in another district, on a phone that was handed on there."""

from collections.abc import Sequence
from datetime import datetime

from field.accounts import queries as accounts
from field.core.db import db
from field.sync.deliveries import Delivery
from field.sync.models import InboxNumber


def leave(deliveries: Sequence[Delivery], district: int, now: datetime) -> None:
    """Take nothing whose author works in another district: a phone that was handed on there keeps it until its author
    signs in again. It gets no result, and the number under which it came is not called missing here."""
    authors = {envelope.author for delivery in deliveries for envelope in delivery.envelopes}
    others = accounts.of_other_districts({one for one in authors if one is not None}, district)
    if not others:
        return
    for delivery in deliveries:
        for envelope in delivery.envelopes:
            if envelope.author in others and envelope.seq is not None:
                claimed = {"device_id": delivery.device_id, "seq": envelope.seq, "event_id": envelope.id}
                db.session.merge(InboxNumber(district=district, received_at=now, **claimed))
        delivery.envelopes = [one for one in delivery.envelopes if one.author not in others]
