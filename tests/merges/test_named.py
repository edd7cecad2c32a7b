"""Two visits side by side: whom and what each names, and what both do."""

import re

import pytest

from field.core.ids import new_id
from field.merges.models import Kind
from tests import factories
from tests.merges.asking import NUMBER, pairs_of, text_of


@pytest.fixture
def beside(desk, phone, worker, second_worker):
    """beside(said by one, said by the other): their visits at one door, beside each other."""

    def shown(*said, door=None):
        place = door or factories.a_dwelling()
        for user, facts in zip((worker, second_worker), said, strict=True):
            phone(user).record(place, **{"unchanged": None} | facts)
        [(left, right)] = pairs_of(Kind.VISITS)
        return re.sub(r"<[^>]+>|\s+", " ", text_of(desk, f"/merges/visits/{left}/{right}"))

    return shown


def _newcomer(name, **facts):
    return {"action": "add", "occupancy": str(new_id()), "person": str(new_id()), "name": name} | facts


def _found(item="H04", **facts):
    version = factories.a_checklist().version
    finding = {"id": str(new_id()), "item": item, "action": "notice_left"} | facts
    return {
        "checklist": {"code": "home-safety", "version": version, "checked": True},
        "findings": [finding],
    }


def test_a_person_whom_both_added_is_named_on_both_sides_and_said_to_be_the_same(beside):
    text = beside(
        {"occupants": [_newcomer("测试·新来", document_type="111", document_number=NUMBER)]},
        {"occupants": [_newcomer("测试· 新来"), _newcomer("测试·另一位")]},
    )

    assert "Neither says anything" not in text
    assert text.count("Both name this person") == 1
    assert len(re.findall("测试· ?新来 · new", text)) == 2
    assert "测试·另一位 · new" in text
    assert NUMBER not in text


def test_a_hazard_that_both_found_is_said_to_be_the_same(beside):
    text = beside(_found(spot="灶台旁"), _found(spot="厨房"))

    assert text.count("Both found this hazard") == 1
    assert "灶台旁 · notice left" in text
    assert "厨房 · notice left" in text


def test_different_hazards_are_not_called_the_same(beside):
    assert "Both found this hazard" not in beside(_found("H04"), _found("H01"))


def test_a_place_of_work_that_both_changed_is_named(beside):
    door = factories.a_dwelling()
    place = factories.a_workplace(door, name="测试·面馆")
    change = {"action": "change", "workplace": str(place.id), "headcount": 5}

    text = beside({"workplaces": [change]}, {"workplaces": [change | {"headcount": 5}]}, door=door)

    assert "Both name this place of work" in text
    assert text.count("测试·面馆") == 2


def test_two_visits_that_say_nothing_still_say_so(beside):
    assert "Neither says anything" in beside({"unchanged": True}, {"unchanged": True})
