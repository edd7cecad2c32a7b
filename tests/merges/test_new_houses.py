"""Houses that workers add on the way: with their first door, for a lead to confirm, decline or join."""

import pytest

from field.core.db import db
from field.core.ids import new_id
from field.places.models import Building, Dwelling, Proposal
from tests import factories
from tests.merges.asking import fresh, post


def _house(**facts):
    return {"grid": factories.GRID, "address": "测试新村 7号", **facts}


def _visit_in(sender, building_id, house, door="301A", **facts):
    """A visit behind a door of a house that only this phone knows; answers the door's id and the result."""
    door_id = new_id()
    part = {"building": str(building_id), "floor": 3, "door": door} | ({"house": house} if house else {})
    body = sender.visit_body(door_id, door=part, **facts)
    body.pop("base_revision", None)
    return door_id, sender.send(sender.event(body))[0]


@pytest.fixture
def sender(phone, worker):
    """The worker's phone, in a grid that has its place in the tree."""
    factories.a_grid()
    return phone(worker)


@pytest.fixture
def added(sender):
    """A house with its first door; both ids."""
    building_id = new_id()
    door_id, result = _visit_in(sender, building_id, _house(plate="新-7"))
    assert result["result"] == "accepted", result
    return building_id, door_id


def test_a_visit_in_a_house_that_nobody_knew_adds_it_with_its_door_as_a_proposal(added, sender, worker):
    building = db.session.get_one(Building, added[0])

    facts = building.proposal, building.address, building.plate, building.grid_code, building.proposed_by
    assert facts == (Proposal.WAITING, "测试新村 7号", "新-7", factories.GRID, worker.id)
    assert db.session.get_one(Dwelling, added[1]).building_id == building.id
    pack = sender.pack()
    [row] = [row for row in pack["buildings"] if row["id"] == str(building.id)]
    assert (row["proposed"], row["address"]) == (True, "测试新村 7号")


def test_the_second_door_of_it_finds_the_house_in_the_same_batch_and_later(sender):
    building_id = new_id()
    bodies = []
    for door in ("101", "102"):
        part = {"building": str(building_id), "floor": 1, "door": door, "house": _house()}
        bodies.append(sender.visit_body(new_id(), door=part))

    together = sender.send(*(sender.event(body) for body in bodies))
    _door, later = _visit_in(sender, building_id, _house(), door="103")

    assert [one["result"] for one in (*together, later)] == ["accepted"] * 3
    assert db.session.query(Building).filter_by(address="测试新村 7号").count() == 1


@pytest.mark.parametrize(
    "house",
    [
        None,
        _house(grid=factories.ELSEWHERE),
        _house(grid=factories.ABROAD),
        _house(grid=factories.COMMUNITY),
        _house(grid="620402001005-77"),
    ],
)
def test_nobody_adds_houses_outside_their_area_or_without_saying_which(sender, house):
    for grid in (factories.GRID, factories.ELSEWHERE, factories.ABROAD):
        factories.a_grid(grid)
    building_id = new_id()

    _door, result = _visit_in(sender, building_id, house)

    assert result["problems"][0]["code"] == "place"
    assert db.session.get(Building, building_id) is None


def test_a_house_whose_plate_the_register_has_is_that_house(sender):
    known = factories.a_building(plate="新-7")
    building_id = new_id()

    door_id, result = _visit_in(sender, building_id, _house(plate=" 新-7 "))

    assert result["result"] == "accepted"
    assert db.session.get_one(Dwelling, door_id).building_id == known.id
    assert db.session.get(Building, building_id) is None


@pytest.mark.parametrize("grid", [factories.GRID, factories.ELSEWHERE])
def test_a_code_that_stands_elsewhere_is_left_out(sender, grid):
    factories.a_dwelling(grid=grid, plate="新-7")
    building_id = new_id()

    _door, result = _visit_in(sender, building_id, _house(plate="新-7"))

    assert result["result"] == "accepted"
    assert db.session.get_one(Building, building_id).plate is None


def test_with_its_first_door_the_house_is_confirmed(added, client_of, lead, sender):
    desk = client_of(lead)
    page = desk.get("/proposals?lang=en").get_data(as_text=True)

    desk.post(f"/proposals/{added[1]}/confirmation")

    assert "The house itself is new" in page
    assert "新-7" in page
    assert fresh(Building, added[0]).proposal is None
    [row] = [row for row in sender.pack()["buildings"] if row["id"] == str(added[0])]
    assert "proposed" not in row


