"""What is joined is what somebody saw: newer answers stand, and what has changed meanwhile is looked at again."""

import re

import pytest
from sqlalchemy import select

from field.core.db import db, transaction
from field.merges.models import Kind
from field.people.models import Occupancy
from field.places.models import Dwelling
from field.visits.models import Visit
from tests import factories
from tests.merges.asking import NUMBER, fresh, pairs_of, post, text_of


@pytest.fixture
def newer_answer(phone, worker, two_answers):
    """Two workers said 3 and 4 rooms; later one was told 7."""
    phone(worker).record(fresh(Dwelling, two_answers.id), unchanged=None, dwelling_changes={"rooms": 7})
    return two_answers


def _opened(desk, kind, pair):
    """The form of a pair as the browser would send it: what is checked, and the mark of what was seen."""
    page = text_of(desk, f"/merges/{kind}/{pair[0]}/{pair[1]}")
    checked = re.findall(r'type="radio" name="([^"]+)" value="([^"]+)" checked', page)
    return dict(checked) | dict(re.findall(r'name="(seen)" value="([^"]*)"', page))


def _oldest():
    """The pair of the first two visits."""
    first, second, *_later = db.session.scalars(select(Visit.id).order_by(Visit.received_at)).all()
    [pair] = [pair for pair in pairs_of(Kind.VISITS) if set(pair) == {first, second}]
    return pair


def test_a_newer_answer_stands_when_two_earlier_visits_are_joined(desk, newer_answer):
    pair = _oldest()
    told = _opened(desk, "visits", pair)

    answer = post(desk, "visits", pair, "joining", **told)

    assert told["fact-rooms"] == "held"
    assert (answer.status_code, fresh(Dwelling, newer_answer.id).rooms) == (303, 7)


def test_what_the_register_holds_is_shown_beside_what_two_visits_say(desk, newer_answer):
    pair = _oldest()

    text = text_of(desk, f"/merges/visits/{pair[0]}/{pair[1]}")

    assert re.search(r'value="held" checked><span>7 <span[^>]*>· stands now', text)


def test_an_earlier_answer_is_taken_when_somebody_knows_the_newer_one(desk, newer_answer):
    pair = _oldest()

    answer = post(desk, "visits", pair, "joining", **_opened(desk, "visits", pair) | {"fact-rooms": "left"})

    assert (answer.status_code, fresh(Dwelling, newer_answer.id).rooms) == (303, 3)


def test_a_newer_answer_that_came_while_the_page_was_open_is_never_overridden(
    desk, phone, worker, two_answers
):
    [pair] = pairs_of(Kind.VISITS)
    told = _opened(desk, "visits", pair)
    phone(worker).record(fresh(Dwelling, two_answers.id), unchanged=None, dwelling_changes={"rooms": 7})

    answer = post(desk, "visits", pair, "joining?lang=en", **told)

    assert (answer.status_code, fresh(Dwelling, two_answers.id).rooms) == (409, 7)
    assert "has changed since you opened them" in answer.get_data(as_text=True)


@pytest.mark.parametrize("kept", ["left", "right"])
def test_a_fact_of_people_that_began_to_differ_while_the_page_was_open_is_decided_by_nobody_unseen(
    desk, kept
):
    facts = {"document_type": "111", "document_number": NUMBER, "home_county": "620421", "name": "测试·王"}
    left, right = sorted((factories.an_occupancy(**facts) for _ in range(2)), key=lambda row: row.id)
    pair = left.id, right.id
    told = _opened(desk, "people", pair) | {"kept": kept}
    with transaction():
        fresh(Occupancy, right.id).person.home_county = "620422"

    unseen = post(desk, "people", pair, "joining", **told)
    open_still = [fresh(Occupancy, key).ended for key in pair]
    knowing = post(desk, "people", pair, "joining", **_opened(desk, "people", pair) | {"kept": kept})

    assert (unseen.status_code, open_still, knowing.status_code) == (409, [False, False], 303)


def test_a_fact_of_which_nothing_is_picked_stays_as_the_kept_entry_has_it(desk, two_doors):
    left, right = two_doors
    before = right.rooms, right.heating

    post(desk, "addresses", (left.id, right.id), "joining", kept="right")

    after = fresh(Dwelling, right.id)
    assert (after.rooms, after.heating) == before


def test_the_mark_of_what_was_seen_tells_no_number(desk, two_people):
    pair = [row.id for row in two_people]

    mark = _opened(desk, "people", pair)["seen"]

    assert re.fullmatch("[0-9a-f]{32}", mark)
    assert mark == _opened(desk, "people", pair)["seen"]
