"""Webhooks against a real receiver: signed, at least once under one id, nothing personal, only where it is allowed."""

import base64
import hashlib
import hmac
from datetime import timedelta

import orjson
import pytest

from field.core.clock import utcnow
from field.core.db import db, transaction
from field.core.ids import new_id
from field.hazards.models import Action
from field.notifications import posting
from field.notifications.models import Delivery, State, Webhook
from field.notifications.outbox import ATTEMPTS, LONGEST_PAUSE, pause_after
from tests import factories
from tests.factories.notifications import SECRET
from tests.notifications.servers import dripping
from tests.referrals.department import moved


@pytest.fixture
def hook(app, heard):
    """The receiver is told of what happens from now on."""
    return factories.a_webhook(url=heard.url)


def _all_due():
    with transaction():
        for row in db.session.query(Delivery).filter_by(state=State.WAITING):
            row.next_at = utcnow() - timedelta(seconds=1)


def _types(heard):
    return [orjson.loads(body)["type"] for _headers, body in heard.came]


def test_each_step_is_told_once_in_its_order(hook, heard, send, handler):
    finding = factories.a_hazard(item="H03", action="refer")
    first = send()
    moved(finding, Action.ACCEPT, handler)
    moved(finding, Action.RETURN, handler, reason="材料不全")
    second, third = send(), send()

    assert (first, second, third) == (
        "1 new, 1 sent, 0 not yet.",
        "2 new, 2 sent, 0 not yet.",
        "0 new, 0 sent, 0 not yet.",
    )
    assert _types(heard) == ["hazard.refer", "hazard.accept", "hazard.return"]


def test_it_tells_codes_days_and_a_link_and_nothing_that_somebody_wrote(hook, heard, send, worker):
    home = factories.a_dwelling(lessor_name="测试·房东")
    finding = factories.a_hazard(item="H03", action="refer", dwelling=home, note="二楼", spot="北门")

    send()

    [(_headers, body)] = heard.came
    told = orjson.loads(body)
    assert told["type"] == "hazard.refer"
    assert told["data"] == {
        "hazard": str(finding.id),
        "link": f"https://doorstep.example.org/hazards/{finding.id}",
        "item": "H03",
        "severity": finding.severity,
        "status": "referred",
        "department": "fire_rescue",
        "area": factories.COMMUNITY,
        "due_on": finding.due_on.isoformat(),
    }
    for hidden in (home.address, "测试·房东", "二楼", "北门", worker.name, worker.username):
        assert hidden not in body.decode()


def test_a_receiver_can_check_that_it_comes_from_here(hook, heard, send):
    factories.a_hazard(item="H03", action="refer")

    send()

    [(headers, body)] = heard.came
    signed = f"{headers['Webhook-Id']}.{headers['Webhook-Timestamp']}.".encode() + body
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["Webhook-Signature"] == f"v1,{expected}"
    assert abs(int(headers["Webhook-Timestamp"]) - utcnow().timestamp()) < 60
    assert headers["Webhook-Id"] == str(db.session.query(Delivery).one().id)


def test_the_signature_is_that_of_standard_webhooks():
    # The example of the specification's reference libraries.
    secret, message = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek"

    signature = posting.signature(secret, message, 1614265330, b'{"test": 2432232314}')

    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_failure_is_tried_again_under_the_same_id(hook, heard, send):
    factories.a_hazard(item="H03", action="refer")
    heard.answers = [500, 204]

    first = send()
    kept = db.session.query(Delivery).one()
    seen = (kept.state, kept.attempts, kept.answer, kept.next_at > utcnow())
    waiting = send()
    _all_due()
    second = send()

    assert (first, waiting, second) == (
        "1 new, 0 sent, 1 not yet.",
        "0 new, 0 sent, 0 not yet.",
        "0 new, 1 sent, 0 not yet.",
    )
    assert seen == (State.WAITING, 1, "HTTP 500", True)
    assert len({headers["Webhook-Id"] for headers, _body in heard.came}) == 1


