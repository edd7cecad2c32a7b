"""Doors that workers add on the way: visited at once, kept, and for a lead to confirm, decline or join."""

from uuid import UUID

import pytest

from field.core.db import db
from field.core.ids import new_id
from field.places.models import Dwelling, Proposal
from field.visits.models import Visit
from tests import factories
from tests.merges.asking import fresh, post


def _door_part(building, **facts):
    return {"building": str(building.id), "floor": 3, "door": "301A", "note": "behind 301", **facts}


def _visit_at(sender, building, door_id=None, **facts):
    """A visit at a door that only this phone knows; answers the result."""
    door_id = door_id or new_id()
    body = sender.visit_body(factories.a_dwelling(building), door=_door_part(building), **facts)
    body["dwelling"] = str(door_id)
    body.pop("base_revision", None)
    return door_id, sender.send(sender.event(body))[0]


@pytest.fixture
def sender(phone, worker):
    """The worker's phone."""
    return phone(worker)


@pytest.fixture
def proposed(sender):
    """A door that was added with a visit; its id."""
    door_id, result = _visit_at(sender, factories.a_building())
    assert result["result"] == "accepted"
    return door_id


def test_a_visit_at_a_door_that_nobody_knew_adds_it_as_a_proposal(proposed, sender, worker):
    door = db.session.get_one(Dwelling, proposed)

    assert (door.proposal, door.door, door.floor, door.proposed_by) == (
        Proposal.WAITING,
        "301A",
        3,
        worker.id,
    )
    assert db.session.query(Visit).filter_by(dwelling_id=proposed).count() == 1
    [row] = [row for row in sender.pack()["doors"] if row["id"] == str(proposed)]
    assert row["proposed"] is True


def test_a_second_visit_at_it_does_not_add_it_twice(proposed, sender):
    building = db.session.get_one(Dwelling, proposed).building

    _door, result = _visit_at(sender, building, proposed)

    assert result["result"] == "accepted"
    assert db.session.query(Dwelling).filter_by(door="301A").count() == 1


def test_both_visits_of_one_batch_find_the_door(sender):
    building, door_id = factories.a_building(), new_id()
    bodies = []
    for _ in range(2):
        body = sender.visit_body(factories.a_dwelling(building), door=_door_part(building))
        bodies.append(body | {"dwelling": str(door_id)})
        bodies[-1].pop("base_revision", None)

    results = sender.send(*(sender.event(body) for body in bodies))

    assert [one["result"] for one in results] == ["accepted", "accepted"]


@pytest.mark.parametrize("grid", [factories.ELSEWHERE, factories.ABROAD])
def test_nobody_adds_doors_outside_their_area(phone, second_worker, grid):
    building = factories.a_building(grid=grid)

    _door, result = _visit_at(phone(second_worker), building)

    assert result["problems"][0]["code"] == "place"


def test_a_confirmed_door_is_one_like_any_other(proposed, client_of, lead, sender):
    answer = client_of(lead).post(f"/proposals/{proposed}/confirmation")

    assert answer.status_code == 303
    assert db.session.get_one(Dwelling, proposed).proposal is None
    [row] = [row for row in sender.pack()["doors"] if row["id"] == str(proposed)]
    assert "proposed" not in row


def test_a_declined_door_leaves_phones_and_counts_and_keeps_its_visit(proposed, client_of, lead, sender):
    cursor = sender.pack()["cursor"]

    client_of(lead).post(f"/proposals/{proposed}/refusal", data={"reason": "same as 301"})

    door = db.session.get_one(Dwelling, proposed)
    assert (door.proposal, door.declined_because) == (Proposal.DECLINED, "same as 301")
    assert {"kind": "door", "id": str(proposed)} in sender.pack(cursor)["removed"]
    assert db.session.query(Visit).filter_by(dwelling_id=proposed).count() == 1


