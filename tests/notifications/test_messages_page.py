"""What the page of messages says: what each is about and why it has not arrived, in words."""

import pytest

from tests import factories


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("ConnectionRefusedError", "Nobody answers there."),
        ("HTTP 500", "Something is wrong over there. (HTTP 500)"),
        ("RemoteDisconnected", "The connection broke off. (RemoteDisconnected)"),
    ],
)
def test_why_a_message_has_not_arrived_is_told_in_words(client_of, office, answer, words):
    factories.a_delivery(factories.a_webhook(), answer=answer, attempts=1)

    page = client_of(office).get("/notifications/deliveries?lang=en").get_data(as_text=True)

    assert words in page


def test_a_message_is_named_in_words_and_not_by_its_code(client_of, office):
    factories.a_delivery(factories.a_webhook(), content={"type": "hazard.escalate"})

    page = client_of(office).get("/notifications/deliveries?lang=en").get_data(as_text=True)

    assert "Hazard: Escalated" in page
    assert "hazard.escalate" not in page
