"""What cannot be applied is kept whole, with a reason, encrypted, and stops nobody else."""

import orjson
import pytest

from field.accounts.models import Device
from field.audit.models import AuditEntry
from field.core.clock import utcnow
from field.core.db import db, transaction
from field.core.ids import new_id
from field.sync.models import InboxEvent
from field.visits.models import Visit, VisitRevision
from field.visits.upcasts import NEWEST
from tests import factories

NEVER = "0001-01-01T00:00:00+14:00"


def _reasons(result):
    assert result["result"] == "quarantined", result
    assert "receipt" not in result
    return [problem["code"] for problem in result["problems"]]


def _kept(event):
    """The event as it was kept; the body must be the exact one."""
    row = db.session.query(InboxEvent).filter_by(result="quarantined").one()
    assert str(row.id) == event["id"]
    assert row.body_bytes == event["body"].encode()
    assert row.body_bytes != row.body_sealed
    return row


@pytest.mark.parametrize("grid", [factories.ELSEWHERE, factories.ABROAD])
def test_a_door_outside_the_area_is_kept_aside_whole(phone, worker, grid):
    sender, door = phone(worker), factories.a_dwelling(grid=grid)
    event = sender.event(sender.visit_body(door, dwelling_changes={"rooms": 9}))

    [result] = sender.send(event)

    assert _reasons(result) == ["place"]
    assert _kept(event).device_id.hex == sender.device.replace("-", "")
    db.session.refresh(door)
    assert (door.rooms, door.visit_id, db.session.query(Visit).count()) == (2, None, 0)


def test_a_door_that_does_not_exist_is_kept_aside(phone, worker):
    sender = phone(worker)
    event = sender.event(sender.visit_body(new_id()))

    [result] = sender.send(event)

    assert _reasons(result) == ["place"]
    _kept(event)


def test_an_area_that_moved_while_the_phone_was_offline_loses_nothing(phone, worker):
    sender, door = phone(worker), factories.a_dwelling()
    event = sender.event(sender.visit_body(door))
    with transaction():
        worker.areas = [area for area in worker.areas if area.area_code != factories.GRID]

    [result] = sender.send(event)

    assert _reasons(result) == ["place"]
    _kept(event)


def test_a_body_that_is_not_what_its_digest_says_is_kept_with_both_digests(phone, worker):
    sender = phone(worker)
    event = sender.event(sender.visit_body(factories.a_dwelling()), digest="sha-256:" + "0" * 64)

    [result] = sender.send(event)

    assert _reasons(result) == ["digest"]
    row = _kept(event)
    assert row.claimed_digest == event["digest"] != row.digest


def test_a_damaged_body_gives_way_to_the_whole_one(phone, worker):
    sender = phone(worker)
    whole = sender.event(sender.visit_body(factories.a_dwelling(), note="a whole note"))
    sender.send(whole | {"body": whole["body"].replace("whole", "w?ole")})

    [result] = sender.send(whole)

    assert result["result"] == "accepted"
    assert db.session.query(VisitRevision).one().body_bytes == whole["body"].encode()


def test_a_damaged_body_gives_way_to_none_but_the_whole_one(phone, worker):
    sender = phone(worker)
    whole = sender.event(sender.visit_body(factories.a_dwelling(), note="a whole note"))
    damaged = whole["body"].replace("whole", "w?ole")
    sender.send(whole | {"body": damaged})
    other = sender.event(sender.visit_body(factories.a_dwelling(), note="another note"))

    [result] = sender.send(other | {"id": whole["id"]})

    assert result["result"] == "conflict"
    [standing] = db.session.query(InboxEvent)
    assert standing.body_bytes == damaged.encode()


@pytest.mark.parametrize("newer", [{"schema": NEWEST + 1}, {"type": "visit.dreamt"}, {"enc": "hpke-1"}])
def test_what_a_newer_phone_says_waits_for_the_upgrade(phone, worker, newer):
    sender = phone(worker)
    event = sender.event(sender.visit_body(factories.a_dwelling()), **newer)

    [result] = sender.send(event)

    assert _reasons(result) == ["newer"]
    _kept(event)


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"outcome": "lunch"}, "outcome"),
        ({"started_at": "yesterday"}, "started_at"),
        ({"started_at": NEVER}, "started_at"),
        ({"dwelling_changes": {"rooms": "two"}}, "dwelling_changes.rooms"),
        ({"occupants": [{"action": "change", "occupancy": "x"}]}, "occupants.0.occupancy"),
        ({"note": "x" * 501}, "note"),
        ({"surprise": 1}, "surprise"),
        ({"revision": 2}, "previous"),
    ],
)
def test_an_invalid_body_is_kept_and_the_answer_says_where_it_is_wrong(phone, worker, wrong, where):
    sender = phone(worker)
    event = sender.event(sender.visit_body(factories.a_dwelling(), **wrong))

    [result] = sender.send(event)

    assert _reasons(result) == ["invalid"]
    assert where in result["problems"][0]["detail"]
    _kept(event)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"note": "\\ud800"}', '{"note": "\\u0000"}'])
