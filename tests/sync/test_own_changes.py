"""A visit and its change, both made without a signal, come in one batch."""

from field.core.db import db
from field.core.ids import new_id
from field.hazards.causes import Cause
from field.hazards.models import Action, Finding
from field.people.models import Occupancy
from field.visits.models import ServiceRequest
from tests import factories
from tests.referrals.department import moved
from tests.visits.answers import clashes, say, visit_of


def _both(sender, body, **told):
    first = sender.event(body)
    second = sender.event(sender.correction_of(first, **told))
    results = sender.send(first, second)
    assert [one["result"] for one in results] == ["accepted"] * 2, results
    return first, second


def test_what_was_asked_first_and_taken_out_is_withdrawn(phone, worker):
    sender, door = phone(worker), factories.a_dwelling()
    asked = [{"id": str(new_id()), "kind": "permit"}]

    _both(sender, sender.visit_body(door, requests=asked), requests=None)

    assert [row.withdrawn for row in db.session.query(ServiceRequest)] == [True]


def test_what_is_asked_both_times_is_asked_once(phone, worker):
    sender, door = phone(worker), factories.a_dwelling()
    asked = [{"id": str(new_id()), "kind": "permit"}]

    _both(sender, sender.visit_body(door, requests=asked), note="more")

    assert [row.withdrawn for row in db.session.query(ServiceRequest)] == [False]


def test_a_contradiction_is_asked_about_once(phone, worker, second_worker):
    one, two = phone(worker), phone(second_worker)
    door = factories.a_dwelling()
    say(one, door, dwelling_changes={"rooms": 3})

    _both(
        two,
        two.visit_body(door, base_revision=1, unchanged=None, dwelling_changes={"rooms": 4}),
        dwelling_changes={"rooms": 5},
    )

    assert clashes() == [("rooms", 3, 5)]


def test_a_contradiction_that_is_taken_back_is_not_asked_about(phone, worker, second_worker):
    one, two = phone(worker), phone(second_worker)
    door = factories.a_dwelling()
    say(one, door, dwelling_changes={"rooms": 3})

    first, _second = _both(
        two,
        two.visit_body(door, base_revision=1, unchanged=None, dwelling_changes={"rooms": 4}),
        dwelling_changes=None,
    )

    assert clashes() == []
    assert visit_of(first).clashes == 0


def test_people_added_and_taken_out_again(phone, worker):
    sender, door = phone(worker), factories.a_dwelling()
    person = {"action": "add", "occupancy": str(new_id()), "person": str(new_id()), "name": "测试·一"}

    _both(sender, sender.visit_body(door, unchanged=None, occupants=[person]), occupants=None)

    assert [row.ended for row in db.session.query(Occupancy)] == [True]


def test_a_hazard_that_a_department_has_accepted_is_not_closed_by_its_finder_alone(phone, worker, handler):
    factories.codes()
    listed = factories.a_checklist()
    checklist = {"code": listed.code, "version": listed.version, "checked": True}
    sender = phone(worker)
    found = {"id": str(new_id()), "item": "H03", "action": "refer"}
    event = sender.record(factories.a_dwelling(), unchanged=None, checklist=checklist, findings=[found])
    moved(db.session.query(Finding).one(), Action.ACCEPT, handler)

    for note in ("one", "two"):
        event = sender.event(sender.correction_of(event, findings=None, note=note))
        sender.send(event)

    db.session.expire_all()
    kept = db.session.query(Finding).one()
    assert (kept.status, kept.withdrawn) == ("receipted", False)
    assert [step.cause for step in kept.steps if step.cause] == [Cause.LEFT_OUT]