def test_pauses_double_up_to_six_hours():
    pauses = [pause_after(attempt) for attempt in range(1, ATTEMPTS + 30)]

    assert pauses[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert pauses[-1] == max(pauses) == LONGEST_PAUSE


def test_after_two_days_it_is_given_up_and_can_be_asked_for_again(hook, heard, send, client_of, office):
    factories.a_hazard(item="H03", action="refer")
    heard.answers = [503]
    for _unused in range(ATTEMPTS):
        send()
        _all_due()
    given_up = db.session.query(Delivery).one().state
    page = client_of(office).get("/notifications/deliveries?state=failed&lang=en").get_data(as_text=True)
    heard.answers = [204]
    delivery = db.session.query(Delivery).one().id
    client_of(office).post(f"/notifications/deliveries/{delivery}/attempt")

    assert given_up == State.FAILED
    assert "HTTP 503" in page
    assert send() == "0 new, 1 sent, 0 not yet."
    assert client_of(office).post(f"/notifications/deliveries/{delivery}/attempt").status_code == 409


def test_whoever_was_killed_after_sending_sends_again_under_the_same_id(monkeypatch, hook, heard, send):
    factories.a_hazard(item="H03", action="refer")
    with monkeypatch.context() as patch:
        patch.setattr("field.notifications.outbox.settle", _killed)
        with pytest.raises(Killed):
            send()
    held_back = send()
    _all_due()

    assert held_back == "0 new, 0 sent, 0 not yet."
    assert send() == "0 new, 1 sent, 0 not yet."
    assert len(heard.came) == 2
    assert len({headers["Webhook-Id"] for headers, _body in heard.came}) == 1


class Killed(Exception):
    """As if the process ended here."""


def _killed(*_args):
    raise Killed


def test_a_receiver_that_sends_elsewhere_is_not_followed(hook, heard, send):
    factories.a_hazard(item="H03", action="refer")
    heard.answers, heard.headers = [307], {"Location": heard.url}

    assert send() == "1 new, 0 sent, 1 not yet."
    assert len(heard.came) == 1
    assert db.session.query(Delivery).one().answer == "HTTP 307"


def test_one_receiver_that_is_away_does_not_keep_others_waiting(hook, heard, send):
    factories.a_webhook(url="http://127.0.0.1:1/hook")
    factories.a_hazard(item="H03", action="refer")

    assert send() == "2 new, 1 sent, 1 not yet."
    assert len(heard.came) == 1


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://hooks.example.org/x", "Only https"),
        ("https://169.254.169.254/latest", "has not allowed this host"),
        ("https://hooks.example.org.evil.example/x", "has not allowed this host"),
        ("https://hooks.example.org@evil.example/x", "Please enter an address"),
        ("https://user:word@hooks.example.org/x", "Please enter an address"),
        ("https://hooks.example.org:99999/x", "Please enter an address"),
        ("https://hooks.example.org/x#y", "Please enter an address"),
        ("file:///etc/passwd", "Please enter an address"),
        ("https://[::1", "Please enter an address"),
        ("https://hooks.example.org/\r\nX: y", "Please enter an address"),
        ("", "Please enter an address"),
    ],
)
def test_what_may_not_be_told_is_refused_beside_its_field(heard, client_of, office, url, said):
    answer = client_of(office).post("/notifications/webhooks?lang=en", data={"url": url})

    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)
    assert db.session.query(Webhook).count() == 0


def test_without_allowed_hosts_nothing_can_be_added_and_nothing_is_sent(client_of, office, send):
    factories.a_webhook(url="https://hooks.example.org/x")
    factories.a_hazard(item="H03", action="refer")

    answer = client_of(office).post("/notifications/webhooks", data={"url": "https://hooks.example.org/x"})

    assert answer.status_code == 422
    assert send() == "0 new, 0 sent, 0 not yet."


def test_a_host_that_is_allowed_no_more_hears_nothing_more(send, heard):
    factories.a_webhook(url="https://old.example.org/x")
    factories.a_hazard(item="H03", action="refer")

    assert send() == "1 new, 0 sent, 1 not yet."
    assert db.session.query(Delivery).one().answer == "not allowed"


def test_the_secret_is_shown_once_and_kept_encrypted(heard, client_of, office):
    desk = client_of(office)

    page = desk.post("/notifications/webhooks", data={"url": "https://hooks.example.org/x"}).get_data(
        as_text=True
    )
    [row] = db.session.query(Webhook).all()
    later = desk.get("/notifications/deliveries").get_data(as_text=True)

    assert row.secret in page
    assert row.secret not in later
    assert row.secret.encode() not in row.secret_sealed


def test_a_removed_address_hears_nothing_more(hook, heard, send, client_of, office):
    factories.a_hazard(item="H03", action="refer")
    heard.answers = [500]
    send()
    client_of(office).post(f"/notifications/webhooks/{hook.id}/removal")
    _all_due()

    assert send() == "0 new, 0 sent, 0 not yet."
    assert db.session.query(Delivery).one().answer == "removed"


def test_another_district_is_not_told(heard, send):
    factories.a_webhook(district=620403, url=heard.url)
    factories.a_hazard(item="H03", action="refer")

    assert send() == "0 new, 0 sent, 0 not yet."


def test_messages_that_ended_a_month_ago_are_forgotten(hook, heard, send):
    factories.a_hazard(item="H03", action="refer")
    send()
    with transaction():
        db.session.query(Delivery).one().ended_at = utcnow() - timedelta(days=31)
        db.session.query(Webhook).one().told_until = utcnow() + timedelta(days=31)

    send()

    assert db.session.query(Delivery).count() == 0


def test_a_receiver_that_answers_drop_by_drop_is_given_up_in_time(monkeypatch):
    monkeypatch.setattr(posting, "SECONDS", 0.3)
    with dripping() as port:
        hook = Webhook(id=new_id(), url=f"http://127.0.0.1:{port}/hook", secret=SECRET)

        failure = posting.attempt(hook, Delivery(id=new_id(), content={}), {"127.0.0.1"}, utcnow())

    assert failure == "TimeoutError"
