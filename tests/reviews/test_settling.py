"""Where the register follows a visit only once it is approved; hazards begin at once all the same."""

import pytest

from field.audit.models import AuditEntry
from field.core.db import db, transaction
from field.core.ids import new_id
from field.hazards.models import Finding
from field.people.models import Occupancy
from field.places.models import Dwelling
from field.visits.models import Visit, VisitRevision
from field.visits.rebuilding import rebuild
from tests import factories


@pytest.fixture
def app(make_app):
    """The application in a district where leads approve first."""
    built = make_app(FIELD_REGISTER_AT="approval")
    with built.app_context():
        yield built


@pytest.fixture
def door(app):
    """A door where two people are known to live."""
    return factories.a_dwelling(headcount=2)


def _visit(worker, door, **changes):
    return factories.a_visit(worker, door, unchanged=None, **changes)


def _says(worker, door, headcount):
    return _visit(worker, door, dwelling_changes={"headcount": headcount})


def _approve(browser, visit, revision=1):
    answer = browser.post(f"/visits/{visit.id}/approval", data={"revision": revision})
    assert answer.status_code == 303, answer.get_data(as_text=True)


def _set_rule(browser, chosen):
    answer = browser.post("/reviews/rule", data={"register_at": chosen})
    assert answer.status_code == 303, answer.get_data(as_text=True)


def _headcount(door):
    return db.session.get_one(Dwelling, door.id).headcount


def test_the_register_waits_for_the_approval(client_of, lead, worker, door):
    visit = _says(worker, door, 4)
    assert _headcount(door) == 2

    _approve(client_of(lead), visit)

    assert _headcount(door) == 4


def test_the_page_compares_with_the_register_as_it_stands(client_of, lead, worker, door):
    visit = _says(worker, door, 4)

    page = client_of(lead).get(f"/visits/{visit.id}").get_data(as_text=True)

    assert '<span class="before">2</span>' in page
    assert _headcount(door) == 2


def test_a_visit_that_is_returned_leaves_the_register_alone(client_of, lead, worker, door):
    visit = _says(worker, door, 4)

    client_of(lead).post(f"/visits/{visit.id}/return", data={"revision": 1, "reason": "请核对"})

    assert _headcount(door) == 2


def test_of_a_correction_only_what_was_approved_is_followed(client_of, lead, worker, door, phone):
    sender = phone(worker)
    event = sender.record(door, unchanged=None, dwelling_changes={"headcount": 4, "rooms": 9})
    visit = db.session.query(Visit).one()
    browser = client_of(lead)
    browser.post(f"/visits/{visit.id}/return", data={"revision": 1, "reason": "请核对"})
    sender.send(sender.event(sender.correction_of(event, dwelling_changes={"headcount": 5})))
    assert _headcount(door) == 2

    _approve(browser, visit, 2)

    place = db.session.get_one(Dwelling, door.id)
    assert (place.headcount, place.rooms) == (5, 2)


def test_visits_approved_in_another_order_end_as_they_came(client_of, lead, worker, door):
    first, second = _says(worker, door, 4), _says(worker, door, 6)
    browser = client_of(lead)

    _approve(browser, second)
    _approve(browser, first)

    assert _headcount(door) == 6


def test_what_only_the_earlier_visit_said_is_followed_too(client_of, lead, worker, door):
    first = _visit(worker, door, dwelling_changes={"headcount": 4, "rooms": 9})
    second = _says(worker, door, 6)
    browser = client_of(lead)

    _approve(browser, second)
    _approve(browser, first)

    place = db.session.get_one(Dwelling, door.id)
    assert (place.headcount, place.rooms) == (6, 9)


def test_somebody_new_is_registered_at_the_approval(client_of, lead, worker, door):
    occupancy = str(new_id())
    someone = {"action": "add", "occupancy": occupancy, "person": str(new_id()), "name": "测试·新来"}
    visit = _visit(worker, door, occupants=[someone])
    assert db.session.query(Occupancy).count() == 0
    page = client_of(lead).get(f"/visits/{visit.id}").get_data(as_text=True)
    assert "测试·新来" in page

    _approve(client_of(lead), visit)

    assert str(db.session.query(Occupancy).one().id) == occupancy


def test_a_hazard_begins_before_anybody_approves(client_of, lead, worker, door):
    factories.a_checklist()
    finding = {"id": str(new_id()), "item": "H03", "action": "refer"}
    _visit(
        worker,
        door,
        checklist={"code": "home-safety", "version": 1, "checked": True},
        findings=[finding],
    )

    assert db.session.query(Finding).count() == 1


def test_a_leads_correction_is_followed_at_once(client_of, lead, worker, door):
    visit = _says(worker, door, 4)

    client_of(lead).post(
        f"/visits/{visit.id}/correction", data={"revision": 1, "reason": "电话核实", "headcount": "3"}
    )

    assert _headcount(door) == 3


