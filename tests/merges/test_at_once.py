"""Two who decide about the same entries: whoever comes second is told what happened, and closes nothing."""

import pytest

from field.core.clock import utcnow
from field.core.db import db, transaction
from field.merges.models import Kind, MergeDecision
from field.people.models import Occupancy
from field.places.models import Dwelling, Proposal
from tests import factories
from tests.merges.asking import fresh, pairs_of, post


def _open(doors):
    return [door.id for door in doors if fresh(Dwelling, door.id).merged_into is None]


def test_of_three_entries_of_a_door_one_always_stays_open(desk, second_desk, three_doors):
    a, b, c = three_doors
    post(desk, "addresses", (a.id, b.id), "joining", kept="left")

    answers = [
        post(second_desk, "addresses", pair, "joining", kept=kept).status_code
        for pair, kept in (((b.id, c.id), "left"), ((b.id, c.id), "right"), ((a.id, c.id), "right"))
    ]

    assert answers == [409, 409, 303]
    assert _open(three_doors) == [c.id]
    assert {fresh(Dwelling, door.id).merged_into for door in (a, b)} == {c.id}


def test_nobody_moves_into_an_entry_that_is_closed(desk, second_desk, three_doors):
    a, b, c = three_doors
    living = factories.an_occupancy(c)
    post(desk, "addresses", (a.id, b.id), "joining", kept="left")

    answer = post(second_desk, "addresses", (b.id, c.id), "joining?lang=en", kept="left")

    assert answer.status_code == 409
    assert "joined 测试路 9号" in answer.get_data(as_text=True)
    assert fresh(Occupancy, living.id).dwelling_id == c.id
    assert db.session.query(MergeDecision).count() == 1


def test_a_door_that_was_declined_meanwhile_is_not_joined_and_not_asked_about(desk, two_doors, worker):
    kept, other = two_doors
    with transaction():
        door = fresh(Dwelling, other.id)
        door.proposal, door.proposed_by, door.proposed_at = Proposal.WAITING, worker.id, utcnow()
    desk.post(f"/proposals/{other.id}/refusal", data={"reason": "没有这扇门"})

    answer = post(desk, "addresses", (kept.id, other.id), "joining?lang=en", kept="right")

    assert answer.status_code == 409
    assert "没有这扇门" in answer.get_data(as_text=True)
    assert fresh(Dwelling, kept.id).merged_into is None
    assert pairs_of(Kind.ADDRESSES) == []


def test_two_entries_of_a_person_are_not_joined_when_one_has_ended_meanwhile(desk, two_people):
    left, right = two_people
    with transaction():
        fresh(Occupancy, left.id).ended = True

    answers = [
        post(desk, "people", (left.id, right.id), "joining", kept=kept).status_code
        for kept in ("left", "right")
    ]

    assert answers == [409, 409]
    assert fresh(Occupancy, right.id).ended is False


@pytest.mark.parametrize(
    ("first", "told"),
    [("joining", "joined them on"), ("refusal", "that they are two")],
    ids=["joined", "apart"],
)
def test_who_decides_a_pair_that_is_decided_is_told_by_whom_and_led_back(
    desk, second_desk, two_people, lead, first, told
):
    pair = [row.id for row in two_people]
    post(desk, "people", pair, first, kept="left")

    answer = second_desk.post(
        f"/merges/people/{pair[0]}/{pair[1]}/joining?lang=en",
        data={"kept": "right"},
        headers={"Referer": f"http://localhost/merges/people/{pair[0]}/{pair[1]}"},
    )

    text = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert f"{lead.name}" in text
    assert told in text
    assert f'href="/merges/people/{pair[0]}/{pair[1]}">Back' in text


@pytest.mark.parametrize(
    "path", ["http://elsewhere.example/merges", "http://localhost//elsewhere.example/", "http://[elsewhere"]
)
def test_nobody_is_led_to_another_site_after_a_refusal(desk, two_people, path):
    pair = [row.id for row in two_people]
    post(desk, "people", pair, "joining", kept="left")

    answer = desk.post(f"/merges/people/{pair[0]}/{pair[1]}/joining", headers={"Referer": path})

    assert answer.status_code == 409
    assert "elsewhere" not in answer.get_data(as_text=True)
