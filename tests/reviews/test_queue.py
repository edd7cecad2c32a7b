"""The queue: what it shows, in which order, page by page, and at a cost that does not grow with it."""

import re
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from field.demo.numbers import identity_number
from tests import factories

CHINA = ZoneInfo("Asia/Shanghai")


def _rows(browser, **query):
    return browser.get("/reviews/rows", query_string=query).get_data(as_text=True)


def test_the_visit_that_waited_longest_comes_first_and_is_open(client_of, lead, worker):
    first = factories.a_visit(worker, factories.a_dwelling(), note="等了最久")
    factories.a_visit(worker, factories.a_dwelling(), note="后来的")

    page = client_of(lead).get("/reviews").get_data(as_text=True)

    assert f'data-visit="{first.id}" aria-labelledby' in page
    assert "等了最久" in page
    assert "后来的" not in page


def test_filters_narrow_the_queue(client_of, lead, worker):
    door = factories.a_dwelling()
    away = factories.a_visit(worker, door, outcome="no_answer", consent=None, unchanged=None)
    done = factories.a_visit(worker, factories.a_dwelling())

    shown = _rows(client_of(lead), outcome="no_answer")

    assert str(away.id) in shown
    assert str(done.id) not in shown


def test_the_search_finds_a_door_by_part_of_its_address(client_of, lead, worker):
    door = factories.a_dwelling()
    wanted = factories.a_visit(worker, door)
    address = door.building.address

    assert str(wanted.id) in _rows(client_of(lead), search=address[:4])
    assert str(wanted.id) not in _rows(client_of(lead), search="%")


def test_a_malformed_filter_is_left_out(client_of, lead, worker):
    visit = factories.a_visit(worker, factories.a_dwelling())

    assert str(visit.id) in _rows(client_of(lead), outcome="'; drop table visits", state="nonsense")


def test_pages_follow_each_other_without_a_gap_or_a_repeat(client_of, lead, worker, monkeypatch):
    monkeypatch.setattr("field.reviews.queue.PAGE", 2)
    visits = [factories.a_visit(worker, factories.a_dwelling()) for _ in range(5)]
    browser, seen, after = client_of(lead), [], None
    while True:
        page = _rows(browser, **({"after": after} if after else {}))
        seen += [str(visit.id) for visit in visits if f'id="row-{visit.id}"' in page]
        if "after=" not in page:
            break
        after = page.split("after=")[1].split('"')[0].replace("%3A", ":").replace("%2B", "+")

    assert seen == [str(visit.id) for visit in visits]


@pytest.mark.parametrize("few", [24, -1])
def test_the_grids_of_a_team_are_one_queue_however_it_is_read(client_of, lead, worker, monkeypatch, few):
    monkeypatch.setattr("field.core.heads.FEW", few)
    monkeypatch.setattr("field.reviews.queue.PAGE", 3)
    grids = (factories.GRID, factories.SECOND_GRID, factories.SECOND_GRID, factories.GRID)
    visits = [factories.a_visit(worker, factories.a_dwelling(grid=grid)) for grid in grids]

    page = _rows(client_of(lead))

    assert re.findall('id="row-([0-9a-f-]+)"', page) == [str(visit.id) for visit in visits[:3]]
    assert "after=" in page


def test_an_office_that_looks_at_one_grid_sees_that_grid(client_of, office, worker):
    here = factories.a_visit(worker, factories.a_dwelling())
    there = factories.a_visit(worker, factories.a_dwelling(grid=factories.SECOND_GRID))
    browser = client_of(office)

    assert f"row-{here.id}" in _rows(browser, area=factories.GRID)
    assert f"row-{there.id}" not in _rows(browser, area=factories.GRID)
    assert f"row-{there.id}" in _rows(browser, area=factories.COMMUNITY)


def test_a_place_in_the_queue_that_makes_no_sense_is_refused(client_of, lead):
    assert client_of(lead).get("/reviews/rows?after=nowhere").status_code == 400


def test_the_queue_costs_as_many_queries_for_many_visits_as_for_one(client_of, lead, worker, counted):
    browser = client_of(lead)
    factories.a_visit(worker, factories.a_dwelling())
    _rows(browser)
    counted.clear()
    _rows(browser)
    few = len(counted)
    for _ in range(6):
        factories.a_visit(worker, factories.a_dwelling())
    counted.clear()

    _rows(browser)

    assert len(counted) == few
    assert few <= 12