def test_clean_visits_that_are_taken_back_are_taken_out_of_the_register_again(client_of, lead, worker, door):
    visit = factories.a_visit(worker, door, dwelling_changes={"headcount": 2})
    _approve(client_of(lead), _says(worker, door, 7))
    browser = client_of(lead)
    answer = browser.post("/reviews/clean/approval", data={"visit": [str(visit.id)]})
    batch = answer.headers["Location"].split("batch=")[1]
    assert _headcount(door) == 7

    browser.post(f"/reviews/clean/approval/{batch}/reversal")

    assert _headcount(door) == 7
    applied = db.session.query(VisitRevision).filter_by(visit_id=visit.id).one()
    assert applied.followed == "not_yet"


def test_what_waited_before_the_rule_was_changed_is_followed_when_it_is_approved(
    client_of, lead, office, worker, door
):
    visit = _says(worker, door, 4)
    _set_rule(client_of(office), "acceptance")

    _approve(client_of(lead), visit)

    assert _headcount(door) == 4


def test_another_workers_answer_that_was_followed_first_is_a_contradiction_for_a_lead(
    client_of, lead, worker, second_worker, door, phone
):
    base = door.revision
    first = _visit(worker, door, dwelling_changes={"headcount": 4}, base_revision=base)
    second = _visit(second_worker, door, dwelling_changes={"headcount": 6}, base_revision=base)
    browser = client_of(lead)

    _approve(browser, second)
    _approve(browser, first)

    assert _headcount(door) == 6
    assert db.session.get_one(Visit, first.id).clashes == 1


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0)])
def test_the_register_can_be_rebuilt_whatever_was_approved_first(client_of, lead, worker, door, order):
    visits = [
        _visit(worker, door, dwelling_changes={"headcount": 4, "rooms": 9}),
        _visit(worker, door, dwelling_changes={"headcount": 5, "rooms_let": 3}),
        _visit(worker, door, dwelling_changes={"headcount": 6}),
    ]
    browser = client_of(lead)
    for place in order:
        _approve(browser, visits[place])
    answer = browser.post(
        f"/visits/{visits[1].id}/correction", data={"revision": 1, "reason": "电话核实", "rooms_let": "2"}
    )
    assert answer.status_code == 303

    with transaction():
        place = db.session.get_one(Dwelling, door.id)
        assert rebuild(place, repair=False) == []

    place = db.session.get_one(Dwelling, door.id)
    assert (place.headcount, place.rooms, place.rooms_let) == (6, 9, 2)


def _rebuilds_the_same(door):
    with transaction():
        return rebuild(db.session.get_one(Dwelling, door.id), repair=False) == []


def test_a_district_sets_when_its_register_follows_and_the_pages_say_so(
    client_of, lead, office, worker, door
):
    before = _says(worker, door, 3)
    _set_rule(client_of(office), "acceptance")
    after = _says(worker, factories.a_dwelling(), 5)
    browser = client_of(lead)

    pages = [browser.get(f"/visits/{visit.id}?lang=en").text for visit in (before, after)]
    clean = browser.get("/reviews/clean?lang=en").text

    assert "The register follows a visit once it is approved." in pages[0]
    assert all("The register follows a visit as soon as it arrives" in page for page in (pages[1], clean))
    page = client_of(office).get("/reviews/rule").text
    assert (office.name in page, 'value="acceptance" checked' in page) == (True, True)
    assert db.session.query(AuditEntry).filter_by(action="register.rule_changed").count() == 1


def test_the_same_rule_again_is_no_change_and_none_is_refused(client_of, office):
    browser = client_of(office)
    _set_rule(browser, "approval")

    assert db.session.query(AuditEntry).filter_by(action="register.rule_changed").count() == 0
    assert browser.post("/reviews/rule", data={"register_at": "never"}).status_code == 422


@pytest.mark.parametrize("rules", [("acceptance", "approval"), ("approval", "acceptance")])
def test_a_visit_stays_under_the_rule_under_which_it_came_with_its_corrections(
    client_of, lead, office, worker, door, phone, rules
):
    _set_rule(client_of(office), rules[0])
    sender, browser = phone(worker), client_of(lead)
    event = sender.record(door, unchanged=None, dwelling_changes={"headcount": 4, "rooms": 9})
    visit = db.session.query(Visit).one()
    browser.post(f"/visits/{visit.id}/return", data={"revision": 1, "reason": "请核对"})
    _set_rule(client_of(office), rules[1])

    sender.send(sender.event(sender.correction_of(event, dwelling_changes={"headcount": 5})))

    at_once = rules[0] == "acceptance"
    place = db.session.get_one(Dwelling, door.id, populate_existing=True)
    assert (place.headcount, place.rooms) == ((5, 2) if at_once else (2, 2))
    assert _rebuilds_the_same(door)
    _approve(browser, visit, 2)
    assert (_headcount(door), _rebuilds_the_same(door)) == (5, True)
    browser.post(f"/visits/{visit.id}/approval/reversal", data={"revision": 2})
    assert (_headcount(door), _rebuilds_the_same(door)) == (5 if at_once else 2, True)
