"""Two phones at one place of work: the earlier answer stands, both are kept until a lead chooses."""

import pytest

from field.core.db import db
from tests import factories
from tests.visits.answers import clashes, correct, say, visit_of


@pytest.fixture
def phones(phone, worker, second_worker):
    """Two workers, each with a phone."""
    return phone(worker), phone(second_worker)


def _told(place, **facts):
    return [{"action": "change", "workplace": str(place.id), **facts}]


def test_a_place_of_work_with_two_answers_keeps_the_earlier_and_both_are_on_record(phones):
    one, two = phones
    door = factories.a_dwelling()
    place = factories.a_workplace(door, headcount=3)

    say(one, door, workplaces=_told(place, headcount=5, contact_phone="15400000001"))
    second = say(
        two, door, workplaces=_told(place, headcount=6, contact_phone="15400000002", dormitory_headcount=2)
    )

    db.session.refresh(place)
    assert (place.headcount, place.contact_phone, place.dormitory_headcount) == (5, "15400000001", 2)
    assert clashes() == [("contact_phone", "15400000001", "15400000002"), ("headcount", 5, 6)]
    assert visit_of(second).clashes == 2


def test_a_place_of_work_that_one_calls_closed_and_another_changed_waits_for_a_choice(phones):
    one, two = phones
    door = factories.a_dwelling()
    place = factories.a_workplace(door, headcount=3)

    say(one, door, workplaces=[{"action": "closed", "workplace": str(place.id)}])
    say(two, door, workplaces=_told(place, headcount=4))

    db.session.refresh(place)
    assert (place.ended, place.headcount) == (True, 4)
    assert clashes() == [("ended", True, False)]


def test_a_correction_leaves_what_others_said_of_a_place_of_work_since(phones):
    one, two = phones
    door = factories.a_dwelling()
    place = factories.a_workplace(door, headcount=3)
    first = say(one, door, workplaces=_told(place, headcount=5, contact_name="测试·甲"))
    say(two, door, base=9, workplaces=_told(place, headcount=6))

    correct(one, first, base=9, workplaces=None)

    db.session.refresh(place)
    assert (place.headcount, place.contact_name) == (6, None)