def test_declining_needs_a_reason_and_can_be_taken_back(proposed, client_of, lead):
    desk = client_of(lead)

    asked = desk.get("/proposals").get_data(as_text=True)
    refused = desk.post(f"/proposals/{proposed}/refusal", data={"reason": " "})

    assert '<details class="unfold" >' in asked
    assert refused.status_code == 422
    assert '<details class="unfold" open>' in refused.get_data(as_text=True)
    assert f'id="error-{proposed}"' in refused.get_data(as_text=True)
    desk.post(f"/proposals/{proposed}/refusal", data={"reason": "no such door"})
    desk.post(f"/proposals/{proposed}/reversal")
    assert db.session.get_one(Dwelling, proposed).proposal == Proposal.WAITING


def test_a_door_that_the_register_has_is_shown_beside_it(sender, client_of, lead):
    building = factories.a_building()
    known = factories.a_dwelling(building, door="301A", floor=3)
    door_id, _result = _visit_at(sender, building)

    page = client_of(lead).get("/proposals").get_data(as_text=True)

    assert "/merges/addresses/" + "/".join(sorted([str(door_id), str(known.id)])) in page


def test_a_lead_of_another_area_does_not_see_it(proposed, client_of, lead):
    elsewhere = factories.a_building(grid=factories.ELSEWHERE)
    door = factories.a_dwelling(elsewhere)

    assert client_of(lead).post(f"/proposals/{door.id}/confirmation").status_code == 404
    assert UUID(str(proposed))


def test_two_leads_decide_about_a_new_door_once_and_the_second_is_told_by_whom(
    proposed, desk, second_desk, lead
):
    first = desk.post(f"/proposals/{proposed}/confirmation").status_code

    second = second_desk.post(f"/proposals/{proposed}/refusal?lang=en", data={"reason": "no such door"})

    assert (first, second.status_code) == (303, 409)
    assert f"{lead.name} confirmed" in second.get_data(as_text=True)
    assert db.session.get_one(Dwelling, proposed).proposal is None


def test_a_refusal_is_not_overwritten_by_somebody_who_did_not_see_it(proposed, desk, second_desk, lead):
    desk.post(f"/proposals/{proposed}/refusal", data={"reason": "same as 301"})

    answers = [
        second_desk.post(f"/proposals/{proposed}/{verb}?lang=en", data={"reason": "other"})
        for verb in ("confirmation", "refusal")
    ]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert all(f"{lead.name} declined" in answer.get_data(as_text=True) for answer in answers)
    assert db.session.get_one(Dwelling, proposed).declined_because == "same as 301"


@pytest.mark.parametrize("verb", ["confirmation", "refusal"])
def test_a_double_click_on_a_new_door_is_one_decision(proposed, desk, verb):
    sent = [desk.post(f"/proposals/{proposed}/{verb}", data={"reason": "same as 301"}) for _ in range(2)]

    assert [answer.status_code for answer in sent] == [303, 303]


def test_a_new_door_that_was_joined_is_not_confirmed(proposed, desk, second_desk):
    known = factories.a_dwelling(db.session.get_one(Dwelling, proposed).building, door="301A", floor=3)
    pair = sorted([proposed, known.id])
    post(desk, "addresses", pair, "joining", kept="left" if pair[0] == known.id else "right")

    answer = second_desk.post(f"/proposals/{proposed}/confirmation")

    assert answer.status_code == 409
    assert fresh(Dwelling, proposed).merged_into == known.id


def test_reviewers_see_that_the_door_is_new_and_its_visit_is_not_among_the_clean_ones(
    proposed, client_of, lead
):
    [visit] = db.session.query(Visit).filter_by(dwelling_id=proposed)
    browser = client_of(lead)

    assert "新增户" in browser.get("/reviews/rows").text
    page = browser.get(f"/visits/{visit.id}").text
    assert ("这户是新增的" in page, 'href="/proposals"' in page) == (True, True)
    assert str(visit.id) not in browser.get("/reviews/clean").text

    browser.post(f"/proposals/{proposed}/confirmation")

    assert "新增户" not in browser.get("/reviews/rows").text
    assert str(visit.id) in browser.get("/reviews/clean").text
