"""What a correction takes back of people, and what it leaves: phones only get numbers back masked."""

from datetime import date
from uuid import UUID

import orjson
import pytest

from field.core.db import db, transaction
from field.core.ids import new_id
from field.demo import numbers
from field.people.models import Occupancy
from field.places.models import Dwelling
from field.visits.models import Visit
from tests import factories

NEW = {"document_type": "111", "document_number": "11010519491231002X", "phone": "13912345678"}
MASKS = ("document", "phone_masked")


@pytest.fixture
def stay(app):
    return factories.an_occupancy(factories.a_dwelling())


@pytest.fixture
def sender(phone, worker):
    return phone(worker)


def _returned(sender, stay, **change):
    """A visit that said something of a known person and came back: its event, and what the pack hands back of them."""
    said = {"action": "change", "occupancy": str(stay.id)} | change
    door = db.session.get_one(Dwelling, stay.dwelling_id)
    event = sender.record(door, unchanged=None, occupants=[said])
    with transaction():
        db.session.get_one(Visit, UUID(orjson.loads(event["body"])["visit"])).state = "returned"
    [row] = sender.pack()["returned"]
    [shown] = row["body"]["occupants"]
    return event, {name: value for name, value in shown.items() if name not in MASKS}


def _correct(sender, event, occupants):
    result = sender.send(sender.event(sender.correction_of(event, occupants=occupants, note="corrected")))
    assert result[0]["result"] == "accepted"
    db.session.expire_all()


def _person(stay):
    return db.session.get_one(Occupancy, stay.id).person


def test_a_new_number_and_phone_stay_when_only_their_masks_came_back(sender, stay):
    event, shown = _returned(sender, stay, **NEW, name="新名")

    _correct(sender, event, [shown])

    person = _person(stay)
    assert (person.name, person.document_number, person.phone) == (
        "新名",
        NEW["document_number"],
        NEW["phone"],
    )


def test_a_child_of_whom_a_correction_says_no_guardians_word_any_more_goes_again(sender, app):
    number = numbers.identity_number(date(2018, 3, 9), 21)
    child = {"action": "add", "occupancy": str(new_id()), "person": str(new_id()), "name": "测试·孩子"}
    child |= {"document_type": "111", "document_number": number}
    event = sender.record(
        factories.a_dwelling(), unchanged=None, occupants=[child | {"guardian_consent": True}]
    )
    assert db.session.query(Occupancy).one().ended is False
    with transaction():
        db.session.query(Visit).one().state = "returned"

    _correct(sender, event, [child])

    assert db.session.query(Occupancy).one().ended is True


def test_a_number_keeps_its_type(sender, stay):
    passport = {"document_type": "414", "document_number": "E12345678"}
    event, shown = _returned(sender, stay, **passport)

    _correct(sender, event, [{key: shown[key] for key in ("action", "occupancy")}])

    assert (_person(stay).document_type, _person(stay).document_number) == ("414", "E12345678")


def test_a_number_said_anew_in_the_correction_counts(sender, stay):
    event, shown = _returned(sender, stay, **NEW)

    _correct(sender, event, [shown | {"phone": "13912345679"}])

    assert _person(stay).phone == "13912345679"


def test_somebody_whom_the_correction_does_not_name_has_the_number_of_before(sender, stay):
    before = stay.person.document_number, stay.person.phone
    event, _shown = _returned(sender, stay, **NEW)

    _correct(sender, event, [])

    assert (_person(stay).document_number, _person(stay).phone) == before


@pytest.mark.parametrize("said", [[], [{"action": "change"}]])
def test_somebody_who_was_said_to_have_moved_out_lives_here_again(sender, stay, said):
    event, _shown = _returned(sender, stay, action="moved_out", moved_out_on="2026-03-01")
    assert sender.pack().get("occupants", []) == []

    _correct(sender, event, [{"occupancy": str(stay.id)} | part for part in said])

    again = db.session.get_one(Occupancy, stay.id)
    assert (again.ended, [row["id"] for row in sender.pack()["occupants"]]) == (False, [str(stay.id)])
