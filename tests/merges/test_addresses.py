"""One address twice: one door is kept, with everybody there; phones and later visits follow."""

from datetime import date
from uuid import UUID

from field.accounts.scope import scope_within
from field.core.db import db, transaction
from field.core.ids import new_id
from field.core.tallies import recount
from field.coverage.queries import coverage
from field.merges import queries
from field.merges.models import Kind
from field.people.models import Occupancy
from field.places.models import Dwelling, Workplace
from field.visits.models import Visit
from tests import factories
from tests.merges.asking import fresh, pairs_of, post, undo


def test_one_address_twice_is_asked_about(two_doors):
    assert pairs_of(Kind.ADDRESSES) == [tuple(door.id for door in two_doors)]


def test_a_door_that_was_entered_twice_becomes_one_with_everybody_there(desk, phone, worker, two_doors):
    kept, other = two_doors
    living = factories.an_occupancy(other)
    sender = phone(worker)
    since = sender.pack()["cursor"]

    post(desk, "addresses", (kept.id, other.id), "joining", kept="left", **{"fact-rooms": "right"})

    assert fresh(Dwelling, kept.id).rooms == 5
    assert fresh(Occupancy, living.id).dwelling_id == kept.id
    pack = sender.pack(since)
    assert {"kind": "door", "id": str(other.id)} in pack["removed"]
    assert [row["id"] for row in pack["doors"]] == [str(kept.id)]


def test_what_a_phone_still_says_of_the_closed_entry_counts_for_the_door(desk, phone, worker, two_doors):
    kept, other = two_doors
    post(desk, "addresses", (kept.id, other.id), "joining", kept="left")
    sender = phone(worker)

    event = sender.record(other, base_revision=None, dwelling_changes={"children": 2})
    [result] = sender.send(sender.event(sender.correction_of(event, dwelling_changes={"children": 3})))

    assert result["result"] == "accepted"
    assert fresh(Dwelling, kept.id).children == 3
    assert db.session.query(Visit).one().dwelling_id == kept.id


def test_a_visit_from_before_stays_where_it_was_said(desk, phone, worker, two_doors):
    kept, other = two_doors
    sender = phone(worker)
    event = sender.record(other, base_revision=None, dwelling_changes={"children": 2})
    post(desk, "addresses", (kept.id, other.id), "joining", kept="left")

    [result] = sender.send(sender.event(sender.correction_of(event, dwelling_changes={"children": 3})))

    assert result["result"] == "accepted"
    assert db.session.query(Visit).one().dwelling_id == other.id


def test_joining_doors_can_be_taken_back(desk, two_doors):
    kept, other = two_doors
    living = factories.an_occupancy(other)
    post(desk, "addresses", (kept.id, other.id), "joining", kept="left", **{"fact-rooms": "right"})

    undo(desk)

    assert fresh(Dwelling, other.id).merged_into is None
    assert fresh(Occupancy, living.id).dwelling_id == other.id
    assert fresh(Dwelling, kept.id).rooms == kept.rooms == 2


def test_the_plate_of_a_closed_entry_leads_to_the_door_that_is_kept_and_comes_back_with_it(
    desk, phone, worker, two_doors
):
    kept, other = two_doors
    with transaction():
        fresh(Dwelling, other.id).plate = "A-301"

    post(desk, "addresses", (kept.id, other.id), "joining", kept="left")
    joined = {row["id"]: row.get("plate") for row in phone(worker).pack()["doors"]}
    undo(desk)

    assert joined == {str(kept.id): "A-301"}
    assert (fresh(Dwelling, kept.id).plate, fresh(Dwelling, other.id).plate) == (None, "A-301")


def test_nothing_is_taken_back_over_what_somebody_said_since(desk, phone, worker, two_doors):
    kept, other = two_doors
    post(desk, "addresses", (kept.id, other.id), "joining", kept="left", **{"fact-rooms": "right"})
    phone(worker).record(fresh(Dwelling, kept.id), unchanged=None, dwelling_changes={"rooms": 7})

    answer = undo(desk)

    assert answer.status_code == 409
    assert fresh(Dwelling, kept.id).rooms == 7


def test_a_door_that_was_entered_twice_counts_once(desk, two_doors):
    kept, other = two_doors

    post(desk, "addresses", (kept.id, other.id), "joining", kept="left")
    joined = _doors()
    undo(desk)

    assert (joined, _doors()) == (1, 2)
    assert recount(db.session()) == {}


def _doors():
    db.session.expire_all()
    scope = scope_within(factories.DISTRICT, [factories.COMMUNITY])
    return coverage(scope, factories.COMMUNITY, date(2026, 11, 25)).total["doors"]


def test_the_same_plate_in_another_community_is_another_door(app):
    for grid in (factories.GRID, factories.ELSEWHERE):
        factories.a_dwelling(factories.a_building(grid, address="测试路 9号"), door="301")

    scope = scope_within(factories.DISTRICT, [f"{factories.DISTRICT}000000"])
    assert list(queries.pairs(Kind.ADDRESSES, scope)) == []


def test_a_place_of_work_goes_to_the_door_that_is_kept_and_back(desk, phone, worker, two_doors):
    kept, other = two_doors
    shop = {"action": "add", "workplace": str(new_id()), "name": "测试小店"}
    phone(worker).record(other, base_revision=None, workplaces=[shop])
    post(desk, "addresses", (kept.id, other.id), "joining", kept="left")
    joined = fresh(Workplace, UUID(shop["workplace"])).dwelling_id

    undo(desk)

    assert (joined, fresh(Workplace, UUID(shop["workplace"])).dwelling_id) == (kept.id, other.id)
