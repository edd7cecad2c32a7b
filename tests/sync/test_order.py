"""Order: a batch goes by seq, what needs an earlier record waits for it, and no record stops another."""

import threading

import pytest

from field.core.db import db, transaction
from field.core.ids import new_id
from field.people.models import Occupancy
from field.sync import inbox
from field.sync.bench import Bench
from field.sync.models import InboxEvent
from field.visits.models import Visit, VisitRevision
from tests import factories
from tests.browser import browser_of
from tests.waiting import Side


def _what(results):
    return [result["result"] for result in results]


def _return():
    with transaction():
        db.session.query(Visit).one().state = "returned"


def test_results_come_in_the_order_in_which_the_phone_recorded(phone, worker):
    sender, door = phone(worker), factories.a_dwelling()
    events = [sender.event(sender.visit_body(door, dwelling_changes={"rooms": n})) for n in (3, 4, 5)]

    results = sender.send(*reversed(events))

    assert [result["id"] for result in results] == [event["id"] for event in events]
    db.session.refresh(door)
    assert door.rooms == 5


def test_a_correction_that_comes_before_its_visit_waits_and_is_applied_when_that_comes(phone, worker):
    sender, door = phone(worker), factories.a_dwelling()
    visit = sender.event(sender.visit_body(door, note="first"))
    correction = sender.event(sender.correction_of(visit, note="second"))

    [early] = sender.send(correction)
    [late] = sender.send(visit)
    [again] = sender.send(correction)

    assert [problem["code"] for problem in early["problems"]] == ["waiting"]
    assert (late["result"], again["result"]) == ("accepted", "duplicate")
    stored = db.session.query(Visit).one()
    assert (stored.revision, stored.state) == (2, "waiting")
    assert [row.body["note"] for row in stored.revisions] == ["first", "second"]


@pytest.mark.only_on("postgresql")
def test_a_correction_that_comes_at_the_same_moment_as_its_visit_is_applied(
    app, make_app, phone, worker, monkeypatch
):
    one, other, elsewhere = phone(worker), phone(worker), make_app()
    visit = one.event(one.visit_body(factories.a_dwelling()))
    correction = other.event(other.correction_of(visit, note="second"))
    credential, real = other.browser.cookie("device", "/sync"), Bench._lock_doors
    begun, reached, go_on = (threading.Event() for _ in range(3))

    def late(self, ids):
        if threading.current_thread() is beside and ids:
            reached.set()
            assert go_on.wait(10)
        return real(self, ids)

    def send():
        assert begun.wait(10)
        with elsewhere.app_context():
            browser = browser_of(elsewhere)
            browser.set_cookie("device", credential, path="/sync")
            return browser.post("/sync/batches", json=other.batch(correction)).json["results"]

    monkeypatch.setattr(Bench, "_lock_doors", late)
    beside = Side(send)
    begun.set()
    assert reached.wait(10)
    first = one.send(visit)
    go_on.set()

    assert _what(first + beside.result()) == ["accepted", "accepted"]
    assert db.session.query(Visit).one().revision == 2


def test_a_chain_of_corrections_in_the_wrong_order_is_applied_when_its_start_comes(phone, worker):
    sender, door = phone(worker), factories.a_dwelling()
    first = sender.event(sender.visit_body(door, note="1"))
    second = sender.event(sender.correction_of(first, note="2"))
    third = sender.event(sender.correction_of(second, note="3"))

    waiting = [*sender.send(third), *sender.send(second)]
    sender.send(first)

    assert _what(waiting) == ["quarantined"] * 2
    assert [row.body["note"] for row in db.session.query(Visit).one().revisions] == ["1", "2", "3"]


def test_what_waited_within_its_own_batch_is_answered_as_it_ended(phone, worker):
    sender, door = phone(worker), factories.a_dwelling()
    visit = sender.event(sender.visit_body(door), seq=2)
    correction = sender.event(sender.correction_of(visit), seq=1)

    results = sender.send(visit, correction)

    assert _what(results) == ["accepted", "accepted"]


def test_after_a_restore_a_visit_and_its_correction_are_both_taken(phone, worker):
    """Neither the visit nor that it was returned is known any more."""
    sender, door = phone(worker), factories.a_dwelling()
    visit = sender.event(sender.visit_body(door))
    correction = sender.event(sender.correction_of(visit))

    assert _what(sender.send(visit, correction)) == ["accepted", "accepted"]