def test_numbers_are_masked_on_the_page(client_of, lead, phone, worker):
    number = identity_number(date(1990, 5, 6), 7)
    someone = {
        "action": "add",
        "occupancy": "019ab000-0000-7000-8000-000000000001",
        "person": "019ab000-0000-7000-8000-000000000002",
        "name": "测试·新住户",
        "document_type": "111",
        "document_number": number,
        "phone": "15400001234",
    }
    phone(worker).record(
        factories.a_dwelling(), occupants=[someone], dwelling_changes={"lessor_phone": "13912345678"}
    )

    page = client_of(lead).get("/reviews").get_data(as_text=True)

    assert "测试·新住户" in page
    for secret in (number, "15400001234", "13912345678"):
        assert secret not in page
    assert "139****5678" in page
    assert client_of(lead).get("/reviews").headers["Cache-Control"] == "no-store"


def test_an_empty_queue_says_so(client_of, lead):
    factories.a_grid()

    assert "All reviewed" in client_of(lead).get("/reviews?lang=en").get_data(as_text=True)


def test_the_choice_of_area_days_and_photos_narrows_the_queue(client_of, lead, phone, worker, clock):
    here = factories.a_visit(worker, factories.a_dwelling())
    there = factories.a_visit(worker, factories.a_dwelling(grid=factories.SECOND_GRID))
    sender = phone(worker)
    sender.record(factories.a_dwelling(), photos=[sender.photo_part(b"still on the phone")])
    browser = client_of(lead)
    today, yesterday = (here.received_at.astimezone(CHINA).date() - timedelta(days=n) for n in (0, 1))

    assert str(there.id) not in _rows(browser, area=factories.GRID)
    assert str(there.id) in _rows(browser, area=factories.COMMUNITY)
    assert str(here.id) in _rows(browser, since=str(today), until=str(today))
    assert str(here.id) not in _rows(browser, until=str(yesterday))
    on_their_way = _rows(browser, photos="1")
    assert on_their_way.count("data-visit=") == 1
    assert str(here.id) not in on_their_way


@pytest.mark.parametrize("day", ["yesterday", "0001-01-01", "9999-12-31"])
def test_a_day_that_is_none_is_left_out(client_of, lead, worker, day):
    visit = factories.a_visit(worker, factories.a_dwelling())

    assert str(visit.id) in _rows(client_of(lead), since=day, until=day)


def test_a_visit_that_was_open_is_open_again_after_a_reload(client_of, lead, worker):
    factories.a_visit(worker, factories.a_dwelling(), note="等了最久")
    second = factories.a_visit(worker, factories.a_dwelling(), note="后来的")

    page = client_of(lead).get(f"/reviews?open={second.id}").get_data(as_text=True)

    assert "后来的" in page
    assert "等了最久" not in page


def test_the_page_says_which_keys_there_are(client_of, lead, worker):
    factories.a_visit(worker, factories.a_dwelling())

    page = client_of(lead).get("/reviews").get_data(as_text=True)

    assert all(f"<kbd>{key}</kbd>" in page for key in "?jkar")


def test_every_state_says_how_many_it_holds(client_of, lead, worker):
    visits = [factories.a_visit(worker, factories.a_dwelling()) for _ in range(4)]
    browser = client_of(lead)
    for visit in visits[:2]:
        browser.post(f"/visits/{visit.id}/approval", data={"revision": 1})
    browser.post(f"/visits/{visits[2].id}/return", data={"revision": 1, "reason": "请补"})

    counts = re.findall(r'<span class="count">(\d+)</span>', _rows(browser))

    assert counts == ["1", "2", "1"]


@pytest.mark.parametrize(
    ("query", "opened"),
    [
        ("", False),
        ("?search=12", False),
        ("?state=approved", False),
        ("?hazards=1", True),
        ("?outcome=done", True),
    ],
)
def test_filters_that_fold_are_open_once_something_is_chosen_among_them(client_of, lead, query, opened):
    page = client_of(lead).get(f"/reviews{query}").get_data(as_text=True)

    [fold] = re.findall(r'<details class="fold"([^>]*)>', page)
    assert (fold.strip() == "open") is opened
