"""A correction whose form was open while another changed the register: only what was typed counts, and knowingly."""

import pytest

from field.core.db import db
from field.people.models import Occupancy
from field.places.models import Dwelling, Workplace
from field.visits.clashes import RegisterClash
from field.visits.models import Visit
from tests import factories
from tests.plain_forms import forms_of


@pytest.fixture
def door(worker):
    """A door of two rooms with somebody and a shop."""
    return factories.a_dwelling(rooms=2, heating=None)


@pytest.fixture
def visit(worker, door):
    """The visit that is corrected: it says nothing of rooms."""
    return factories.a_visit(worker, door, unchanged=None, dwelling_changes={"headcount": 4}, note="门铃坏了")


@pytest.fixture
def opened(client_of, lead, visit):
    """opened(): the form as the lead has it before the others come."""

    def read():
        return _form(client_of(lead).get(f"/visits/{visit.id}/correction"))

    return read


@pytest.fixture
def send(client_of, lead, visit):
    """send(form, {field: text}): as a browser sends it, in English."""

    def post(form, typed):
        data = form.filled(reason="电话核实", **typed)
        del data["csrf_token"]
        return client_of(lead).post(f"/visits/{visit.id}/correction?lang=en", data=data)

    return post


def _form(answer):
    forms = forms_of(answer)
    return next(form for path, form in forms.items() if path.endswith("/correction"))


def _now(row):
    return db.session.get_one(type(row), row.id, populate_existing=True)


def test_what_another_changed_meanwhile_is_not_written_back(worker, door, visit, opened, send):
    form = opened()
    factories.a_visit(worker, door, unchanged=None, dwelling_changes={"rooms": 7, "lessor_name": "测试·房东"})

    answer = send(form, {"headcount": "5"})

    assert answer.status_code == 303
    assert (_now(door).headcount, _now(door).rooms, _now(door).lessor_name) == (5, 7, "测试·房东")
    assert _now(visit).revisions[-1].body["dwelling_changes"] == {"headcount": 5}


def test_somebody_and_a_place_of_work_that_another_changed_meanwhile_stay(worker, door, visit, opened, send):
    resident = factories.an_occupancy(door, name="测试·老住户", home_county="620402")
    shop = factories.a_workplace(door, headcount=3)
    form = opened()
    said = [{"action": "change", "occupancy": str(resident.id), "home_county": "620422"}]
    place = [{"action": "change", "workplace": str(shop.id), "headcount": 9}]
    factories.a_visit(worker, door, unchanged=None, occupants=said, workplaces=place)

    assert send(form, {f"person.{resident.id}.name": "测试·更正"}).status_code == 303

    person = db.session.get_one(Occupancy, resident.id, populate_existing=True).person
    assert (person.name, person.home_county) == ("测试·更正", "620422")
    assert db.session.get_one(Workplace, shop.id, populate_existing=True).headcount == 9
    body = _now(visit).revisions[-1].body
    named = [{"action": "change", "occupancy": str(resident.id), "name": "测试·更正"}]
    assert (body["occupants"], "workplaces" in body) == (named, False)


def test_the_same_field_typed_by_two_is_told_beside_it_and_sent_again_it_counts(
    worker, door, visit, opened, send
):
    form = opened()
    factories.a_visit(worker, door, unchanged=None, dwelling_changes={"rooms": 7, "lessor_name": "测试·房东"})

    answer = send(form, {"rooms": "3", "headcount": "5"})

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "meanwhile, to: 7." in page.split('id="rooms-error"')[1].split("</p>")[0]
    assert (_now(door).rooms, _now(visit).revision) == (7, 1)
    again = _form(answer)
    assert (again.fields["rooms"], again.fields["lessor_name"]) == (["3"], ["测试·房东"])
    assert send(again, {}).status_code == 303
    assert (_now(door).rooms, _now(door).headcount, _now(door).lessor_name) == (3, 5, "测试·房东")