def test_a_body_that_is_no_object_is_kept(phone, worker, text):
    sender = phone(worker)
    event = sender.event(text)

    assert _reasons(sender.send(event)[0]) == ["invalid"]
    _kept(event)


@pytest.mark.parametrize(
    ("name", "value"),
    [("recorded_at", "+010000-01-01T00:00:00Z"), ("schema", "2"), ("author", "nobody"), ("type", "a\0b")],
)
def test_what_is_right_in_a_wrong_envelope_is_kept_and_its_number_is_not_missing(phone, worker, name, value):
    sender = phone(worker)
    event = sender.event(sender.visit_body(factories.a_dwelling()), **{name: value})

    [result] = sender.send(event)

    assert result["problems"] == [{"code": "invalid", "detail": f"envelope: {name}"}]
    row = _kept(event)
    kept = {"author": str(row.author_id), "type": row.type, "schema": row.schema, "seq": row.seq}
    right = {key: text for key, text in event.items() if key in kept and key != name}
    assert {key: kept[key] for key in right} == right
    assert (row.claimed_digest, row.recorded_at is None) == (event["digest"], name == "recorded_at")


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"recorded_at": "+010000-01-01T00:00:00Z"}, "envelope: recorded_at"),
        ({"type": 7, "schema": 0}, "envelope: schema, type"),
        ({"digest": "sha-256:" + "0" * 64}, "The body is not what the digest says."),
    ],
)
def test_judging_a_wrong_envelope_again_says_the_true_reason(phone, worker, client_of, lead, wrong, reason):
    sender = phone(worker)
    event = sender.event(sender.visit_body(factories.a_dwelling()), **wrong)
    sender.send(event)

    client_of(lead).post(f"/set-aside/{event['id']}/judgement")

    db.session.expire_all()
    assert [problem["detail"] for problem in _kept(event).problems] == [reason]


def test_a_reason_never_repeats_what_was_said_about_people(phone, worker):
    sender = phone(worker)
    told = {"action": "add", "occupancy": "x", "name": "测试·某人", "document_number": "622723198502031234"}
    [result] = sender.send(sender.event(sender.visit_body(factories.a_dwelling(), occupants=[told])))

    assert "occupants.0" in result["problems"][0]["detail"]
    assert "622723" not in orjson.dumps(result).decode()
    assert "某人" not in result["problems"][0]["detail"]


def test_an_author_who_never_enrolled_on_the_phone_is_kept_aside(phone, worker, second_worker):
    sender = phone(worker)
    event = sender.event(sender.visit_body(factories.a_dwelling()), author=str(second_worker.id))

    assert _reasons(sender.send(event)[0]) == ["author"]
    _kept(event)


def test_an_author_who_enrolled_earlier_counts_whoever_is_signed_in(phone, worker, second_worker):
    shared, door = phone(worker), factories.a_dwelling()
    event = shared.event(shared.visit_body(door))
    shared.sign_in(second_worker).enrol()

    [result] = shared.send(event)

    assert result["result"] == "accepted"
    assert db.session.query(Visit).one().author_id == worker.id


def test_a_closed_account_is_kept_aside_and_not_thrown_away(phone, worker):
    sender = phone(worker)
    event = sender.event(sender.visit_body(factories.a_dwelling()))
    with transaction():
        worker.disabled_at = utcnow()

    [result] = sender.send(event)

    assert _reasons(result) == ["author"]
    _kept(event)


def test_what_was_kept_aside_gets_the_same_answer_again(phone, worker):
    sender = phone(worker)
    event = sender.event(sender.visit_body(new_id()))

    first, second = sender.send(event), sender.send(event)

    assert first == second
    assert db.session.query(InboxEvent).count() == 1


def test_that_something_was_kept_aside_is_on_record_without_its_content(phone, worker):
    sender = phone(worker)
    sender.send(sender.event(sender.visit_body(new_id(), note="very private")))

    entry = db.session.query(AuditEntry).filter_by(action="event.quarantined").one()

    assert "place" in str(entry.details)
    assert "private" not in str(entry.details)


@pytest.mark.parametrize("phones_year", ["1971", "2016", "2099"])
def test_a_clock_that_is_decades_off_is_marked_and_costs_nothing(phone, worker, phones_year):
    sender, door = phone(worker), factories.a_dwelling()
    then = f"{phones_year}-05-06T07:08:09Z"
    event = sender.event(sender.visit_body(door, started_at=then, finished_at=then), recorded_at=then)

    [result] = sender.send(event, sent_at=then)

    assert result["result"] == "accepted"
    assert db.session.query(VisitRevision).one().clock_skew_s != 0
    db.session.refresh(door)
    assert abs((utcnow() - door.visit_at).total_seconds()) < 60


def test_a_clock_that_is_a_minute_off_is_not_marked(phone, worker):
    phone(worker).record(factories.a_dwelling())

    assert db.session.query(VisitRevision).one().clock_skew_s == 0


def test_the_highest_number_counts_what_was_kept_aside_too(phone, worker):
    sender = phone(worker)

    sender.send(sender.event(sender.visit_body(new_id()), seq=41))

    assert db.session.query(Device).one().highest_seq == 41
