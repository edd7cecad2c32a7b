"""However often and over however many connections an event comes, it is stored once, and nothing is ever replaced."""

import threading

import orjson
import psycopg
import pytest
from sqlalchemy import event as database_event
from sqlalchemy import text

from field.accounts.models import Device
from field.core.clock import instant_text, utcnow
from field.core.db import db, transaction
from field.core.installation import installation
from field.sync.models import InboxConflict, InboxEvent, InboxNumber
from field.visits.models import Visit, VisitRevision
from tests import factories
from tests.browser import browser_of
from tests.waiting import Side, until


def _beside(app, sender):
    """A second connection of the same phone."""
    other = browser_of(app)
    other.set_cookie("device", sender.browser.cookie("device", "/sync"), path="/sync")
    return other


def _post(app, browser, batch):
    """Send a batch from a thread, which has no context of its own."""
    with app.app_context():
        return browser.post("/sync/batches", json=batch)


def _results(answer):
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.json["results"]


def _waiting_for_a_lock(app):
    question = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with app.app_context():
        return db.session.execute(text(question)).scalar_one()


def test_an_event_sent_twice_gets_the_first_receipt_and_is_stored_once(phone, worker, clock):
    sender = phone(worker)
    event = sender.event(sender.visit_body(factories.a_dwelling()))

    [first] = sender.send(event)
    clock.forward(hours=3)
    [second] = sender.send(event)

    assert (first["result"], second["result"]) == ("accepted", "duplicate")
    assert second["receipt"] == first["receipt"]
    assert len(first["receipt"]["number"]) == 8
    assert db.session.query(VisitRevision).count() == db.session.query(InboxEvent).count() == 1


def _written(work):
    """What some work wrote, by the first word of each statement."""
    asked = []
    listener = lambda *args: asked.append(args[2].split()[0].upper())  # noqa: E731
    database_event.listen(db.engine, "before_cursor_execute", listener)
    try:
        work()
    finally:
        database_event.remove(db.engine, "before_cursor_execute", listener)
    return set(asked) & {"INSERT", "UPDATE", "DELETE", "SAVEPOINT"}


def test_a_batch_that_came_a_moment_ago_is_answered_without_writing_anything(phone, worker):
    sender = phone(worker)
    events = [sender.event(sender.visit_body(factories.a_dwelling())) for _ in range(3)]
    first = sender.send(*events)
    again = []

    written = _written(lambda: again.extend(sender.send(*reversed(events))))

    assert written == set()
    assert [result["id"] for result in again] == [one["id"] for one in events]
    assert {result["result"] for result in again} == {"duplicate"}
    assert [result["receipt"] for result in again] == [result["receipt"] for result in first]


def test_a_phone_that_sends_the_same_later_is_still_noted_as_heard(phone, worker, clock):
    sender = phone(worker)
    event = sender.event(sender.visit_body(factories.a_dwelling()))
    sender.send(event)
    before = db.session.query(Device).one().contact_at
    clock.forward(minutes=2)

    sender.send(event)

    assert db.session.query(Device).one().contact_at > before


def test_a_phone_that_was_updated_meanwhile_is_noted_though_it_says_nothing_new(phone, worker):
    sender = phone(worker)
    event = sender.event(sender.visit_body(factories.a_dwelling()))
    sender.send(event)
    sender.build = "newer-build"

    [again] = sender.send(event)

    assert again["result"] == "duplicate"
    assert db.session.query(Device).one().build == "newer-build"


def test_what_is_new_beside_what_is_known_is_judged(phone, worker):
    sender = phone(worker)
    known, new = (sender.event(sender.visit_body(factories.a_dwelling())) for _ in range(2))
    sender.send(known)

    results = sender.send(known, new)

    assert [result["result"] for result in results] == ["duplicate", "accepted"]
    assert db.session.query(VisitRevision).count() == 2


def test_what_was_set_aside_is_no_duplicate_when_it_comes_again(phone, worker):
    sender = phone(worker)
    event = sender.event(sender.visit_body(factories.a_dwelling(grid=factories.ELSEWHERE)))

    results = [sender.send(event)[0] for _ in range(2)]

    assert [result["result"] for result in results] == ["quarantined", "quarantined"]
    assert "receipt" not in results[1]


def test_an_event_twice_in_one_batch_is_stored_once(phone, worker):
    sender = phone(worker)
    event = sender.event(sender.visit_body(factories.a_dwelling()))

    results = sender.send(event, event)

    assert [result["result"] for result in results] == ["accepted", "duplicate"]
    assert db.session.query(Visit).count() == 1


def test_the_exact_bytes_are_kept(phone, worker):
    sender = phone(worker)
    body = orjson.dumps(
        sender.visit_body(factories.a_dwelling(), note="门口有猫 🐈"), option=orjson.OPT_INDENT_2
    )

    sender.send(sender.event(body.decode()))

    assert db.session.query(VisitRevision).one().body_bytes == body


