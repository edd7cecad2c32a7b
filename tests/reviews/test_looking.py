"""A visit's page: what it compares, what it masks, who looked, and at which cost."""

import re
from datetime import date

import pytest

from field.audit.models import AuditEntry
from field.core.db import db
from field.core.ids import new_id
from field.demo.numbers import identity_number
from field.places.plans import hull
from tests import factories

PHONE = "15400004321"


def _page(browser, visit, rest="", **query):
    answer = browser.get(f"/visits/{visit.id}{rest}", query_string={"lang": "en", **query})
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def _looks():
    return db.session.query(AuditEntry).filter_by(action="visit.viewed").all()


@pytest.fixture
def door(worker):
    """A door at which somebody lives, with a place on the map."""
    return factories.a_dwelling(
        factories.a_building(longitude=104.17, latitude=36.54), rooms=2, headcount=2, heating="central"
    )


def test_what_differs_stands_above_what_is_as_it_was(client_of, lead, worker, door):
    visit = factories.a_visit(worker, door, unchanged=None, dwelling_changes={"rooms": 2, "headcount": 5})

    page = _page(client_of(lead), visit)

    assert page.index("People living here") < page.index("Rooms")
    assert '<tr class="is-same"><th scope="row">Rooms' in page


@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        ({"rooms_let": 3}, True),
        ({"rooms": 1, "rooms_let": 2}, True),
        ({"rooms_let": 2}, False),
        ({"headcount": 5}, False),
    ],
)
def test_more_rooms_let_than_there_are_is_asked_about(client_of, lead, worker, door, changes, asked):
    visit = factories.a_visit(worker, door, unchanged=None, dwelling_changes=changes)

    assert ("More rooms are let than there are" in _page(client_of(lead), visit)) is asked


def test_the_rest_of_the_register_stands_beside_the_visit_masked(client_of, lead, worker, door):
    number = identity_number(date(1990, 5, 6), 7)
    factories.an_occupancy(door, name="测试·老住户", document_number=number, phone=PHONE)
    visit = factories.a_visit(worker, door)

    page = _page(client_of(lead), visit)

    assert "测试·老住户" in page
    assert "154****4321" in page
    assert PHONE not in page
    assert number not in page


def test_each_person_who_looks_is_noted_once_an_hour(client_of, lead, office, worker, door, clock):
    visit = factories.a_visit(worker, door)
    browser = client_of(lead)
    for _ in range(3):
        _page(browser, visit)
        _page(browser, visit, "/card")
    _page(client_of(office), visit)

    assert sorted(str(row.actor_id) for row in _looks()) == sorted([str(lead.id), str(office.id)])
    clock.forward(minutes=61)
    page = _page(browser, visit)
    assert len(_looks()) == 3
    assert page.count(f"<span>{lead.name}</span>") >= 2
    assert office.name in page


def test_a_card_that_was_fetched_ahead_is_noted_too(client_of, lead, worker, door):
    visit = factories.a_visit(worker, door)

    client_of(lead).get(f"/visits/{visit.id}/card", headers={"Fetched-Ahead": "1", "HX-Request": "true"})

    assert len(_looks()) == 1


def test_the_list_alone_is_no_look(client_of, lead, worker, door):
    factories.a_visit(worker, door)

    client_of(lead).get("/reviews/rows")

    assert _looks() == []


def test_any_two_versions_are_compared_what_differs_first(client_of, lead, worker, phone, door):
    sender = phone(worker)
    event = sender.record(door, unchanged=None, dwelling_changes={"rooms": 3}, note="第一次")
    visit_id = re.search(r'"visit":"([0-9a-f-]+)"', event["body"])[1]
    browser = client_of(lead)
    browser.post(f"/visits/{visit_id}/return", data={"revision": 1, "reason": "请核对"})
    sender.send(sender.event(sender.correction_of(event, note="第二次")))
    browser.post(f"/visits/{visit_id}/correction", data={"revision": 2, "reason": "核实", "rooms": "4"})

    newest = browser.get(f"/visits/{visit_id}/versions?lang=en").get_data(as_text=True)
    outer = browser.get(f"/visits/{visit_id}/versions?lang=en&first=1&second=3").get_data(as_text=True)

    assert newest.index('class="differs"') < newest.index('class="is-same"')
    assert newest.count('class="differs"') == 1
    assert outer.count('class="differs"') == 2
    assert "第一次" in outer
    assert lead.name in outer


@pytest.mark.parametrize("query", ["first=99", "first=x&second=-1", "second=0"])
def test_versions_that_are_not_there_are_left_out(client_of, lead, worker, door, query):
    visit = factories.a_visit(worker, door)

    assert client_of(lead).get(f"/visits/{visit.id}/versions?{query}").status_code == 200


def test_the_plan_is_drawn_from_our_own_coordinates(client_of, lead, worker, door):
    factories.a_building(longitude=104.171, latitude=36.541)
    visit = factories.a_visit(worker, door)

    page = _page(client_of(lead), visit)

    assert page.count("plan-building") == 1
    assert page.count('class="plan-pin"') == 1
    assert "http://" not in re.sub(r'xmlns="[^"]*"', "", page)


def test_without_coordinates_there_is_no_plan(client_of, lead, worker):
    visit = factories.a_visit(worker, factories.a_dwelling())

    assert "<details data-map" not in _page(client_of(lead), visit)


def test_only_the_districts_own_tiles_may_be_loaded(make_app):
    plain = make_app().test_client().get("/sign-in").headers["Content-Security-Policy"]
    app = make_app(FIELD_TILES_URL="https://map.district.example/{z}/{x}/{y}.png")
    policy = app.test_client().get("/sign-in").headers["Content-Security-Policy"]

    assert "https:" not in plain
    assert "img-src 'self' https://map.district.example data: blob:;" in policy
    assert policy.count("https:") == 1


def test_the_hull_holds_every_point():
    square = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0)]

    assert sorted(hull([*square, (2.0, 2.0), (1.0, 3.0)])) == sorted(square)


def test_a_visits_page_costs_the_same_however_much_stands_on_it(client_of, lead, worker, phone, counted):
    little, much = factories.a_dwelling(), factories.a_dwelling()
    small = factories.a_visit(worker, little)
    for _ in range(6):
        factories.an_occupancy(much)
        factories.a_visit(worker, much)
    changes = [
        {"action": "add", "occupancy": str(new_id()), "person": str(new_id()), "name": f"测试·{n}"}
        for n in range(8)
    ]
    big = factories.a_visit(
        worker, much, unchanged=None, occupants=changes, dwelling_changes={"rooms": 5, "headcount": 9}
    )
    browser = client_of(lead)
    costs = []
    for visit in (small, big):
        _page(browser, visit)
        counted.clear()
        _page(browser, visit)
        costs.append(len(counted))

    # Names of people whom the visit speaks of are one more query, however many they are.
    assert costs[1] - costs[0] <= 1
    assert costs[1] <= 30
