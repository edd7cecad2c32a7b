"""What a request costs in queries does not grow with what it carries, nor with what exists."""

from contextlib import contextmanager

import pytest
from sqlalchemy import event

from field.core.db import db
from field.core.ids import new_id
from tests import factories


@contextmanager
def _counting():
    """Collects the statements that the database is asked."""
    asked = []

    def note(_connection, _cursor, statement, *_rest):
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def _reads(asked):
    return [statement for statement in asked if statement.lstrip().upper().startswith("SELECT")]


def _cost_of_batch(sender, events):
    with _counting() as asked:
        results = sender.send(*events)
    assert {result["result"] for result in results} == {"accepted"}
    return len(_reads(asked))


def _full_event(sender, door, version):
    """A visit that touches everything a visit can touch."""
    resident = factories.an_occupancy(door)
    found = {"id": str(new_id()), "item": "H09", "action": "notice_left"}
    return sender.event(
        sender.visit_body(
            door,
            unchanged=None,
            dwelling_changes={"rooms": 8},
            occupants=[{"action": "change", "occupancy": str(resident.id), "reason": "205"}],
            checklist={"code": "home-safety", "version": version, "checked": True},
            findings=[found],
        )
    )


def test_a_batch_of_thirty_reads_as_often_as_a_batch_of_two(phone, worker):
    sender, version = phone(worker), factories.a_checklist().version
    few, many = (
        [_full_event(sender, factories.a_dwelling(), version) for _ in range(count)] for count in (2, 30)
    )
    _cost_of_batch(sender, [sender.event(sender.visit_body(factories.a_dwelling()))])

    assert _cost_of_batch(sender, many) == _cost_of_batch(sender, few)


def _cost_of_pack(sender, since=None):
    with _counting() as asked:
        sender.pack_page(since)
    return len(asked)


def test_a_pack_of_forty_homes_asks_as_often_as_a_pack_of_two(phone, worker):
    sender = phone(worker)
    factories.a_round(worker)
    for _ in range(2):
        sender.record(factories.an_occupancy().dwelling_id)
    few = _cost_of_pack(sender)
    for _ in range(38):
        sender.record(factories.an_occupancy().dwelling_id)

    assert _cost_of_pack(sender) == few


def test_a_pack_without_news_asks_for_no_rows(phone, worker):
    sender = phone(worker)
    for _ in range(5):
        factories.an_occupancy()
    cursor = sender.pack()["cursor"]

    with _counting() as asked:
        sender.pack_page(cursor)

    assert not [statement for statement in asked if "FROM dwellings" in statement]


@pytest.mark.parametrize("held", [3, 400])
def test_reconciliation_asks_the_same_however_much_is_held(phone, worker, held):
    sender, digest = phone(worker), "sha-256:" + "0" * 64
    events = [{"id": str(new_id()), "digest": digest} for _ in range(held)]
    photos = [{"id": str(new_id()), "digest": digest, "kind": "full"} for _ in range(held)]

    with _counting() as asked:
        sender.reconcile(*events, photos=photos)

    assert len(_reads(asked)) < 8
