"""What looks like a script or a formula is text, wherever somebody can type it and wherever it is read again."""

import re

import pytest
from markupsafe import escape

from field.core.db import db, transaction
from field.core.ids import new_id
from field.hazards.models import HazardNotice
from field.people.models import Occupancy
from tests import factories
from tests.merges.asking import NUMBER

CODE = {"script": "<script>alert(1)</script>", "formula": "=cmd|'/C calc'!A1"}


@pytest.fixture(params=CODE)
def code(request, app):
    """Something that a browser or a table would run if it were let."""
    factories.codes()
    return CODE[request.param]


@pytest.fixture
def desk(client_of, lead):
    """The lead's browser."""
    return client_of(lead)


@pytest.fixture
def bureau(client_of, office):
    """The office's browser."""
    return client_of(office)


def _insist_on_text(browser, code, *paths):
    for path in paths:
        _insist_on_text_of(browser.get(path), code)


def _insist_on_text_of(answer, code):
    page = answer.get_data(as_text=True)
    assert str(escape(code)) in page
    assert code not in page or escape(code) == code
    assert "<script>alert" not in page


def test_the_fields_of_a_correction(desk, worker, code):
    visit = factories.a_visit(
        worker, factories.a_dwelling(), unchanged=None, dwelling_changes={"headcount": 4}
    )
    said = {"revision": 1, "reason": code, "note": code, "lessor_name": code, "headcount": "5"}

    answer = desk.post(f"/visits/{visit.id}/correction", data=said)

    assert answer.status_code == 303
    page = f"/visits/{visit.id}"
    _insist_on_text(desk, code, page, f"{page}/correction", f"{page}/versions")


def test_the_fields_of_a_correction_that_is_refused(desk, worker, code):
    visit = factories.a_visit(worker, factories.a_dwelling())
    fields = ("note", "lessor_name", "headcount", "lessor_phone", "floor_area_m2")

    answer = desk.post(
        f"/visits/{visit.id}/correction", data={"revision": 1, "reason": "", **dict.fromkeys(fields, code)}
    )

    assert answer.status_code == 422
    _insist_on_text_of(answer, code)
    assert answer.get_data(as_text=True).count(str(escape(code))) >= len(fields)


def test_a_districts_reasons_for_returning(bureau, desk, worker, code):
    visit = factories.a_visit(worker, factories.a_dwelling())

    answer = bureau.post("/reviews/reasons", data={"zh": code, "en": code})

    assert answer.status_code == 303
    _insist_on_text(bureau, code, "/reviews/reasons")
    _insist_on_text(desk, code, f"/visits/{visit.id}")


def test_whom_households_call(bureau, desk, anonymous, code):
    factories.a_hazard()
    notice = db.session.query(HazardNotice).one()
    said = {"area_code": factories.COMMUNITY, "name": code, "telephone": "0943-0000000"}

    answer = bureau.post("/hazards/rules/contacts", data=said)
    paper = desk.post(f"/hazards/notices/{notice.id}/copies", data={"paper": "roll"}).location

    assert answer.status_code == 303
    _insist_on_text(bureau, code, "/hazards/rules")
    _insist_on_text(desk, code, paper)
    _insist_on_text(anonymous, code, f"/n/{notice.code}")


def test_the_names_of_days_in_the_calendar(bureau, clock, code):
    year = clock.now().year + 1

    answer = bureau.post("/hazards/rules/calendar", data={"days": f"{year}-02-17 holiday {code}"})
    refused = bureau.post("/hazards/rules/calendar", data={"days": code})

    assert (answer.status_code, refused.status_code) == (303, 422)
    _insist_on_text(bureau, code, "/hazards/rules")
    _insist_on_text_of(refused, code)


@pytest.fixture
def added(phone, worker, code):
    """A door in a house that a worker added with such an address; its id."""
    factories.a_grid()
    sender, door_id = phone(worker), new_id()
    house = {"grid": factories.GRID, "address": code}
    body = sender.visit_body(
        door_id, door={"building": str(new_id()), "floor": 3, "door": "301A", "house": house}
    )
    body.pop("base_revision", None)
    [result] = sender.send(sender.event(body))
    assert result["result"] == "accepted", result
    return door_id


def test_the_address_of_a_house_that_was_typed_at_the_door(desk, added, code):
    _insist_on_text(desk, code, "/proposals", "/reviews")

    answer = desk.post(f"/proposals/{added}/confirmation", data={"address": code})

    assert answer.status_code == 303
    _insist_on_text(desk, code, "/reviews", "/plates")


def test_why_a_door_was_declined(desk, client_of, added, code):
    second = client_of(
        factories.a_user("lead2", name="测试·二组长", role="lead", areas=(factories.COMMUNITY,))
    )

    answer = desk.post(f"/proposals/{added}/refusal", data={"reason": code})
    late = second.post(f"/proposals/{added}/confirmation", data={"address": "测试新村 9号"})

    assert (answer.status_code, late.status_code) == (303, 409)
    _insist_on_text(desk, code, "/proposals")
    _insist_on_text_of(late, code)


@pytest.fixture
def doubled(phone, worker, second_worker, code):
    """What merges asks about, with such names everywhere: two answers, one person twice, one address twice."""
    door = factories.a_dwelling()
    place = factories.a_workplace(door, name=code)
    for number, user in enumerate((worker, second_worker)):
        twin = factories.a_dwelling(
            factories.a_building(address=code), door="301", lessor_name=f"{code}{number}"
        )
        factories.an_occupancy(twin, name=code, reason=f"20{4 + number}", document_number=NUMBER)
        changed = {"action": "change", "workplace": str(place.id), "headcount": 5 + number}
        says = {"dwelling_changes": {"lessor_name": f"{code}{number}"}, "workplaces": [changed]}
        phone(user).record(door, base_revision=1, unchanged=None, **says)
    return door


def test_what_merges_asks_compares_and_lists(desk, doubled, code):
    page = desk.get("/merges").get_data(as_text=True)
    pairs = dict(re.findall(r'href="/merges/(\w+)/([0-9a-f-]+/[0-9a-f-]+)"', page))
    clashes = re.findall(r"/merges/clashes/([0-9a-f-]+)/choice", page)
    paths = {kind: f"/merges/{kind}/{pair}" for kind, pair in pairs.items()}

    _insist_on_text(desk, code, "/merges", *paths.values())
    answers = [desk.post(f"{path}/joining", data={"kept": "left"}) for path in paths.values()]
    answers += [desk.post(f"/merges/clashes/{clash}/choice", data={"answer": "offered"}) for clash in clashes]

    assert set(paths) == {"visits", "people", "addresses"}
    assert len(clashes) == 2
    assert {answer.status_code for answer in answers} == {303}
    _insist_on_text(desk, code, "/merges/decided")


def test_a_name_in_what_is_told_to_whoever_joins_people_too_late(desk, doubled, code):
    page = desk.get("/merges").get_data(as_text=True)
    [pair] = re.findall(r'href="(/merges/people/[^"]+)"', page)
    with transaction():
        for row in db.session.query(Occupancy):
            row.ended = True

    late = desk.post(f"{pair}/joining", data={"kept": "left"})

    assert late.status_code == 409
    _insist_on_text_of(late, code)
