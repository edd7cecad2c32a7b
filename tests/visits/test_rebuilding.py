"""The register is what the accepted visits and the leads' choices say, and can be rebuilt from them at any time."""

import random
from datetime import UTC, datetime
from uuid import UUID

import orjson
import pytest

from field.core.db import db, transaction
from field.core.ids import new_id
from field.people.models import Occupancy
from field.places.models import Dwelling, Workplace
from field.visits import choosing
from field.visits.clashes import RegisterClash
from field.visits.models import Visit
from tests import factories


def _rebuild(app, *options):
    answer = app.test_cli_runner().invoke(args=["register", "rebuild", *options])
    db.session.expire_all()
    return answer.exit_code, [line for line in answer.output.splitlines() if not line.startswith("{")]


def _of_work(chance, places):
    """What a worker could say of the places of work behind a door: a new one, another one, one that is gone."""
    parts = []
    if chance.random() < 0.3:
        places.append(str(new_id()))
        new = {"action": "add", "workplace": places[-1], "kind": "shop", "name": f"测试·店{len(places)}"}
        parts.append(new | {"headcount": chance.randint(1, 9)})
    if places and chance.random() < 0.6:
        key = chance.choice(places)
        change = {"action": "change", "workplace": key, "headcount": chance.randint(1, 9)}
        if key not in {part["workplace"] for part in parts}:
            parts.append(chance.choice([change, {"action": "closed", "workplace": key}]))
    return {"workplaces": parts} if parts else {}


def _said(chance, people):
    """Something that a worker could say of a home: facts, somebody new, somebody else, somebody gone."""
    facts = {
        "rooms": chance.randint(1, 5),
        "heating": chance.choice(["coal", "gas"]),
        "children": chance.randint(0, 3),
    }
    told = {
        "dwelling_changes": {name: facts[name] for name in chance.sample(list(facts), chance.randint(0, 3))}
    }
    occupants = []
    if chance.random() < 0.4:
        people.append(str(new_id()))
        new = {
            "action": "add",
            "occupancy": people[-1],
            "person": str(new_id()),
            "name": f"测试·{len(people)}",
        }
        occupants.append(new | {"reason": chance.choice(["204", "206"])})
    if people and chance.random() < 0.6:
        key = chance.choice(people)
        gone = {"action": "moved_out", "occupancy": key, "moved_out_on": "2026-11-01"}
        change = {"action": "change", "occupancy": key, "intended_stay": chance.choice("345")}
        if key not in {part["occupancy"] for part in occupants}:
            occupants.append(chance.choice([gone, change]))
    return told | ({"occupants": occupants} if occupants else {})


def _history(chance, senders, door, lead, people, places):
    """Visits, corrections and choices at one door in a random order, by phones that know more or less of it."""
    open_visits = []
    for _ in range(9):
        sender, told = chance.choice(senders), _said(chance, people) | _of_work(chance, places)
        now = db.session.get_one(Dwelling, door.id, populate_existing=True).revision
        base = chance.choice([1, now])
        mine = [event for owner, event in open_visits if owner is sender]
        if mine and chance.random() < 0.4:
            earlier = chance.choice(mine)
            with transaction():
                db.session.get_one(Visit, UUID(orjson.loads(earlier["body"])["visit"])).state = "returned"
            event = sender.event(sender.correction_of(earlier, base_revision=base, **told))
            open_visits.remove((sender, earlier))
        else:
            event = sender.event(sender.visit_body(door, base_revision=base, unchanged=None, **told))
        [result] = sender.send(event)
        assert result["result"] == "accepted", result
        open_visits.append((sender, event))
        if chance.random() < 0.4:
            _choose(chance, door, lead)


