"""The day from which a let dwelling is due again: in the pack where there is one, and anew when it moves."""

from datetime import timedelta
from uuid import UUID

import pytest

from field.core.db import db, transaction
from field.core.ids import new_id
from field.hazards.models import Finding, FindingStatus
from field.merges.models import MergeDecision
from tests import factories
from tests.clock import today


@pytest.fixture
def sender(phone, worker):
    """The worker's phone; the district has its lists."""
    factories.codes()
    return phone(worker)


def _days(pack):
    return {row["id"]: row.get("again") for row in pack.get("doors", [])}


def _in(days):
    return (today() + timedelta(days=days)).isoformat()


def _hazard(sender, door, item="H09"):
    part = {"id": str(new_id()), "item": item, "action": "notice_left"}
    checklist = {"code": "home-safety", "version": factories.a_checklist().version, "checked": True}
    sender.record(door, findings=[part], checklist=checklist, unchanged=None)
    return part["id"]


def test_a_settled_let_dwelling_says_when_it_is_due_again_and_others_say_nothing(sender):
    let, owned, fresh = (
        factories.a_dwelling(),
        factories.a_dwelling(use="owner_occupied"),
        factories.a_dwelling(),
    )
    shut = factories.a_dwelling()
    sender.record(let)
    sender.record(owned)
    sender.record(shut, outcome="no_answer", consent=None, notice=None, unchanged=None)

    days = _days(sender.pack())

    assert days == {str(let.id): _in(21), str(owned.id): None, str(fresh.id): None, str(shut.id): None}


def test_nobody_at_home_later_moves_the_day_no_further(sender):
    door = factories.a_dwelling()
    sender.record(door)
    before = _days(sender.pack())

    sender.record(door, outcome="no_answer", consent=None, notice=None, unchanged=None)

    assert _days(sender.pack()) == before == {str(door.id): _in(21)}


def test_a_hazard_that_is_settled_while_nothing_else_of_its_door_changes_moves_its_day(sender):
    door, other = factories.a_dwelling(), factories.a_dwelling()
    sender.record(other)
    hazard = _hazard(sender, door)
    opened = sender.pack()

    with transaction():
        found = db.session.get_one(Finding, UUID(hazard))
        found.settled, found.status = True, FindingStatus.CLOSED
    closed = sender.pack(opened["cursor"])

    assert _days(opened) == {str(door.id): _in(14), str(other.id): _in(21)}
    assert _days(closed) == {str(door.id): _in(21)}
    assert [row["kind"] for row in closed["removed"]] == ["finding"]


def test_a_suspected_major_hazard_brings_the_next_visit_nearest(sender):
    door = factories.a_dwelling()

    _hazard(sender, door, "H03")

    assert _days(sender.pack()) == {str(door.id): _in(7)}


def test_a_door_comes_once_when_it_and_its_hazard_have_changed(sender):
    door = factories.a_dwelling()
    sender.record(door)
    cursor = sender.pack()["cursor"]

    _hazard(sender, door)

    doors = sender.pack(cursor)["doors"]
    assert [(row["id"], row["again"]) for row in doors] == [(str(door.id), _in(14))]


def test_a_new_setting_reaches_every_door(sender, client_of, office):
    door = factories.a_dwelling()
    sender.record(door)
    cursor = sender.pack()["cursor"]

    client_of(office).post("/hazards/rules/intervals", data={"clean_days": "30"})

    pack = sender.pack(cursor)
    assert pack["reset"]
    assert _days(pack) == {str(door.id): _in(30)}


def test_a_hazard_that_goes_home_with_its_door_moves_the_day_of_the_one_that_had_it(sender, client_of, lead):
    building = factories.a_building()
    kept, other = factories.a_dwelling(building), factories.a_dwelling(building)
    _hazard(sender, other)
    sender.record(kept)
    desk = client_of(lead)
    pair = sorted((kept.id, other.id))
    desk.post(
        f"/merges/addresses/{pair[0]}/{pair[1]}/joining",
        data={"kept": "left" if pair[0] == kept.id else "right"},
    )
    joined = sender.pack()

    decision = db.session.query(MergeDecision).one()
    desk.post(f"/merges/decisions/{decision.id}/reversal")

    again = sender.pack(joined["cursor"])
    assert _days(joined) == {str(kept.id): _in(14)}
    assert _days(again) == {str(kept.id): _in(21), str(other.id): _in(14)}