def test_a_telephone_that_another_gave_meanwhile_is_told_as_it_is_masked(worker, door, visit, opened, send):
    form = opened()
    factories.a_visit(worker, door, unchanged=None, dwelling_changes={"lessor_phone": "13912345678"})

    page = send(form, {"lessor_phone": "13912340000"}).get_data(as_text=True)

    assert "139****5678" in page.split('id="lessor_phone-error"')[1].split("</p>")[0]
    assert _now(door).lessor_phone == "13912345678"


def test_somebody_who_has_moved_out_meanwhile_is_told_of_and_not_dropped(worker, door, visit, opened, send):
    resident = factories.an_occupancy(door, name="测试·老住户")
    form = opened()
    gone = {"action": "moved_out", "occupancy": str(resident.id)}
    factories.a_visit(worker, door, unchanged=None, occupants=[gone])

    answer = send(form, {f"person.{resident.id}.name": "测试·更正", "headcount": "5"})

    assert answer.status_code == 422
    assert "not listed here any more" in answer.get_data(as_text=True)
    assert _now(visit).revision == 1


def test_what_a_lead_types_over_a_later_answer_that_the_form_showed_stands(
    app, client_of, lead, worker, door, visit, opened, send
):
    factories.a_visit(worker, door, unchanged=None, dwelling_changes={"rooms": 3})
    form = opened()
    assert form.fields["rooms"] == ["3"]

    assert send(form, {"rooms": "4"}).status_code == 303

    assert (_now(door).rooms, _now(visit).clashes) == (4, 0)
    page = client_of(lead).get(f"/visits/{visit.id}").get_data(as_text=True)
    assert '<span class="before">3</span>' in page
    told = app.test_cli_runner().invoke(args=["register", "rebuild"])
    assert "0 differ" in told.output, told.output


def test_what_a_lead_types_over_the_visits_own_word_is_asked_about_and_not_dropped(
    app, client_of, lead, worker, door, visit, opened, send
):
    factories.a_visit(worker, door, unchanged=None, dwelling_changes={"headcount": 9})

    assert send(opened(), {"headcount": "5"}).status_code == 303

    assert (_now(door).headcount, _now(visit).clashes) == (9, 1)
    [clash] = db.session.query(RegisterClash).filter_by(state="open")
    assert (clash.standing, clash.offered) == (9, 5)
    # Another correction of something else goes on asking; nothing is asked of what the visit only repeats.
    assert send(opened(), {"rooms": "6"}).status_code == 303
    assert (_now(door).headcount, _now(door).rooms, _now(visit).clashes) == (9, 6, 1)
    [clash] = db.session.query(RegisterClash).filter_by(state="open")
    page = client_of(lead).get("/merges?lang=en").get_data(as_text=True)
    assert "or a lead corrected a visit against a later one" in page
    client_of(lead).post(f"/merges/clashes/{clash.id}/choice", data={"answer": "offered"})
    assert (_now(door).headcount, _now(visit).clashes) == (5, 0)
    told = app.test_cli_runner().invoke(args=["register", "rebuild"])
    assert "0 differ" in told.output, told.output


def test_of_somebody_too_a_later_answer_is_typed_over_knowingly_and_can_be_taken_back(
    client_of, lead, worker, door, visit, opened, send
):
    resident = factories.an_occupancy(door, name="测试·老住户")
    shop = factories.a_workplace(door, headcount=3)
    said = [{"action": "change", "occupancy": str(resident.id), "home_county": "620422"}]
    place = [{"action": "change", "workplace": str(shop.id), "headcount": 9}]
    factories.a_visit(worker, door, unchanged=None, occupants=said, workplaces=place)

    send(opened(), {f"person.{resident.id}.home_county": "620402", f"workplace.{shop.id}.headcount": "8"})

    assert _now(resident).person.home_county == "620402"
    assert _now(shop).headcount == 8
    clash = db.session.query(RegisterClash).filter_by(subject=shop.id).one()
    client_of(lead).post(f"/merges/clashes/{clash.id}/reversal")
    assert _now(shop).headcount == 9
    assert db.session.get_one(Visit, visit.id, populate_existing=True).clashes == 1
    assert db.session.get_one(Dwelling, door.id).headcount == 4
