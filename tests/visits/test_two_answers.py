"""Two phones at one door: what agrees is merged and marked; what contradicts is kept twice until a lead chooses."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from field.core.db import db, transaction
from field.core.errors import Problem
from field.core.ids import new_id
from field.people.models import Occupancy
from field.places.models import Dwelling
from field.visits import choosing
from field.visits.clashes import RegisterChoice, RegisterClash
from tests import factories
from tests.visits.answers import clashes, correct, say, visit_of


@pytest.fixture
def phones(phone, worker, second_worker):
    """Two workers, each with a phone."""
    return phone(worker), phone(second_worker)


def test_facts_that_do_not_touch_are_merged_and_the_later_visit_says_so(phones):
    one, two = phones
    door = factories.a_dwelling()

    first = say(one, door, dwelling_changes={"rooms": 3})
    second = say(two, door, dwelling_changes={"heating": "coal"})

    db.session.refresh(door)
    assert (door.rooms, door.heating) == (3, "coal")
    assert (visit_of(first).merged, visit_of(second).merged) == (False, True)
    assert clashes() == []


def test_a_fact_with_two_answers_keeps_the_earlier_and_both_are_on_record(phones):
    one, two = phones
    door = factories.a_dwelling()

    say(one, door, dwelling_changes={"rooms": 3, "lessor_phone": "15400000001"})
    second = say(two, door, dwelling_changes={"rooms": 4, "lessor_phone": "15400000002", "children": 1})

    db.session.refresh(door)
    assert (door.rooms, door.lessor_phone, door.children) == (3, "15400000001", 1)
    assert clashes() == [("lessor_phone", "15400000001", "15400000002"), ("rooms", 3, 4)]
    assert visit_of(second).clashes == 2
    assert b"15400000002" not in db.session.query(RegisterClash).first().offered_sealed


def test_two_phones_that_say_the_same_agree(phones):
    one, two = phones
    door = factories.a_dwelling()

    say(one, door, dwelling_changes={"rooms": 3})
    say(two, door, dwelling_changes={"rooms": 3})

    assert clashes() == []


def test_who_knew_of_the_change_may_change_it_again(phones):
    one, two = phones
    door = factories.a_dwelling()
    say(one, door, dwelling_changes={"rooms": 3})
    [row] = two.pack()["doors"]

    say(two, door, base=row["revision"], dwelling_changes={"rooms": 4})

    db.session.refresh(door)
    assert (door.rooms, clashes()) == (4, [])


def test_one_author_who_comes_twice_contradicts_nobody(phones):
    one, _two = phones
    door = factories.a_dwelling()

    say(one, door, dwelling_changes={"rooms": 3})
    say(one, door, dwelling_changes={"rooms": 4})

    db.session.refresh(door)
    assert (door.rooms, clashes()) == (4, [])


def test_a_correction_does_not_contradict_its_own_visit(phones):
    one, _two = phones
    door = factories.a_dwelling()
    first = say(one, door, dwelling_changes={"rooms": 3})

    correct(one, first, base=1, dwelling_changes={"rooms": 5})

    db.session.refresh(door)
    assert (door.rooms, clashes()) == (5, [])


def test_a_correction_leaves_alone_what_others_changed_since(phones):
    one, two = phones
    door = factories.a_dwelling()
    first = say(one, door, dwelling_changes={"rooms": 3, "children": 1})
    db.session.refresh(door)
    say(two, door, base=door.revision, dwelling_changes={"rooms": 4})

    correct(one, first, base=1, dwelling_changes={"heating": "coal"})

    db.session.refresh(door)
    assert (door.rooms, door.children, door.heating) == (4, None, "coal")


def test_a_correction_that_still_contradicts_is_asked_about_once(phones):
    one, two = phones
    door = factories.a_dwelling()
    say(one, door, dwelling_changes={"rooms": 3})
    second = say(two, door, dwelling_changes={"rooms": 4})

    correct(two, second, base=1, dwelling_changes={"rooms": 5})

    assert clashes() == [("rooms", 3, 5)]
    assert clashes("withdrawn") == [("rooms", 3, 4)]


def test_a_correction_by_somebody_who_has_seen_the_other_answer_counts(phones):
    one, two = phones
    door = factories.a_dwelling()
    say(one, door, dwelling_changes={"rooms": 3})
    second = say(two, door, dwelling_changes={"rooms": 4})
    db.session.refresh(door)

    correct(two, second, base=door.revision, dwelling_changes={"rooms": 5})

    db.session.refresh(door)
    assert (door.rooms, clashes()) == (5, [])


def test_a_record_without_a_base_is_applied_as_it_always_was(phones):
    one, two = phones
    door = factories.a_dwelling()
    say(one, door, dwelling_changes={"rooms": 3})

    say(two, door, base=None, dwelling_changes={"rooms": 4})

    db.session.refresh(door)
    assert (door.rooms, clashes()) == (4, [])


def test_people_merge_by_fact_too(phones):
    one, two = phones
    door = factories.a_dwelling()
    here = factories.an_occupancy(door)
    change = {"action": "change", "occupancy": str(here.id)}

    say(one, door, occupants=[change | {"reason": "206"}])
    second = say(two, door, occupants=[change | {"intended_stay": "5", "reason": "201"}])

    db.session.expire_all()
    row = db.session.get_one(Occupancy, here.id)
    assert (row.reason, row.intended_stay) == ("206", "5")
    assert clashes() == [("reason", "206", "201")]
    assert visit_of(second).merged


def test_moved_out_against_still_here_is_two_answers(phones):
    one, two = phones
    door = factories.a_dwelling()
    here = factories.an_occupancy(door)

    gone = {"action": "moved_out", "occupancy": str(here.id), "moved_out_on": "2026-11-01"}
    say(one, door, occupants=[gone])
    say(two, door, occupants=[{"action": "change", "occupancy": str(here.id), "phone": "15400000009"}])

    db.session.expire_all()
    row = db.session.get_one(Occupancy, here.id)
    assert (row.ended, row.moved_out_on, row.person.phone) == (True, date(2026, 11, 1), "15400000009")
    assert clashes() == [("ended", True, False)]


def test_whoever_added_somebody_does_not_overwrite_what_others_learned_since(phones):
    one, two = phones
    door = factories.a_dwelling()
    key = str(new_id())
    added = {"action": "add", "occupancy": key, "person": str(new_id()), "name": "测试·甲", "reason": "204"}
    first = say(one, door, occupants=[added])
    db.session.refresh(door)
    told = {"action": "change", "occupancy": key, "reason": "206"}
    say(two, door, base=door.revision, occupants=[told])

    correct(one, first, base=1, occupants=[added])

    db.session.expire_all()
    assert db.session.get_one(Occupancy, UUID(key)).reason == "206"


@pytest.fixture
def chosen(phones, lead):
    """Two answers of which the lead took the second; answers (door, clash, decision)."""
    one, two = phones
    door = factories.a_dwelling()
    say(one, door, dwelling_changes={"rooms": 3})
    say(two, door, dwelling_changes={"rooms": 4})
    clash = db.session.query(RegisterClash).one()
    decision = choosing.Decision(clash.id, lead.id, datetime(2026, 11, 25, tzinfo=UTC))
    with transaction():
        here = db.session.get_one(Dwelling, door.id)
        said_by = (clash.visit_id, clash.visit.author_id)
        choosing.choose(here, here, clash.field, clash.offered, said_by, decision)
    return door, clash, decision


def test_the_answer_that_was_chosen_stands(chosen):
    door, _clash, _decision = chosen

    db.session.refresh(door)
    assert door.rooms == 4


def test_a_choice_can_be_taken_back(chosen):
    door, _clash, decision = chosen

    with transaction():
        choosing.undo(decision)

    db.session.refresh(door)
    assert door.rooms == 3
    assert db.session.query(RegisterChoice).one().undone_at


def test_a_choice_is_not_taken_back_over_what_somebody_said_since(chosen, phones):
    door, _clash, decision = chosen
    db.session.refresh(door)
    say(phones[0], door, base=door.revision, dwelling_changes={"rooms": 6})

    with pytest.raises(Problem), transaction():
        choosing.undo(decision)

    db.session.refresh(door)
    assert door.rooms == 6
