"""What goes along when a door is joined with another: requests, contradictions, when it opened; and what comes back."""

import json
import random
from itertools import combinations
from uuid import UUID

import pytest

from field.core.db import db
from field.core.ids import new_id
from field.hazards.models import Finding
from field.merges.models import MergeDecision
from field.people.models import Occupancy
from field.places.models import Dwelling
from field.visits.clashes import RegisterClash
from field.visits.models import ServiceRequest
from tests import factories
from tests.merges.asking import fresh, post, text_of, undo


@pytest.fixture
def contradicted(phone, worker, second_worker, two_doors):
    """Two entries of a door; of the second two workers have said different rooms, and nobody has decided."""
    kept, other = two_doors
    for user, rooms in ((worker, 3), (second_worker, 4)):
        phone(user).record(other, base_revision=1, unchanged=None, dwelling_changes={"rooms": rooms})
    return kept, other


@pytest.fixture
def join(desk):
    """Join two doors, the first is kept."""

    def joined(kept, other, **picks):
        left, right = sorted((kept.id, other.id))
        answer = post(
            desk, "addresses", (left, right), "joining", kept="left" if kept.id == left else "right", **picks
        )
        assert answer.status_code == 303

    return joined


def _clash():
    db.session.expire_all()
    return db.session.query(RegisterClash).one()


def _choose(desk, answer="offered"):
    db.session.expire_all()
    clash = db.session.query(RegisterClash).one()
    page = text_of(desk)
    seen = page.split('name="seen" value="')[1].split('"')[0] if 'name="seen"' in page else ""
    return desk.post(f"/merges/clashes/{clash.id}/choice?lang=en", data={"answer": answer, "seen": seen})


def test_what_a_household_asked_for_goes_along_and_comes_back(desk, worker, two_doors, join):
    kept, other = two_doors
    asked = {"id": str(new_id()), "kind": "legal_aid"}
    factories.a_visit(worker, other, unchanged=None, requests=[asked])
    join(kept, other)
    joined = fresh(ServiceRequest, UUID(asked["id"])).dwelling_id

    undo(desk)

    assert (joined, fresh(ServiceRequest, UUID(asked["id"])).dwelling_id) == (kept.id, other.id)


def test_two_answers_about_a_closed_entry_are_asked_of_the_door_that_is_kept(desk, contradicted, join):
    kept, other = contradicted
    before = fresh(Dwelling, other.id).rooms
    join(kept, other)

    answer = _choose(desk)

    assert answer.status_code == 303
    assert (fresh(Dwelling, kept.id).rooms, fresh(Dwelling, other.id).rooms) == (4, before)


def test_what_was_chosen_of_a_closed_entry_is_part_of_the_register_that_is_rebuilt(
    app, desk, worker, second_worker, contradicted, join
):
    kept, other = contradicted
    factories.a_visit(second_worker, kept, unchanged=None, dwelling_changes={"headcount": 3})
    join(kept, other)
    _choose(desk)
    factories.a_visit(worker, fresh(Dwelling, kept.id), unchanged=None, dwelling_changes={"headcount": 5})

    codes = [app.test_cli_runner().invoke(args=["register", one]).exit_code for one in ("rebuild", "calls")]

    assert codes == [0, 0]


def test_what_the_door_that_is_kept_holds_stands_beside_the_two_answers(desk, contradicted, join):
    kept, other = contradicted
    join(kept, other, **{"fact-rooms": "left" if kept.id < other.id else "right"})
    assert fresh(Dwelling, kept.id).rooms == 2
    clash = _clash()

    blind = desk.post(f"/merges/clashes/{clash.id}/choice", data={"answer": "offered"})

    assert 'name="seen"' in text_of(desk)
    assert (blind.status_code, fresh(Dwelling, kept.id).rooms) == (409, 2)


def test_what_nobody_has_decided_goes_back_with_its_door(desk, contradicted, join):
    kept, other = contradicted
    join(kept, other)

    undo(desk)

    assert (_clash().dwelling_id, _clash().subject) == (other.id, other.id)
    assert _choose(desk).status_code == 303
    assert (fresh(Dwelling, kept.id).rooms, fresh(Dwelling, other.id).rooms) == (kept.rooms, 4)


def test_what_was_decided_of_an_entry_is_not_reopened_once_that_is_closed(desk, contradicted, join, lead):
    kept, other = contradicted
    _choose(desk)
    join(kept, other)
    chosen = fresh(Dwelling, other.id).rooms

    answer = desk.post(f"/merges/clashes/{_clash().id}/reversal?lang=en")

    assert answer.status_code == 409
    assert f"{lead.name} joined" in answer.get_data(as_text=True)
    assert (_clash().state, fresh(Dwelling, other.id).rooms) == ("taken", chosen)


def test_a_decision_about_somebody_who_went_along_can_still_be_taken_back(
    desk, phone, worker, second_worker, two_doors, join
):
    kept, other = two_doors
    living = factories.an_occupancy(other, reason="204")
    for user, reason in ((worker, "206"), (second_worker, "205")):
        change = {"action": "change", "occupancy": str(living.id), "reason": reason}
        phone(user).record(other, base_revision=1, unchanged=None, occupants=[change])
    _choose(desk)
    join(kept, other)

    answer = desk.post(f"/merges/clashes/{_clash().id}/reversal")

    assert answer.status_code == 303
    assert (_clash().dwelling_id, fresh(type(living), living.id).reason) == (kept.id, "206")