def test_the_same_id_with_other_content_is_a_conflict_and_both_are_kept(phone, worker):
    sender, door = phone(worker), factories.a_dwelling()
    event = sender.record(door, note="first")
    other = sender.event(sender.visit_body(door, note="second"), id=event["id"])

    [result] = sender.send(other)
    [again] = sender.send(event)

    assert (result["result"], result["problems"][0]["code"]) == ("conflict", "conflict")
    assert "receipt" not in result
    assert again["result"] == "duplicate", "the first stands"
    kept = db.session.query(InboxConflict).one()
    assert kept.digest == other["digest"]
    assert b"second" not in kept.body_sealed
    assert db.session.query(VisitRevision).one().digest == event["digest"]


def test_a_conflict_sent_again_is_kept_once(phone, worker):
    sender, door = phone(worker), factories.a_dwelling()
    event = sender.record(door)
    other = sender.event(sender.visit_body(door, note="second"), id=event["id"])

    results = [sender.send(other)[0]["result"] for _ in range(3)]

    assert results == ["conflict"] * 3
    assert db.session.query(InboxConflict).count() == 1


def test_another_event_about_the_same_visit_is_kept_aside(phone, worker):
    sender, door = phone(worker), factories.a_dwelling()
    body = orjson.loads(sender.record(door)["body"])

    [result] = sender.send(sender.event(body | {"note": "the same visit under another event"}))

    assert (result["result"], result["problems"][0]["code"]) == ("quarantined", "invalid")
    assert db.session.query(VisitRevision).count() == 1
    assert db.session.query(InboxEvent).count() == 2


def test_the_same_event_over_two_connections_at_once_is_stored_once(app, phone, worker):
    sender, door = phone(worker), factories.a_dwelling()
    events = [sender.event(sender.visit_body(door)) for _ in range(6)]
    start, lines = threading.Barrier(2), (sender.browser, _beside(app, sender))

    def send(browser):
        start.wait(10)
        answers = [_post(app, browser, sender.batch(event)) for event in events]
        return [result for answer in answers for result in _results(answer)]

    one, other = [side.result() for side in [Side(lambda line=line: send(line)) for line in lines]]

    for first, second in zip(one, other, strict=True):
        assert {first["result"], second["result"]} == {"accepted", "duplicate"}
        assert first["receipt"] == second["receipt"]
    assert db.session.query(Visit).count() == db.session.query(VisitRevision).count() == len(events)


@pytest.mark.only_on("postgresql")
def test_two_phones_that_send_the_same_event_at_the_same_moment_store_it_once(
    app, make_app, phone, worker, database_url
):
    """A phone that enrolled anew while its last request was still on the way, to another process."""
    sender, renewed, door = phone(worker), phone(worker), factories.a_dwelling()
    event, elsewhere = sender.event(sender.visit_body(door)), make_app()
    here = app, sender.browser, sender.batch(event)
    there = elsewhere, _beside(elsewhere, renewed), renewed.batch(event)

    with psycopg.connect(database_url) as other:
        other.execute("SELECT id FROM dwellings FOR UPDATE")
        sides = [Side(lambda one=one: _post(*one)) for one in (here, there)]
        until(lambda: _waiting_for_a_lock(app) == 2)
    results = [_results(side.result())[0]["result"] for side in sides]

    assert sorted(results) == ["accepted", "duplicate"]
    assert db.session.query(VisitRevision).count() == 1


@pytest.mark.only_on("postgresql")
def test_an_earlier_number_that_two_connections_claim_at_the_same_moment_is_noted_once(
    app, make_app, phone, worker, database_url
):
    old, sender, renewed, door = phone(worker), phone(worker), phone(worker), factories.a_dwelling()
    event = old.event(old.visit_body(door)) | {"seq": 1, "earlier": [{"device": old.device, "seq": 1}]}
    elsewhere = make_app()
    here = app, sender.browser, sender.batch(event)
    there = elsewhere, _beside(elsewhere, renewed), renewed.batch(event)

    with psycopg.connect(database_url) as other:
        other.execute("SELECT id FROM dwellings FOR UPDATE")
        sides = [Side(lambda one=one: _post(*one)) for one in (here, there)]
        until(lambda: _waiting_for_a_lock(app) == 2)
    results = [_results(side.result())[0]["result"] for side in sides]

    assert sorted(results) == ["accepted", "duplicate"]
    numbers = {(str(row.device_id), row.seq) for row in db.session.query(InboxNumber)}
    assert (old.device, 1) in numbers


@pytest.mark.only_on("postgresql")
def test_a_late_batch_does_not_set_the_phones_count_back(app, phone, worker, database_url):
    sender, door = phone(worker), factories.a_dwelling()
    batch = sender.batch(sender.event(sender.visit_body(door)))

    with psycopg.connect(database_url) as faster:
        faster.execute("UPDATE devices SET highest_seq = 9")
        late = Side(lambda: _post(app, sender.browser, batch))
        until(lambda: _waiting_for_a_lock(app) == 1)
    _results(late.result())

    assert db.session.query(Device).one().highest_seq == 9


def test_a_receipt_tells_up_to_when_a_verified_backup_exists(phone, worker):
    sender = phone(worker)
    event = sender.event(sender.visit_body(factories.a_dwelling()))

    [before] = sender.send(event)
    with transaction():
        installation().durable_through = (backed_up := utcnow())
    [after] = sender.send(event)

    assert before["receipt"]["durable_through"] is None
    assert after["receipt"]["durable_through"] == instant_text(backed_up)
