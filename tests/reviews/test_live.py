"""A queue that refreshes itself: mostly told that nothing has changed, and told at once when something has."""

import re

import pytest

from field.core.ids import new_id
from tests import factories
from tests.photos.pictures import noise, saved


def _etag(browser, **query):
    return browser.get("/reviews/rows", query_string=query).headers["ETag"]


def _again(browser, etag, **query):
    return browser.get("/reviews/rows", query_string=query, headers={"If-None-Match": etag})


@pytest.fixture
def waiting(worker):
    """A visit that waits."""
    return factories.a_visit(worker, factories.a_dwelling())


def test_nothing_is_sent_when_nothing_has_changed(client_of, lead, waiting):
    browser = client_of(lead)

    answer = _again(browser, _etag(browser))

    assert (answer.status_code, answer.get_data()) == (304, b"")


def test_the_page_itself_carries_what_its_first_question_needs(client_of, lead, waiting):
    browser = client_of(lead)
    page = browser.get("/reviews").get_data(as_text=True)
    [etag] = re.findall(r'"If-None-Match": "\\"(\w+)\\""', page)

    assert _again(browser, f'"{etag}"').status_code == 304


def test_a_new_visit_is_told_at_the_next_question(client_of, lead, worker, waiting):
    browser = client_of(lead)
    etag = _etag(browser)
    fresh = factories.a_visit(worker, factories.a_dwelling())

    answer = _again(browser, etag)

    assert answer.status_code == 200
    assert str(fresh.id) in answer.get_data(as_text=True)


def test_a_colleagues_decision_is_told_at_the_next_question(client_of, lead, waiting):
    browser = client_of(lead)
    etag = _etag(browser)
    browser.post(f"/visits/{waiting.id}/approval", data={"revision": 1})

    assert _again(browser, etag).status_code == 200


def test_a_photo_that_came_is_told_at_the_next_question(client_of, lead, worker, phone):
    content = saved(noise(), "JPEG")
    sender = phone(worker)
    part = sender.photo_part(content)
    event = sender.record(factories.a_dwelling(), photos=[part])
    browser = client_of(lead)
    etag = _etag(browser)
    visit = re.search(r'"visit":"([0-9a-f-]+)"', event["body"])[1]

    sender.upload_photo(visit, part, content)

    answer = _again(browser, etag)
    assert answer.status_code == 200
    assert "1 of 1 photo" in _in_english(browser)


@pytest.fixture
def at_a_new_door(phone, second_worker):
    """at_a_new_door(house, …): a visit at a door that nobody knew, in a house of the register or a new one."""

    def visit(**house):
        sender, door_id = phone(second_worker), new_id()
        building = new_id() if house else factories.a_building().id
        part = {"building": str(building), "floor": 3, "door": "301A", **house}
        body = sender.visit_body(door_id, door=part)
        body.pop("base_revision", None)
        [result] = sender.send(sender.event(body))
        assert result["result"] == "accepted", result
        return door_id

    return visit


def test_a_new_house_whose_address_was_put_right_is_told_at_the_next_question(client_of, lead, at_a_new_door):
    factories.a_grid()
    door_id = at_a_new_door(house={"grid": factories.GRID, "address": "试验巷7"})
    browser = client_of(lead)
    etag = _etag(browser)
    browser.post(f"/proposals/{door_id}/confirmation", data={"address": "试验巷 7号"})

    answer = _again(browser, etag)

    assert answer.status_code == 200
    assert "试验巷 7号" in answer.get_data(as_text=True)


@pytest.mark.parametrize("verb", ["confirmation", "refusal"])
def test_what_became_of_a_new_door_is_told_at_the_next_question(client_of, lead, at_a_new_door, verb):
    door_id, browser = at_a_new_door(), client_of(lead)
    etag, before = _etag(browser), _in_english(browser)

    browser.post(f"/proposals/{door_id}/{verb}", data={"reason": "没有这扇门"})
    told, after = _again(browser, etag).status_code, _in_english(browser)

    assert (told, "new door" in before, "new door" in after) == (200, True, False)


def test_that_a_door_waits_again_is_told_at_the_next_question(client_of, lead, at_a_new_door):
    door_id, browser = at_a_new_door(), client_of(lead)
    browser.post(f"/proposals/{door_id}/refusal", data={"reason": "没有这扇门"})
    etag = _etag(browser)

    browser.post(f"/proposals/{door_id}/reversal")

    assert _again(browser, etag).status_code == 200
    assert "new door" in _in_english(browser)


def _in_english(browser):
    return browser.get("/reviews/rows?lang=en").get_data(as_text=True)


def test_what_happens_in_another_area_wakes_nobody(client_of, lead, waiting):
    browser = client_of(lead)
    etag = _etag(browser)
    far = factories.a_user("far-worker", role="worker", areas=(factories.ELSEWHERE,))
    factories.a_visit(far, factories.a_dwelling(grid=factories.ELSEWHERE))

    assert _again(browser, etag).status_code == 304


def test_another_choice_is_another_answer(client_of, lead, waiting):
    browser = client_of(lead)

    assert _again(browser, _etag(browser), hazards="1").status_code == 200


def test_a_refresh_brings_as_many_rows_as_were_shown(client_of, lead, worker, monkeypatch):
    monkeypatch.setattr("field.reviews.queue.PAGE", 2)
    visits = [factories.a_visit(worker, factories.a_dwelling()) for _ in range(4)]

    rows = client_of(lead).get("/reviews/rows?rows=4").get_data(as_text=True)

    assert all(f"row-{visit.id}" in rows for visit in visits)


def test_asking_in_vain_costs_few_queries_and_reads_no_visit(client_of, lead, waiting, counted):
    browser = client_of(lead)
    etag = _etag(browser)
    counted.clear()

    _again(browser, etag)

    assert len(counted) <= 4, counted
    assert not [statement for statement in counted if "dwellings" in statement]
