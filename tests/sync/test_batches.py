"""A batch that cannot be taken at all is told so in words that the phone knows, and nothing of it is stored."""

import gzip

import orjson
import pytest

from field.core.db import db
from field.sync.models import InboxEvent
from tests import factories
from tests.locks import held
from tests.phone import Phone

MOST_EVENTS = 50
MOST_BYTES = 256 * 1024


def _problem(answer):
    assert answer.content_type == "application/problem+json"
    return answer.status_code, answer.json["code"]


def _stored():
    return db.session.query(InboxEvent).count()


@pytest.mark.parametrize("content", [b"", b"{", b'{"events": [}', b"\xff\xfe", b"null{}"])
def test_what_is_not_json_is_a_bad_request(phone, worker, content):
    answer = phone(worker).browser.post("/sync/batches", data=content, content_type="application/json")

    assert _problem(answer) == (400, "bad-request")


@pytest.mark.parametrize("content", [b"null", b"[]", b'"events"', b"{}", b'{"events": 1}', b'{"events": []}'])
def test_json_that_is_no_batch_is_told_what_is_missing(phone, worker, content):
    answer = phone(worker).browser.post("/sync/batches", data=content, content_type="application/json")

    assert _problem(answer) == (422, "invalid")
    assert answer.json["errors"]


def test_fifty_events_are_taken_and_one_more_is_too_much(phone, worker):
    sender, door = phone(worker), factories.a_dwelling()
    events = [sender.event(sender.visit_body(door, outcome="no_answer")) for _ in range(MOST_EVENTS + 1)]

    answer = sender.post(sender.batch(*events))

    assert _problem(answer) == (413, "too-large")
    assert _stored() == 0
    results = sender.send(*events[:MOST_EVENTS])
    assert {result["result"] for result in results} == {"accepted"}


def test_too_many_bytes_are_too_much(phone, worker):
    sender = phone(worker)
    batch = sender.batch(sender.event("x" * MOST_BYTES))

    assert _problem(sender.post(batch)) == (413, "too-large")
    assert _problem(sender.post(batch, packed=True)) == (413, "too-large")


def test_a_gzip_bomb_is_stopped_while_it_unpacks(phone, worker, monkeypatch):
    bomb = gzip.compress(b" " * (200 * 1024 * 1024), 9)
    sender = phone(worker)
    monkeypatch.setattr(orjson, "loads", None)

    answer = _gzipped(sender, bomb)

    assert _problem(answer) == (413, "too-large")


@pytest.mark.parametrize("damage", [lambda content: content[:-4], lambda content: b"no gzip" + content])
def test_damaged_gzip_is_a_bad_request(phone, worker, damage):
    sender = phone(worker)
    whole = gzip.compress(orjson.dumps(sender.batch(sender.event(sender.visit_body(factories.a_dwelling())))))

    assert _problem(_gzipped(sender, damage(whole))) == (400, "bad-request")
    assert _stored() == 0


def _gzipped(sender: Phone, content: bytes):
    return sender.browser.post(
        "/sync/batches", data=content, content_type="application/json", headers={"Content-Encoding": "gzip"}
    )


def test_a_phone_that_is_not_enrolled_is_told_to_enrol(phone, worker):
    stranger = phone(worker, enrolled=False)

    assert _problem(stranger.post({"events": []})) == (401, "device-unknown")
    assert _problem(stranger.browser.post("/sync/reconciliation", json={})) == (401, "device-unknown")


def test_a_credential_that_nobody_gave_out_is_worth_nothing(phone, worker):
    sender = phone(worker)
    sender.browser.set_cookie("device", "x" * 43, path="/sync")

    assert _problem(sender.post(sender.batch())) == (401, "device-unknown")


def test_a_locked_database_answers_busy_and_takes_the_batch_later(make_app, database_url):
    app = make_app(FIELD_LOCK_WAIT_SECONDS="0.05")
    with app.app_context():
        sender = Phone(app, factories.a_user("worker")).enrol()
        event = sender.event(sender.visit_body(factories.a_dwelling()))
        with held(database_url, "devices"):
            busy = sender.post(sender.batch(event))
        later = sender.send(event)

    assert _problem(busy) == (503, "busy")
    assert int(busy.headers["Retry-After"]) > 0
    assert later[0]["result"] == "accepted"


def test_what_the_answer_to_a_batch_says_is_what_the_contract_says(phone, worker):
    sender = phone(worker)

    answer = sender.post(sender.batch(sender.event(sender.visit_body(factories.a_dwelling()))))

    assert set(answer.json) == {"epoch", "now", "results"}
    assert answer.json["epoch"] == sender.epoch
    [result] = answer.json["results"]
    assert set(result) == {"id", "result", "receipt", "problems", "answered_at"}
    assert set(result["receipt"]) == {"number", "received_at", "durable_through"}