def test_a_house_whose_doors_are_all_declined_leaves_the_phones_and_comes_back_when_that_is_taken_back(
    added, client_of, lead, sender
):
    second, _result = _visit_in(sender, added[0], _house(), door="302A")
    desk, cursor = client_of(lead), sender.pack()["cursor"]

    desk.post(f"/proposals/{added[1]}/refusal", data={"reason": "no such house"})
    half = fresh(Building, added[0]).proposal
    desk.post(f"/proposals/{second}/refusal", data={"reason": "no such house"})
    gone = sender.pack(cursor)
    desk.post(f"/proposals/{second}/reversal")

    assert half == Proposal.WAITING
    assert {"kind": "building", "id": str(added[0])} in gone["removed"]
    assert fresh(Building, added[0]).proposal == Proposal.WAITING
    assert str(added[0]) in {row["id"] for row in sender.pack(gone["cursor"])["buildings"]}


def test_a_house_that_the_register_has_at_this_address_is_joined_door_by_door(sender, client_of, lead):
    known = factories.a_dwelling(factories.a_building(address="测试新村7号"), door="301A", floor=3)
    building_id = new_id()
    door_id, _result = _visit_in(sender, building_id, _house())
    desk = client_of(lead)
    page = desk.get("/proposals?lang=en").get_data(as_text=True)
    pair = tuple(sorted((door_id, known.id)))

    post(desk, "addresses", pair, "joining", kept="left" if pair[0] == known.id else "right")

    assert f"/merges/addresses/{pair[0]}/{pair[1]}" in page
    assert "a door of this number at this address" in page
    assert fresh(Dwelling, door_id).merged_into == known.id
    assert fresh(Building, building_id).proposal == Proposal.DECLINED


def test_a_door_in_a_house_that_was_declined_asks_about_the_house_again(added, sender, client_of, lead):
    client_of(lead).post(f"/proposals/{added[1]}/refusal", data={"reason": "no such house"})

    _door, result = _visit_in(sender, added[0], _house(), door="302A")

    assert result["result"] == "accepted"
    assert fresh(Building, added[0]).proposal == Proposal.WAITING


def test_a_declined_house_holds_no_code(added, sender, client_of, lead):
    desk, known = client_of(lead), factories.a_building()
    desk.post(f"/proposals/{added[1]}/refusal", data={"reason": "no such house"})

    answer = desk.post(f"/plates/{known.id}", data={f"code-{known.id}": "新-7"})

    assert answer.status_code == 303
    assert (fresh(Building, known.id).plate, fresh(Building, added[0]).plate) == ("新-7", None)


def test_an_address_of_blanks_is_none(sender):
    _door, result = _visit_in(sender, new_id(), _house(address="  "))

    assert result["problems"][0]["code"] == "invalid"


def test_a_lead_puts_the_address_of_a_new_house_right_and_phones_hear_of_it(added, sender, client_of, lead):
    building_id, door_id = added
    cursor = sender.pack()["cursor"]

    answer = client_of(lead).post(f"/proposals/{door_id}/confirmation", data={"address": "  测试新村   9号 "})

    assert answer.status_code == 303
    assert (fresh(Building, building_id).address, fresh(Dwelling, door_id).proposal) == ("测试新村 9号", None)
    [row] = sender.pack(cursor)["buildings"]
    assert row["address"] == "测试新村 9号"


@pytest.mark.parametrize("address", ["", "   ", "测" * 121])
def test_a_new_house_is_not_confirmed_without_an_address(added, client_of, lead, address):
    building_id, door_id = added

    answer = client_of(lead).post(f"/proposals/{door_id}/confirmation", data={"address": address})

    assert answer.status_code == 422
    assert "120" in answer.text
    field = answer.text.split(f'id="address-{door_id}"')[1].split(">")[0]
    assert f'value="{address}"' in field
    assert fresh(Dwelling, door_id).proposal == Proposal.WAITING
    assert fresh(Building, building_id).address == "测试新村 7号"


def test_a_house_of_the_register_keeps_its_address_whatever_a_form_says(sender, client_of, lead):
    building = factories.a_dwelling().building
    door_id, _result = _visit_in(sender, building.id, None, door="新301")

    client_of(lead).post(f"/proposals/{door_id}/confirmation", data={"address": "别处 1号"})

    assert fresh(Building, building.id).address == building.address != "别处 1号"