def test_when_an_entry_has_opened_counts_for_the_door_and_comes_back(
    desk, worker, second_worker, two_doors, join
):
    kept, other = two_doors
    factories.a_visit(second_worker, kept)
    before = fresh(Dwelling, kept.id).opened_at
    factories.a_visit(worker, other)
    later = fresh(Dwelling, other.id).opened_at
    join(kept, other)
    joined = fresh(Dwelling, kept.id).opened_at

    undo(desk)

    assert (joined, fresh(Dwelling, kept.id).opened_at) == (later, before)
    assert fresh(Dwelling, other.id).opened_at == later


def test_a_door_that_has_opened_since_keeps_that(desk, worker, second_worker, two_doors, join):
    kept, other = two_doors
    factories.a_visit(worker, other)
    join(kept, other)
    factories.a_visit(second_worker, fresh(Dwelling, kept.id))
    opened = fresh(Dwelling, kept.id).opened_at

    undo(desk)

    assert fresh(Dwelling, kept.id).opened_at == opened


def test_a_correction_of_a_visit_from_before_writes_at_the_door_that_is_kept(
    desk, phone, worker, lead, two_doors, join
):
    kept, other = two_doors
    sender = phone(worker)
    event = sender.record(other, outcome="no_answer", unchanged=None)
    visit = json.loads(event["body"])["visit"]
    join(kept, other)
    desk.post(f"/visits/{visit}/return", data={"revision": 1, "reason": "请补"})
    finding, asked = str(new_id()), str(new_id())
    version = factories.a_checklist().version
    correction = sender.correction_of(
        event,
        outcome="done",
        checklist={"code": "home-safety", "version": version, "checked": True},
        findings=[{"id": finding, "item": "H04", "action": "notice_left"}],
        requests=[{"id": asked, "kind": "legal_aid"}],
    )

    assert sender.send(sender.event(correction))[0]["result"] == "accepted"

    assert fresh(Finding, UUID(finding)).dwelling_id == kept.id
    assert fresh(ServiceRequest, UUID(asked)).dwelling_id == kept.id
    assert fresh(Dwelling, kept.id).visit_outcome == "done"


def test_a_new_door_with_which_another_entry_was_joined_is_not_declined(desk, worker, two_doors, join):
    kept, other = two_doors
    row = fresh(Dwelling, kept.id)
    row.proposal, row.proposed_by = "waiting", worker.id
    db.session.commit()
    join(kept, other)

    answer = desk.post(f"/proposals/{kept.id}/refusal", data={"reason": "没有这户"})

    assert answer.status_code == 409
    assert fresh(Dwelling, kept.id).proposal == "waiting"


@pytest.mark.parametrize("seed", range(4))
def test_an_entry_that_is_closed_always_leads_to_a_door_that_is_open(desk, app, seed):
    chance = random.Random(seed)
    doors = [factories.a_dwelling(factories.a_building(address="测试路 9号"), door="301") for _ in range(5)]
    pairs = list(combinations(sorted(door.id for door in doors), 2))

    for _ in range(25):
        if chance.random() < 0.6:
            post(desk, "addresses", chance.choice(pairs), "joining", kept=chance.choice(["left", "right"]))
        elif decisions := db.session.query(MergeDecision).filter_by(undone_at=None).all():
            desk.post(f"/merges/decisions/{chance.choice(decisions).id}/reversal")
        db.session.expire_all()
        into = {row.id: row.merged_into for row in db.session.query(Dwelling)}
        assert not [door for door in into.values() if door is not None and into[door] is not None]


def test_whoever_was_recorded_since_stays_and_that_is_said(desk, worker, two_doors, join):
    kept, other = two_doors
    join(kept, other)
    someone = {"action": "add", "occupancy": str(new_id()), "person": str(new_id()), "name": "测试·新住户"}
    factories.a_visit(worker, fresh(Dwelling, kept.id), unchanged=None, occupants=[someone])

    answer = undo(desk)

    assert fresh(Occupancy, UUID(someone["occupancy"])).dwelling_id == kept.id
    assert "stays with it" in desk.get(f"{answer.location}&lang=en").get_data(as_text=True)


def test_a_correction_of_what_was_said_of_a_hazard_reaches_it_also_when_its_door_was_joined(
    desk, lead, worker, phone, two_doors, join
):
    kept, other = two_doors
    finding = factories.a_hazard(dwelling=other)
    sender = phone(worker)
    event = sender.record(
        other, unchanged=None, rechecks=[{"finding": str(finding.id), "passed": False, "note": "还在"}]
    )
    join(kept, other)

    said = [{"finding": str(finding.id), "passed": False, "note": "还在，又堆了"}]
    [answer] = sender.send(sender.event(sender.correction_of(event, rechecks=said)))

    assert answer["result"] == "accepted"
    assert fresh(Finding, finding.id).steps[-1].reason == "还在，又堆了"
