"""In whatever order and however often records come, and whichever answers are lost, the register ends the same."""

import random
from datetime import timedelta

import pytest
from sqlalchemy import select

from field.core.clock import instant_text, utcnow
from field.core.db import db
from field.core.ids import new_id
from field.core.tallies import Tally
from field.hazards.models import Finding
from field.people.models import Occupancy
from field.places.models import Dwelling
from field.sync.models import InboxEvent
from field.visits.calls import OPENED_OUTCOMES, SETTLED_OUTCOMES
from field.visits.models import ServiceRequest, Visit, VisitRevision
from tests import factories

REVISIONS = 4


def _chain(sender, door, checklist):
    """A visit and its corrections: each says something else of the same home."""
    said = {"findings": str(new_id()), "requests": str(new_id())}
    events = []
    for number in range(1, REVISIONS + 1):
        told = _told(number, said, checklist)
        body = sender.correction_of(events[-1], **told) if events else sender.visit_body(door, **told)
        events.append(sender.event(body))
    return events


def _told(number, said, checklist):
    """Odd revisions find a hazard and are asked for help, even ones take both back; each adds another person."""
    again = number % 2 == 1
    finding = {"id": said["findings"], "item": checklist.items[0].code, "action": "notice_left", "photos": []}
    return {
        "unchanged": None,
        "dwelling_changes": {"rooms": number, "headcount": 10 + number},
        "occupants": [
            {
                "action": "add",
                "occupancy": str(new_id()),
                "person": str(new_id()),
                "name": f"测试·第{number}次",
            }
        ],
        "checklist": {"code": checklist.code, "version": checklist.version, "checked": True},
        "findings": [finding] if again else None,
        "requests": [{"id": said["requests"], "kind": "permit"}] if again else None,
        "note": f"revision {number}",
    }


def _deliver(chance, senders, events):
    """Send until each phone has an answer for each of its records; some answers are lost, some records go twice."""
    waiting = {id(sender): list(mine) for sender, mine in zip(senders, events, strict=True)}
    told = {}
    while any(waiting.values()):
        sender = chance.choice([one for one in senders if waiting[id(one)]])
        mine = waiting[id(sender)]
        chosen = chance.sample(mine, chance.randint(1, min(4, len(mine))))
        batch = chosen + chance.sample(chosen, chance.randint(0, 1))
        answer = sender.post(sender.batch(*batch), packed=chance.random() < 0.3)
        if chance.random() < 0.25:
            continue  # lost on the way back: the phone believes nothing of it
        assert answer.status_code == 200, answer.get_data(as_text=True)
        for result in answer.json["results"]:
            told.setdefault(result["id"], []).append(result)
        waiting[id(sender)] = [one for one in mine if one not in chosen]
    return told


def _register(door):
    db.session.expire_all()
    here = db.session.get_one(Dwelling, door.id)
    people = db.session.query(Occupancy).filter_by(dwelling_id=door.id, ended=False)
    return {
        "rooms": here.rooms,
        "headcount": here.headcount,
        "people": sorted(row.person.name for row in people),
        "findings": sorted(row.status for row in db.session.query(Finding).filter_by(dwelling_id=door.id)),
        "asked": [row.withdrawn for row in db.session.query(ServiceRequest).filter_by(dwelling_id=door.id)],
    }


@pytest.mark.parametrize("seed", range(12))
def test_any_order_gives_the_same_register(phone, worker, second_worker, seed):
    chance = random.Random(seed)
    checklist = factories.a_checklist()
    senders = [phone(worker), phone(second_worker)]
    building = factories.a_building()
    doors = [[factories.a_dwelling(building) for _ in range(2)] for _ in senders]
    events = [
        [event for door in mine for event in _chain(sender, door, checklist)]
        for sender, mine in zip(senders, doors, strict=True)
    ]

    told = _deliver(chance, senders, events)

    every = [event for mine in events for event in mine]
    registers = [_register(door) for mine in doors for door in mine]
    assert registers == [registers[0]] * 4
    assert registers[0]["rooms"] == REVISIONS
    assert registers[0]["people"] == [f"测试·第{REVISIONS}次"]
    assert registers[0]["asked"] == [True]
    assert registers[0]["findings"] == ["closed"]
    _stored_once(every)
    _never_contradicted(told)
    for sender, mine in zip(senders, events, strict=True):
        answer = sender.reconcile(*mine)
        assert (answer["missing"], answer["quarantined"]) == ([], [])


def _stored_once(events):
    revisions = {str(row.id): row for row in db.session.query(VisitRevision)}
    assert set(revisions) == {event["id"] for event in events}
    assert all(revisions[event["id"]].digest == event["digest"] for event in events)
    assert {row.result for row in db.session.query(InboxEvent)} == {"accepted"}
    assert {row.revision for row in db.session.query(Visit)} == {REVISIONS}


def _never_contradicted(told):
    for results in told.values():
        numbers = {result["receipt"]["number"] for result in results if "receipt" in result}
        assert len(numbers) <= 1


def _calls(chance, senders, door, start):
    """Calls of two phones at one door, one an hour, and what each phone corrects of its own a day later."""
    events, last, opened, settled = [[] for _ in senders], None, None, (None, None)
    for hour in range(6):
        of = hour % 2
        at, said, corrected = (
            start + timedelta(hours=hour),
            *chance.choices(["done", "no_answer", "vacant"], k=2),
        )
        body = senders[of].visit_body(door, outcome=said)
        first = senders[of].event(body, recorded_at=instant_text(at))
        again = senders[of].correction_of(first, outcome=corrected)
        events[of] += [first, senders[of].event(again, recorded_at=instant_text(at + timedelta(days=1)))]
        last = (body["visit"], corrected, instant_text(at), senders[of].user.id)
        settled = (instant_text(at), corrected) if corrected in SETTLED_OUTCOMES else settled
        opened = instant_text(at) if {said, corrected} & OPENED_OUTCOMES else opened
    return events, (*last, opened), settled


@pytest.mark.parametrize("seed", range(8))
def test_in_any_order_the_last_visit_of_a_door_is_the_one_that_was_made_last(
    phone, worker, second_worker, seed
):
    chance = random.Random(seed)
    senders, door = [phone(worker), phone(second_worker)], factories.a_dwelling()
    events, last, settled = _calls(chance, senders, door, utcnow() - timedelta(days=3))

    told = _deliver(chance, senders, events)

    db.session.refresh(door)
    mark = (str(door.visit_id), door.visit_outcome, instant_text(door.visit_at), door.visit_by)
    assert (*mark, instant_text(door.opened_at)) == last
    assert (door.settled_at and instant_text(door.settled_at), door.settled_as) == settled
    [shown] = senders[0].pack()["doors"]
    assert (shown["last"]["visit"], shown["last"]["outcome"]) == last[:2]
    counted = select(Tally.value).where(Tally.kind == "dwellings", Tally.number > 0).distinct()
    assert db.session.scalars(counted).all() == [settled[1] or last[1]]
    _never_contradicted(told)
