"""Batches that come at the same moment: written in one transaction, answered each for itself."""

import threading
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import event

from field.core.clock import utcnow
from field.core.db import db, transaction
from field.core.errors import Problem
from field.core.ids import new_id
from field.sync import inbox
from field.sync.deliveries import Delivery, Line
from field.sync.envelope import open_events
from field.visits.models import Visit
from tests import factories
from tests.waiting import until


def _delivery(district=620402, device_id=None, envelopes=()):
    return Delivery(device_id or new_id(), district, "", timedelta(), envelopes)


class _Judge:
    """Says who was judged with whom; waits before the first answer until it is let go."""

    def __init__(self, spoils=None):
        self.groups, self.spoils = [], spoils
        self.busy, self.go_on = threading.Event(), threading.Event()

    def __call__(self, together):
        self.groups.append(together)
        self.busy.set()
        assert self.go_on.wait(10)
        if self.spoils in together:
            raise Problem("conflict")
        return [one.device_id for one in together]


def _queue_behind(line, judge, first, *others):
    """Let deliveries wait behind one that is being judged; answers what each was told once all are through."""
    told = {}

    def run(one):
        try:
            told[one.device_id] = line.take(one, judge)
        except Problem as problem:
            told[one.device_id] = problem.code

    threads = [threading.Thread(target=run, args=(one,)) for one in (first, *others)]
    threads[0].start()
    assert judge.busy.wait(10)
    for count, thread in enumerate(threads[1:], 2):
        thread.start()
        until(lambda count=count: len(line._waiting) == count)
    judge.go_on.set()
    for thread in threads:
        thread.join(10)
    return told


def test_what_comes_while_another_is_written_is_written_together():
    line, judge = Line(10), _Judge()
    first, second, third = (_delivery() for _ in range(3))

    told = _queue_behind(line, judge, first, second, third)

    assert [set(group) for group in judge.groups] == [{first}, {second, third}]
    assert told == {one.device_id: one.device_id for one in (first, second, third)}
    assert line._waiting == []


def test_when_writing_together_fails_each_is_tried_alone_and_only_the_guilty_hears_of_it():
    good, bad, other = (_delivery() for _ in range(3))
    line, judge = Line(10), _Judge(spoils=bad)

    told = _queue_behind(line, judge, _delivery(), good, bad, other)

    assert told[bad.device_id] == "conflict"
    assert told[good.device_id] == good.device_id
    assert told[other.device_id] == other.device_id
    assert {len(group) for group in judge.groups[2:]} == {1}


def test_districts_are_never_written_together():
    line, judge = Line(10), _Judge()
    here, there = _delivery(), _delivery(district=620403)

    _queue_behind(line, judge, _delivery(), here, there)

    assert all(len({one.district for one in group}) == 1 for group in judge.groups)
    assert {len(group) for group in judge.groups} == {1}


def test_whoever_waits_too_long_is_told_to_come_again_and_leaves_the_line():
    line, judge = Line(0.05), _Judge()
    first = threading.Thread(target=lambda: line.take(_delivery(), judge))
    first.start()
    assert judge.busy.wait(10)

    with pytest.raises(Problem, match="busy"):
        line.take(_delivery(), judge)

    judge.go_on.set()
    first.join(10)
    assert line._waiting == []


def _taken(*deliveries):
    with transaction():
        return inbox.take(deliveries, deliveries[0].district, utcnow(), "Asia/Shanghai")


def _brings(sender, *events):
    return _delivery(device_id=UUID(sender.device), envelopes=open_events(list(events)))


def test_each_phone_gets_the_answers_to_what_it_brought(phone, worker, second_worker):
    one, other = phone(worker), phone(second_worker)
    mine = [one.event(one.visit_body(factories.a_dwelling())) for _ in range(2)]
    theirs = [other.event(other.visit_body(factories.a_dwelling()))]

    answers = _taken(_brings(one, *mine), _brings(other, *theirs))

    assert [[answer["id"] for answer in some] for some in answers] == [
        [event["id"] for event in mine],
        [event["id"] for event in theirs],
    ]
    assert {answer["result"] for some in answers for answer in some} == {"accepted"}


def test_a_phone_cannot_bring_what_is_only_anothers_to_bring(phone, worker, second_worker):
    one, other = phone(worker), phone(second_worker)
    foreign = one.event(one.visit_body(factories.a_dwelling()), author=str(second_worker.id))
    own = other.event(other.visit_body(factories.a_dwelling()))

    [[answer], [accepted]] = _taken(_brings(one, foreign), _brings(other, own))

    assert (answer["result"], answer["problems"][0]["code"]) == ("quarantined", "author")
    assert accepted["result"] == "accepted"


def test_a_record_that_two_batches_carry_is_stored_once(phone, worker):
    sender = phone(worker)
    sent = sender.event(sender.visit_body(factories.a_dwelling()))

    [[first], [again]] = _taken(_brings(sender, sent), _brings(sender, sent))

    assert (first["result"], again["result"]) == ("accepted", "duplicate")
    assert first["receipt"] == again["receipt"]
    assert db.session.query(Visit).count() == 1


def test_one_record_that_spoils_everything_costs_nobody_else_theirs(
    phone, worker, second_worker, monkeypatch
):
    one, other = phone(worker), phone(second_worker)
    poison = one.event(one.visit_body(factories.a_dwelling()))
    good = other.event(other.visit_body(factories.a_dwelling()))
    real = inbox._record

    def record(bench, envelope, items):
        if str(envelope.id) == poison["id"]:
            raise RuntimeError("spoilt")
        real(bench, envelope, items)

    monkeypatch.setattr(inbox, "_record", record)

    [[spoilt], [fine]] = _taken(_brings(one, poison), _brings(other, good))

    assert (spoilt["result"], fine["result"]) == ("quarantined", "accepted")


def test_writing_eight_batches_together_asks_hardly_more_than_writing_one(phone, worker):
    sender = phone(worker)

    def cost(number):
        deliveries = [
            _brings(sender, sender.event(sender.visit_body(factories.a_dwelling()))) for _ in range(number)
        ]
        asked = []
        listener = lambda *args: asked.append(args[2])  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listener)
        try:
            _taken(*deliveries)
        finally:
            event.remove(db.engine, "before_cursor_execute", listener)
        return len(asked)

    cost(1)

    assert cost(8) == cost(1)
