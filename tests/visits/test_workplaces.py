"""Places of work behind a door: what visits say of them becomes the register, and their corrections take it back."""

import pytest

from field.core.db import db, transaction
from field.core.ids import new_id
from field.places.models import Workplace
from field.visits.models import Visit
from tests import factories


@pytest.fixture
def door(app):
    """A door with nobody behind it yet."""
    return factories.a_dwelling()


def an_addition(**facts):
    """How a visit tells of a new place of work."""
    usual = {"action": "add", "workplace": str(new_id()), "kind": "shop", "name": "测试·便民店"}
    return usual | {"headcount": 2, "contact_phone": "154 0000 0009"} | facts


def return_it():
    """Let the lead have returned the one visit."""
    with transaction():
        db.session.query(Visit).one().state = "returned"


def test_a_new_place_of_work_enters_the_register_and_every_phone_of_the_area(phone, worker, door):
    sender = phone(worker)
    since = sender.pack()["cursor"]
    part = an_addition()

    sender.record(door, unchanged=None, workplaces=[part])

    row = db.session.query(Workplace).one()
    assert (row.name, row.kind, row.headcount, row.contact_phone) == (
        "测试·便民店",
        "shop",
        2,
        "15400000009",
    )
    [packed] = sender.pack(since)["workplaces"]
    assert (packed["id"], packed["door"]) == (part["workplace"], str(door.id))
    assert packed["contact_phone"] == "154****0009"
    assert db.session.query(Visit).one().changed


def test_a_change_keeps_what_it_does_not_name(phone, worker, door):
    place = factories.a_workplace(door, headcount=3)

    phone(worker).record(
        door,
        unchanged=None,
        workplaces=[{"action": "change", "workplace": str(place.id), "dormitory_headcount": 2}],
    )

    db.session.refresh(place)
    assert (place.headcount, place.dormitory_headcount, place.contact_phone) == (3, 2, "15400000077")


def test_what_was_closed_leaves_the_phones(phone, worker, door):
    place = factories.a_workplace(door)
    sender = phone(worker)
    first = sender.pack()
    assert [row["id"] for row in first["workplaces"]] == [str(place.id)]

    sender.record(door, unchanged=None, workplaces=[{"action": "closed", "workplace": str(place.id)}])

    assert {"kind": "workplace", "id": str(place.id)} in sender.pack(first["cursor"])["removed"]


def test_a_correction_that_does_not_name_it_takes_an_addition_back(phone, worker, door):
    sender = phone(worker)
    event = sender.record(door, unchanged=None, workplaces=[an_addition()])
    return_it()

    sender.send(sender.event(sender.correction_of(event, workplaces=None)))

    assert db.session.query(Workplace).one().ended


def test_a_correction_that_names_it_keeps_the_phone_that_it_saw_only_masked(phone, worker, door):
    sender = phone(worker)
    part = an_addition()
    event = sender.record(door, unchanged=None, workplaces=[part])
    return_it()
    [back] = sender.pack()["returned"]
    [said] = back["body"]["workplaces"]
    assert "contact_phone" not in said

    sender.send(sender.event(sender.correction_of(event, workplaces=[said | {"headcount": 4}])))

    row = db.session.query(Workplace).one()
    assert (row.ended, row.headcount, row.contact_phone) == (False, 4, "15400000009")


def test_a_corrected_change_gives_back_what_was_there(phone, worker, door):
    place = factories.a_workplace(door, headcount=3)
    sender = phone(worker)
    change = {"action": "change", "workplace": str(place.id), "headcount": 30}
    event = sender.record(door, unchanged=None, workplaces=[change])
    return_it()

    sender.send(sender.event(sender.correction_of(event, workplaces=None)))

    db.session.refresh(place)
    assert place.headcount == 3


def test_a_place_behind_another_door_is_left_alone(phone, worker, door):
    elsewhere = factories.a_workplace(headcount=3)

    phone(worker).record(
        door,
        workplaces=[{"action": "change", "workplace": str(elsewhere.id), "headcount": 9}],
    )

    db.session.refresh(elsewhere)
    assert elsewhere.headcount == 3


def test_one_batch_may_add_a_place_and_change_it(phone, worker, door):
    sender = phone(worker)
    part = an_addition()
    change = {"action": "change", "workplace": part["workplace"], "headcount": 7}

    results = sender.send(
        sender.event(sender.visit_body(door, workplaces=[part])),
        sender.event(sender.visit_body(door, workplaces=[change])),
    )

    assert [result["result"] for result in results] == ["accepted", "accepted"]
    assert db.session.query(Workplace).one().headcount == 7


def test_a_place_without_a_name_is_kept_aside(phone, worker, door):
    sender = phone(worker)

    [result] = sender.send(sender.event(sender.visit_body(door, workplaces=[an_addition(name="")])))

    assert result["result"] == "quarantined"