def _choose(chance, door, lead):
    with transaction():
        clashes = db.session.query(RegisterClash).filter_by(state="open").order_by(RegisterClash.id).all()
        if not clashes:
            return
        clash, here = chance.choice(clashes), db.session.get_one(Dwelling, door.id)
        row = choosing.row_of(clash.subject, here)
        decision = choosing.Decision(clash.id, lead.id, datetime.now(UTC))
        choosing.choose(
            here, row, clash.field, clash.offered, (clash.visit_id, clash.visit.author_id), decision
        )
        clash.state = "taken"


@pytest.mark.parametrize("seed", range(10))
def test_whatever_happened_at_a_door_its_visits_tell_the_same(app, phone, worker, second_worker, lead, seed):
    chance = random.Random(seed)
    door = factories.a_dwelling()
    people = [str(factories.an_occupancy(door).id)]
    places = [str(factories.a_workplace(door).id)]
    _history(chance, [phone(worker), phone(second_worker)], door, lead, people, places)

    assert _rebuild(app) == (0, ["1 doors rebuilt, 0 differ."])


@pytest.fixture
def spoiled(phone, worker):
    """A door whose register was changed by hand after a visit."""
    door = factories.a_dwelling()
    sender = phone(worker)
    added = {"action": "add", "occupancy": str(new_id()), "person": str(new_id()), "name": "测试·某人"}
    sender.record(door, dwelling_changes={"rooms": 3}, occupants=[added])
    with transaction():
        db.session.get_one(Dwelling, door.id).rooms = 9
        db.session.query(Occupancy).one().person.name = "测试·别人"
    return door


def test_a_register_that_was_changed_by_hand_is_reported_and_left(app, spoiled):
    code, lines = _rebuild(app)

    assert code == 1
    assert lines[0] == f"{spoiled.id} door rooms: the register holds 9, the visits say 3"
    assert lines[1].endswith(" name")
    assert "测试" not in "".join(lines)
    assert db.session.get_one(Dwelling, spoiled.id).rooms == 9


def test_a_place_of_work_that_was_changed_by_hand_is_reported_and_repaired(app, phone, worker):
    door = factories.a_dwelling()
    place = factories.a_workplace(door, headcount=3)
    change = {"action": "change", "workplace": str(place.id), "headcount": 5}
    phone(worker).record(door, unchanged=None, workplaces=[change])
    with transaction():
        db.session.get_one(Workplace, place.id).headcount = 9

    code, lines = _rebuild(app)
    repaired, _lines = _rebuild(app, "--repair")

    assert (code, lines[0]) == (1, f"{door.id} workplace {place.id} headcount")
    assert (repaired, db.session.get_one(Workplace, place.id).headcount) == (0, 5)


def test_a_register_that_differs_is_repaired_when_asked(app, spoiled):
    code, _lines = _rebuild(app, "--repair")

    assert code == 0
    assert db.session.get_one(Dwelling, spoiled.id).rooms == 3
    assert db.session.query(Occupancy).one().person.name == "测试·某人"
    assert _rebuild(app)[0] == 0


def test_what_no_visit_touched_is_where_the_register_begins(app, phone, worker):
    door = factories.a_dwelling(heating="gas", lessor_phone="15400000003")
    factories.an_occupancy(door)

    phone(worker).record(door, dwelling_changes={"rooms": 3})

    assert _rebuild(app) == (0, ["1 doors rebuilt, 0 differ."])


def test_somebody_who_was_erased_does_not_come_back(app, phone, worker):
    door = factories.a_dwelling()
    added = {"action": "add", "occupancy": str(new_id()), "person": str(new_id()), "name": "测试·某人"}
    phone(worker).record(door, occupants=[added])
    with transaction() as session:
        row = session.query(Occupancy).one()
        session.delete(row)
        session.flush()
        session.delete(row.person)

    assert _rebuild(app, "--repair")[0] == 0
    assert db.session.query(Occupancy).count() == 0


def test_only_the_area_that_was_asked_for_is_rebuilt(app, spoiled):
    assert _rebuild(app, "--area", factories.ELSEWHERE) == (0, ["0 doors rebuilt, 0 differ."])
