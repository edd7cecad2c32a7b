"""A pack says up to when it holds what was answered: a phone knows by it of which visits it knows better itself."""

import threading

import pytest

from field.sync import inbox
from field.sync.pack import pack_page
from tests import factories
from tests.waiting import Side


class _Slow:
    """Takes batches, and lets nobody commit until it is told."""

    def __init__(self):
        self._take = inbox.take
        self.taken, self._go_on = threading.Event(), threading.Event()

    def __call__(self, *asked):
        answers = self._take(*asked)
        self.taken.set()
        assert self._go_on.wait(20)
        return answers

    def commit(self):
        """Let it commit."""
        self._go_on.set()


@pytest.fixture
def slow(monkeypatch):
    taking = _Slow()
    monkeypatch.setattr(inbox, "take", taking)
    yield taking
    taking.commit()


def _send(app, sender, event):
    with app.app_context():
        return sender.send(event)


def test_a_visit_that_is_committed_while_the_pack_is_read_is_answered_after_it(app, phone, worker, slow):
    door, sender, reader = factories.a_dwelling(), phone(worker), phone(worker)
    event = sender.event(sender.visit_body(door))
    sending = Side(lambda: _send(app, sender, event))
    assert slow.taken.wait(10)

    first = reader.pack()
    slow.commit()
    [result] = sending.result()
    second = reader.pack(first["cursor"])

    assert [row.get("last") for row in first["doors"]] == [None]
    assert result["receipt"]["received_at"] <= first["now"] < result["answered_at"] <= second["now"]
    assert second["doors"][0]["last"]["visit"] in event["body"]


def test_a_pass_in_pages_holds_what_was_answered_before_it_began(phone, worker, monkeypatch):
    monkeypatch.setattr(pack_page, "__defaults__", (2,))
    sender = phone(worker)
    doors = [factories.a_dwelling() for _ in range(4)]

    page = sender.pack_page()
    pages = [page]
    [result] = sender.send(sender.event(sender.visit_body(doors[0])))
    while page["more"]:
        page = sender.pack_page(page["cursor"])
        pages.append(page)
    later = sender.pack_page(page["cursor"])

    assert len(pages) > 2
    assert {one["now"] for one in pages} == {pages[0]["now"]}
    assert pages[0]["now"] < result["answered_at"] <= later["now"]


def test_a_resent_visit_is_answered_anew(phone, worker):
    sender = phone(worker)
    event = sender.record(factories.a_dwelling())
    between = sender.pack()["now"]

    [again] = sender.send(event)

    assert again["receipt"]["received_at"] <= between <= again["answered_at"]
