"""A lead's correction: the next revision, in the lead's name, with a reason; what the worker sent is kept."""

import pytest

from field.core.db import db
from field.places.models import Dwelling
from field.reviews.models import Review
from field.visits.models import Visit
from tests import factories


@pytest.fixture
def door(worker):
    """A door of two rooms."""
    return factories.a_dwelling(rooms=2)


@pytest.fixture
def visit(worker, door):
    """A visit that says four people live there."""
    return factories.a_visit(worker, door, unchanged=None, dwelling_changes={"headcount": 4}, note="门铃坏了")


def _correct(browser, visit, revision=1, reason="网格员电话更正", **form):
    return browser.post(
        f"/visits/{visit.id}/correction", data={"revision": revision, "reason": reason, **form}
    )


def test_a_correction_is_the_next_revision_in_the_leads_name_and_approved(
    client_of, lead, worker, visit, door
):
    answer = _correct(client_of(lead), visit, headcount="5", rooms="3")

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/visits/{visit.id}")
    stored = db.session.get_one(Visit, visit.id)
    first, second = stored.revisions
    assert (stored.state, stored.revision, stored.author_id) == ("approved", 2, worker.id)
    assert (first.author_id, second.author_id) == (worker.id, lead.id)
    assert first.body["dwelling_changes"] == {"headcount": 4}
    assert second.body["dwelling_changes"] == {"headcount": 5, "rooms": 3}
    place = db.session.get_one(Dwelling, door.id)
    assert (place.headcount, place.rooms) == (5, 3)


def test_the_worker_reads_the_reason_of_a_correction(client_of, lead, worker, visit, phone):
    _correct(client_of(lead), visit, note="门铃已修")

    [review] = phone(worker).pack()["reviews"]

    assert (review["state"], review["revision"], review["reason"]) == ("approved", 2, "网格员电话更正")


def test_what_was_approved_can_still_be_corrected(client_of, lead, visit, door):
    browser = client_of(lead)
    browser.post(f"/visits/{visit.id}/approval", data={"revision": 1})

    assert _correct(browser, visit, headcount="6").status_code == 303
    assert db.session.get_one(Dwelling, door.id).headcount == 6


def test_a_returned_visit_is_its_authors_to_correct(client_of, lead, visit):
    browser = client_of(lead)
    browser.post(f"/visits/{visit.id}/return", data={"revision": 1, "reason": "请核对"})

    assert _correct(browser, visit, headcount="5").status_code == 409


def test_two_leads_do_not_correct_over_each_other(client_of, lead, visit):
    colleague = factories.a_user("lead-two", name="测试·网格长二", role="lead", areas=(factories.COMMUNITY,))
    _correct(client_of(lead), visit, headcount="5")

    answer = _correct(client_of(colleague), visit, headcount="7")

    assert answer.status_code == 409
    assert lead.name in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "typed",
    [
        {"lessor_phone": "139 1234 5678"},
        {"lessor_phone": "+8613912345678", "rooms": "03"},
        {"floor_area_m2": "42.0"},
        {"floor_area_m2": "42.50", "headcount": "05"},
    ],
)
def test_a_double_click_is_answered_as_the_first_however_numbers_are_written(client_of, lead, visit, typed):
    browser = client_of(lead)

    answers = [_correct(browser, visit, **typed).status_code for _ in range(2)]

    assert answers == [303, 303]
    assert db.session.get_one(Visit, visit.id, populate_existing=True).revision == 2


def test_another_telephone_at_the_second_click_is_told_that_it_came_too_late(client_of, lead, visit):
    browser = client_of(lead)

    answers = [
        _correct(browser, visit, lessor_phone=number).status_code for number in ("13912345678", "13912345679")
    ]

    assert answers == [303, 409]


def test_a_number_written_otherwise_changes_nothing(client_of, lead, visit):
    answer = _correct(client_of(lead), visit, rooms="02", headcount="04")

    assert answer.status_code == 422
    assert db.session.get_one(Visit, visit.id).revision == 1


def test_a_double_click_corrects_once(client_of, lead, visit):
    browser = client_of(lead)

    answers = [_correct(browser, visit, headcount="5").status_code for _ in range(2)]

    assert answers == [303, 303]
    assert db.session.query(Review).count() == 1


