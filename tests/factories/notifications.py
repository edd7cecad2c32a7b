"""Webhooks and messages to them."""

from typing import Any

from field.core.clock import utcnow
from field.core.db import db, transaction
from field.core.ids import new_id
from field.notifications.models import Delivery, Kind, State, Webhook
from tests.factories.places import DISTRICT

SECRET = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="


def a_webhook(district: int = DISTRICT, url: str = "https://example.org/hook") -> Webhook:
    """An address that is told from now on."""
    now = utcnow()
    hook = Webhook(id=new_id(), district=district, url=url, added_at=now, added_by=new_id(), told_until=now)
    hook.secret = SECRET
    with transaction():
        db.session.add(hook)
    return hook


def a_delivery(hook: Webhook, **facts: Any) -> Delivery:
    """A message to a webhook that waits."""
    now = utcnow()
    usual: dict[str, Any] = {
        "kind": Kind.WEBHOOK,
        "about": new_id(),
        "content": {"type": "hazard.refer"},
        "state": State.WAITING,
        "next_at": now,
        "made_at": now,
    }
    delivery = Delivery(id=new_id(), district=hook.district, target_id=hook.id, **(usual | facts))
    with transaction():
        db.session.add(delivery)
    return delivery
