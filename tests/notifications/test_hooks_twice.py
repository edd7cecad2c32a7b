"""A webhook that is added by a double click: one, whose secret both answers show."""

from field.core.db import db
from field.notifications.models import Webhook

URL = "https://hooks.example.org/x"


def test_the_secret_of_a_webhook_is_on_both_answers(heard, client_of, office):
    desk = client_of(office)

    pages = [desk.post("/notifications/webhooks", data={"url": URL}).get_data(as_text=True) for _ in range(2)]

    [hook] = db.session.query(Webhook).all()
    assert all(hook.secret in page for page in pages)


def test_another_secret_for_the_same_address_can_be_had_later(heard, client_of, office, clock):
    desk = client_of(office)
    desk.post("/notifications/webhooks", data={"url": URL})
    clock.forward(minutes=5)

    desk.post("/notifications/webhooks", data={"url": URL})

    one, other = db.session.query(Webhook).all()
    assert one.secret != other.secret