def test_an_approved_visit_takes_no_correction(phone, worker):
    sender = phone(worker)
    visit = sender.record(factories.a_dwelling())
    with transaction():
        db.session.query(Visit).one().state = "approved"

    [result] = sender.send(sender.event(sender.correction_of(visit)))

    assert [problem["code"] for problem in result["problems"]] == ["decided"]


def test_a_returned_visit_is_corrected_and_waits_for_review_again(phone, worker):
    sender, door = phone(worker), factories.a_dwelling()
    visit = sender.record(door, dwelling_changes={"rooms": 5})
    _return()

    [result] = sender.send(sender.event(sender.correction_of(visit, dwelling_changes={"rooms": 6})))

    assert result["result"] == "accepted"
    db.session.refresh(door)
    assert (door.rooms, db.session.query(Visit).one().state) == (6, "waiting")


def test_nobody_corrects_the_visit_of_somebody_else(phone, worker, second_worker):
    visit = phone(worker).record(factories.a_dwelling())
    _return()
    other = phone(second_worker)

    [result] = other.send(other.event(other.correction_of(visit)))

    assert [problem["code"] for problem in result["problems"]] == ["invalid"]


def _somebody_twice(door):
    """An occupant under the id of a person who is here already: the database refuses the row."""
    taken = factories.an_occupancy(door)
    part = {"action": "add", "occupancy": str(new_id()), "person": str(taken.person_id), "name": "测试·重"}
    return {"occupants": [part]}


def _huge_version(_door):
    found = {"id": str(new_id()), "item": "H09", "action": "notice_left"}
    return {"checklist": {"code": "x", "version": 2**40}, "findings": [found]}


POISONS = {
    "a person's id that is taken": (_somebody_twice, {}),
    "a number beyond the column": (_huge_version, {}),
    "a time before time": (lambda _door: {}, {"recorded_at": "0001-01-01T00:00:00+14:00"}),
    "a number beyond numbers": (lambda _door: {}, {"seq": 2**63 - 1}),
    "a type with a NUL": (lambda _door: {}, {"type": "visit\0"}),
    "a body that is no text": (lambda _door: {}, {"body": 5}),
    "half a character": (lambda _door: {}, {"body": '{"note": "\\ud83d"}'}),
}


@pytest.mark.parametrize("name", POISONS)
def test_a_poison_event_stops_nobody_in_the_batch(phone, worker, name):
    sender, door = phone(worker), factories.a_dwelling()
    said, envelope = POISONS[name]
    bad = sender.event(sender.visit_body(door, **said(door))) | envelope
    good = [sender.event(sender.visit_body(door, note=f"{n}")) for n in range(3)]

    results = {result["id"]: result for result in sender.send(good[0], bad, *good[1:])}

    assert {results[event["id"]]["result"] for event in good} == {"accepted"}
    assert results[bad["id"]]["result"] == "quarantined"
    assert (db.session.query(VisitRevision).count(), db.session.query(InboxEvent).count()) == (3, 4)


def test_what_has_no_id_gets_no_result_and_stops_nobody(phone, worker):
    sender = phone(worker)
    good = sender.event(sender.visit_body(factories.a_dwelling()))

    results = sender.send(5, None, {"id": "x"}, {}, good)

    assert [(result["id"], result["result"]) for result in results] == [(good["id"], "accepted")]


def test_a_fault_of_our_own_in_one_event_leaves_the_others_and_keeps_it(phone, worker, monkeypatch):
    sender, door = phone(worker), factories.a_dwelling()
    events = [sender.event(sender.visit_body(door)) for _ in range(3)]
    real = inbox._record

    def faulty(bench, envelope, *rest):
        if str(envelope.id) == events[1]["id"]:
            raise ZeroDivisionError
        return real(bench, envelope, *rest)

    monkeypatch.setattr(inbox, "_record", faulty)

    assert _what(sender.send(*events)) == ["accepted", "quarantined", "accepted"]
    assert db.session.query(InboxEvent).filter_by(result="quarantined").one().body_bytes


def test_a_correction_that_fails_when_it_is_woken_does_not_stop_its_visit(phone, worker):
    sender, door = phone(worker), factories.a_dwelling()
    visit = sender.event(sender.visit_body(door))
    correction = sender.event(sender.correction_of(visit, **_somebody_twice(door)))
    sender.send(correction)

    [result] = sender.send(visit)

    assert result["result"] == "accepted"
    kept = db.session.query(InboxEvent).filter_by(result="quarantined").one()
    assert (kept.problems[0]["code"], kept.waits_for) == ("invalid", None)
    assert kept.body_bytes == correction["body"].encode()
    assert db.session.query(Occupancy).count() == 1