def test_what_a_later_visit_said_stays_when_an_earlier_one_is_corrected(client_of, lead, worker, visit, door):
    factories.a_visit(worker, door, unchanged=None, dwelling_changes={"headcount": 9})

    _correct(client_of(lead), visit, headcount="5", rooms="3")

    place = db.session.get_one(Dwelling, door.id)
    assert (place.headcount, place.rooms) == (9, 3)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("reason", "", "Say what to put right"),
        ("reason", "长" * 501, "under 500 characters"),
        ("headcount", "many", "a number from 0 to 1000"),
        ("headcount", "-1", "a number from 0 to 1000"),
        ("floor_area_m2", "nan", "a number from 0"),
        ("outcome", "burnt", "choose one of these"),
        ("lessor_phone", "139****1234", "cannot be dialled"),
        ("note", "长" * 501, "under 500 characters"),
        ("lessor_name", "长" * 51, "under 50 characters"),
        ("lease_filed", "perhaps", "choose one of these"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_everything_typed_stays(
    client_of, lead, visit, field, value, words
):
    typed = {"headcount": "5", "reason": "电话核实", "rooms": "7", field: value}

    answer = client_of(lead).post(f"/visits/{visit.id}/correction?lang=en", data={"revision": 1, **typed})

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert words in page
    assert f'id="{field}-error"' in page
    assert 'name="rooms" inputmode="decimal" maxlength="10" value="7"' in page


def test_a_correction_that_changes_nothing_says_so(client_of, lead, visit):
    assert _correct(client_of(lead), visit).status_code == 422


def test_the_form_shows_no_phone_in_full(client_of, lead, worker, door):
    visit = factories.a_visit(worker, door, unchanged=None, dwelling_changes={"lessor_phone": "13912345678"})

    page = client_of(lead).get(f"/visits/{visit.id}/correction").get_data(as_text=True)

    assert "13912345678" not in page
    assert "139****5678" in page


def test_a_number_in_the_visit_is_carried_over_unseen(client_of, lead, worker, door):
    visit = factories.a_visit(worker, door, unchanged=None, dwelling_changes={"lessor_phone": "13912345678"})

    _correct(client_of(lead), visit, rooms="3")

    assert db.session.get_one(Dwelling, door.id).lessor_phone == "13912345678"


def test_an_outcome_that_is_corrected_is_the_doors_outcome(client_of, lead, visit, door):
    _correct(client_of(lead), visit, outcome="vacant")

    assert db.session.get_one(Visit, visit.id).outcome == "vacant"
    assert db.session.get_one(Dwelling, door.id).visit_outcome == "vacant"


def test_another_correction_from_an_old_page_is_told_and_not_dropped(client_of, lead, visit, door):
    browser = client_of(lead)
    _correct(browser, visit, rooms="3")

    assert _correct(browser, visit, rooms="3").status_code == 303
    answer = _correct(browser, visit, headcount="7")

    assert answer.status_code == 409
    assert db.session.get_one(Dwelling, door.id).headcount == 4


def test_a_code_that_the_form_does_not_offer_is_refused_beside_its_field(client_of, lead, visit, door):
    factories.codes()

    answer = _correct(client_of(lead), visit, heating="nuclear")

    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'id="heating-error"' in text
    assert "nuclear" not in text
    assert db.session.get_one(Visit, visit.id).revision == 1


def test_a_recorded_code_that_is_no_longer_on_the_list_stays_chosen_and_stays(client_of, lead, worker):
    factories.codes()
    door = factories.a_dwelling(heating="kang")
    visit, browser = factories.a_visit(worker, door), client_of(lead)

    page = browser.get(f"/visits/{visit.id}/correction").get_data(as_text=True)
    answer = _correct(browser, visit, heating="kang", rooms="3")

    assert '<option value="kang" selected>' in page
    assert answer.status_code == 303
    assert (db.session.get_one(Dwelling, door.id).heating, db.session.get_one(Dwelling, door.id).rooms) == (
        "kang",
        3,
    )
