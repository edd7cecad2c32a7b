"""Days that doors wait for: a reminder that somebody asked for, another visit that was agreed on."""

import pytest

from field.accounts.scope import Actor
from field.core.db import db, transaction
from field.core.ids import new_id
from field.reviews import service as reviews
from field.visits.models import Visit
from tests import factories


@pytest.fixture
def sender(phone, worker):
    """The worker's phone."""
    return phone(worker)


def _wish(**facts):
    return {"id": str(new_id()), "kind": "permit", **facts}


def _door(sender):
    [row] = sender.pack()["doors"]
    return row


def test_a_door_tells_on_which_day_somebody_is_to_be_reminded_and_nothing_else_of_it(sender):
    sender.record(factories.a_dwelling(), requests=[_wish(remind_on="2099-01-05", note="办居住证")])

    row = _door(sender)

    assert row["remind_on"] == ["2099-01-05"]
    assert "办居住证" not in str(row)


def test_a_door_without_a_day_says_nothing_of_one(sender):
    sender.record(factories.a_dwelling(), requests=[_wish()])

    assert "remind_on" not in _door(sender)


def test_days_before_the_last_settled_call_are_not_told(sender):
    sender.record(factories.a_dwelling(), requests=[_wish(remind_on="2020-01-05")])

    assert "remind_on" not in _door(sender)


def test_a_reminder_that_is_taken_back_goes(sender, lead):
    door = factories.a_dwelling()
    first = sender.event(sender.visit_body(door, requests=[_wish(remind_on="2099-01-05")]))
    sender.send(first)
    cursor = sender.pack()["cursor"]
    visit = db.session.query(Visit).one()
    with transaction():
        reviews.send_back(visit.id, 1, "没有办证的事", Actor.of(lead))
    again = {"visit": str(visit.id), "revision": 2, "previous": first["id"], "requests": []}
    sender.send(sender.event(sender.visit_body(door, **again)))

    [row] = sender.pack(cursor)["doors"]
    assert "remind_on" not in row


def test_a_visit_that_was_put_off_says_to_when(sender):
    sender.record(factories.a_dwelling(), outcome="rescheduled", come_again_on="2099-01-06")

    assert _door(sender)["last"]["again_on"] == "2099-01-06"


def test_a_call_after_it_says_nothing_of_that_any_more(sender):
    door = factories.a_dwelling()
    sender.record(door, outcome="rescheduled", come_again_on="2099-01-06")
    sender.record(door, outcome="no_answer")

    assert "again_on" not in _door(sender)["last"]


def test_another_outcome_is_not_put_off(sender):
    sender.record(factories.a_dwelling(), outcome="vacant", come_again_on="2099-01-06")

    assert "again_on" not in _door(sender)["last"]


def test_the_desk_reads_when_they_asked_for_another_visit(sender, client_of, lead):
    sender.record(factories.a_dwelling(), outcome="rescheduled", come_again_on="2099-01-06")
    visit = db.session.query(Visit).one()

    page = client_of(lead).get(f"/visits/{visit.id}?lang=en").get_data(as_text=True)

    assert "They asked for another visit on" in page
