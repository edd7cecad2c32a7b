"""What became of a door that a worker added: told to that worker with the next pack, with the lead's reason."""

from uuid import UUID

import pytest

from field.accounts.scope import Actor
from field.core.db import transaction
from field.core.ids import new_id
from field.merges import proposals
from tests import factories


@pytest.fixture
def sender(phone, worker):
    """The worker's phone."""
    return phone(worker)


@pytest.fixture
def added(sender):
    """A door that this phone added with a visit; its id and its building."""
    building = factories.a_building()
    body = sender.visit_body(
        factories.a_dwelling(building),
        door={
            "building": str(building.id),
            "floor": 3,
            "door": "301A",
            "address_anomaly": "no_plate",
        },
    )
    body["dwelling"] = str(new_id())
    body.pop("base_revision", None)
    assert sender.send(sender.event(body))[0]["result"] == "accepted"
    return body["dwelling"], building


def _by(lead, verb, door, *said):
    with transaction():
        verb(UUID(door), *said, Actor.of(lead))


def test_a_door_that_waits_is_not_told_of(sender, added):
    assert sender.pack()["endings"] == []


def test_a_declined_door_is_told_with_the_reason(sender, added, lead):
    door, building = added
    first = sender.pack()
    _by(lead, proposals.decline, door, "是 301 的隔间，不是单独一户")

    page = sender.pack(first["cursor"])

    [row] = page["endings"]
    assert row == {
        "door": door,
        "where": f"{building.address} 301A",
        "status": "door_declined",
        "at": row["at"],
        "reason": "是 301 的隔间，不是单独一户",
    }
    assert {"kind": "door", "id": door} in page["removed"]


def test_a_confirmed_door_is_told_and_one_that_was_asked_about_again_is_not(sender, added, lead):
    door, _building = added
    _by(lead, proposals.decline, door, "没有这户")
    _by(lead, proposals.reconsider, door)
    assert sender.pack()["endings"] == []

    _by(lead, proposals.confirm, door)

    assert [row["status"] for row in sender.pack()["endings"]] == ["door_confirmed"]


def test_a_colleague_hears_nothing_of_it(added, lead, phone, second_worker):
    door, _building = added
    _by(lead, proposals.decline, door, "没有这户")

    assert phone(second_worker).pack()["endings"] == []


def test_what_is_odd_about_the_address_is_in_the_register_and_on_the_desk(sender, added, client_of, lead):
    door, _building = added
    factories.codes()

    [row] = [row for row in sender.pack()["doors"] if row["id"] == door]

    assert row["address_anomaly"] == "no_plate"
    assert "有址无号" in client_of(lead).get("/proposals").text
