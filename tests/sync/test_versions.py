"""Phones of every release that was ever given out are understood; bodies from newer ones wait whole for the upgrade.

The bodies in fixtures/ are frozen: what a release has sent does not change afterwards.
"""

import re
from pathlib import Path
from uuid import UUID

import orjson
import pytest
from marshmallow import ValidationError, missing

from field.audit.models import AuditEntry
from field.core.db import db, transaction
from field.core.ids import new_id
from field.places.models import Dwelling
from field.sync import envelope
from field.sync.models import InboxEvent
from field.visits.models import Visit, VisitRevision
from field.visits.schemas import VisitBody
from field.visits.upcasts import NEWEST, STEPS, upcast
from tests import factories

FIXTURES = Path(__file__).parent / "fixtures"
DOOR = UUID("01920000-0000-7000-8000-00000000d001")
SCHEMAS = range(1, NEWEST + 1)


def frozen(schema):
    """What phones of that schema said."""
    return orjson.loads((FIXTURES / f"visit_recorded_{schema}.json").read_bytes())


@pytest.fixture
def door():
    """The door of the frozen visits, with the checklist that they name."""
    factories.a_checklist()
    building = factories.a_building()
    with transaction() as session:
        session.add(
            home := Dwelling(
                id=DOOR,
                district=building.district,
                grid_code=building.grid_code,
                building_id=building.id,
                floor=3,
                door="301",
            )
        )
    return home


def _send(sender, row, schema):
    [result] = sender.send(sender.event(row["body"], id=row["event"], schema=schema))
    return result


def test_every_schema_that_was_released_has_its_frozen_bodies():
    names = {path.name for path in FIXTURES.iterdir()}

    assert names == {f"visit_recorded_{schema}.json" for schema in SCHEMAS}


@pytest.mark.parametrize("schema", SCHEMAS)
def test_what_phones_of_every_release_say_is_applied(phone, worker, door, schema):
    sender = phone(worker)

    results = [_send(sender, row, schema)["result"] for row in frozen(schema)]

    assert results == ["accepted"] * len(results)
    db.session.refresh(door)
    assert (door.rooms, door.heating, door.lessor_phone) == (3, "coal", "15400000001")


@pytest.mark.parametrize("schema", SCHEMAS)
def test_what_phones_of_every_release_said_is_read_at_the_desk(client_of, lead, phone, worker, door, schema):
    sender = phone(worker)
    for row in frozen(schema):
        _send(sender, row, schema)

    pages = [client_of(lead).get(f"/visits/{visit.id}?lang=en") for visit in db.session.query(Visit)]

    assert {page.status_code for page in pages} == {200}
    assert any("Privacy notice, version 1: shown" in page.get_data(as_text=True) for page in pages)


def test_the_desk_says_in_which_languages_the_household_saw_notice_and_paper(
    client_of, lead, phone, worker, door
):
    first = frozen(4)[0]
    _send(phone(worker), first, 4)

    page = client_of(lead).get(f"/visits/{first['body']['visit']}?lang=en").get_data(as_text=True)

    assert "It was shown in Chinese, then in English." in page
    assert "<span>in English</span>" in page


@pytest.mark.parametrize("schema", STEPS)
def test_a_step_makes_of_an_older_body_what_it_always_made(schema):
    for row in frozen(schema):
        assert upcast(row["body"], schema) == upcast(row["next"], schema + 1)


@pytest.mark.parametrize("schema", SCHEMAS)
def test_the_bytes_that_came_stay_as_they_are(phone, worker, door, schema):
    sender = phone(worker)
    first = frozen(schema)[0]

    _send(sender, first, schema)

    revision = db.session.query(VisitRevision).one()
    assert (revision.schema, revision.body_bytes) == (schema, orjson.dumps(first["body"]))
    assert revision.body == upcast(first["body"], schema)


def test_an_older_visit_that_is_returned_goes_to_the_phone_in_the_newest_schema(
    client_of, lead, phone, worker, door
):
    sender, first = phone(worker), frozen(1)[0]
    _send(sender, first, 1)
    client_of(lead).post(
        f"/visits/{first['body']['visit']}/return", data={"reason": "照片不清", "revision": 1}
    )

    [row] = sender.pack()["returned"]

    assert row["schema"] == NEWEST
    assert row["body"]["notice"] == {"version": 1}
    assert "notice_version" not in row["body"]


def test_an_older_phone_corrects_a_visit_that_it_was_handed_in_the_newer_form(phone, worker, door):
    sender, first = phone(worker), frozen(2)[0]
    _send(sender, first, 2)
    body = first["body"] | {"revision": 2, "previous": first["event"], "notice_version": 1}

    [result] = sender.send(sender.event(body, schema=1))

    assert result["result"] == "accepted"
    newest = db.session.query(VisitRevision).filter_by(number=2).one()
    assert newest.body["notice"] == first["body"]["notice"]


def test_what_an_older_phone_showed_last_counts(phone, worker, door):
    sender, first = phone(worker), frozen(2)[0]
    _send(sender, first, 2)
    body = first["body"] | {"revision": 2, "previous": first["event"], "notice_version": 3}

    [result] = sender.send(sender.event(body, schema=1))

    assert result["result"] == "accepted"
    assert db.session.query(VisitRevision).filter_by(number=2).one().body["notice"] == {"version": 3}


@pytest.mark.parametrize(
    "body", [None, [], "text", {"notice_version": "one"}, {"notice": 1, "notice_version": {}}]
)
def test_an_older_body_that_is_wrong_is_kept_and_fails_nothing(phone, worker, body):
    sender = phone(worker)
    text = orjson.dumps(body).decode()

    [result] = sender.send(sender.event(text, schema=1))

    assert [problem["code"] for problem in result["problems"]] == ["invalid"]
    assert db.session.query(InboxEvent).one().body_bytes == text.encode()


@pytest.fixture
def an_older_server(monkeypatch):
    """Until it is called, this server understands schema 1 only; the call is the upgrade."""
    with pytest.MonkeyPatch.context() as patch:
        kind, (_newest, *rest) = next(iter(envelope.BODIES.items()))
        patch.setattr(envelope, "BODIES", {kind: (1, *rest)})
        yield patch.undo


def _upgrade(app):
    return app.test_cli_runner().invoke(args=["prepare"])


def test_a_body_from_a_newer_phone_is_kept_and_applied_by_the_upgrade(
    app, phone, worker, door, an_older_server
):
    sender, newest = phone(worker), frozen(2)
    kept = [_send(sender, row, 2) for row in newest]
    assert [result["problems"][0]["code"] for result in kept] == ["newer"] * len(kept)
    assert db.session.query(Visit).count() == 0

    an_older_server()
    answer = _upgrade(app)

    assert answer.exit_code == 0, answer.output
    assert db.session.query(Visit).count() == 3
    assert db.session.query(InboxEvent).filter_by(result="quarantined").count() == 0
    assert db.session.query(AuditEntry).filter_by(action="event.replayed").count() == len(newest)
    assert _send(sender, newest[0], 2)["result"] == "duplicate"


def test_what_is_still_not_understood_stays_as_it_was(app, phone, worker, door):
    sender, first = phone(worker), frozen(1)[0]
    before = _send(sender, first, NEWEST + 1)

    _upgrade(app)

    db.session.expire_all()
    assert _send(sender, first, NEWEST + 1) == before
    assert db.session.query(Visit).count() == 0


def test_a_body_that_is_sealed_in_a_way_of_the_future_is_not_taken_for_damaged(app, phone, worker):
    sender = phone(worker)
    event = sender.event("c2VhbGVk", enc="hpke-1")
    before = sender.send(event)

    _upgrade(app)

    assert sender.send(event) == before


def test_a_record_that_somebody_closed_is_not_applied_by_an_upgrade(
    app, phone, worker, door, an_older_server
):
    sender, first = phone(worker), frozen(2)[0]
    _send(sender, first, 2)
    with transaction() as session:
        session.query(InboxEvent).one().closed_at = worker.created_at

    an_older_server()
    _upgrade(app)

    assert db.session.query(Visit).count() == 0


def test_the_phones_app_writes_the_newest_schema():
    root = Path(__file__).parents[2]
    steps = re.search(r"const STEPS = \[(.*)\];", (root / "static/js/offline/upcasts.js").read_text("utf-8"))

    assert steps
    assert len(steps.group(1).split(",")) + 1 == NEWEST


def test_the_schema_of_a_plain_visit_leaves_out_only_what_may_be_absent():
    whole, plain = VisitBody().fields, envelope.PLAIN.fields
    left_out = [field for name, field in whole.items() if name not in plain]

    assert left_out
    assert not [field.name for field in left_out if field.required or field.load_default is not missing]


@pytest.mark.parametrize("more", [{}, {"requests": []}])
def test_a_visit_is_read_alike_with_and_without_the_parts_that_most_do_not_have(more):
    sent = {
        **{
            "visit": str(new_id()),
            "revision": 1,
            "dwelling": str(new_id()),
            "outcome": "done",
            "note": "看过了",
        },
        **{"started_at": "2026-11-02T08:00:00Z", "finished_at": "2026-11-02T08:05:00+08:00", "consent": True},
    }
    _newest, _upcast, load = envelope.BODIES["visit.recorded"]

    assert load(sent | more) == VisitBody().load(sent) | more
    for wrong in ({"outcome": "else"}, {"nonsense": 1}, {"revision": 2}, {"visit": "x"}):
        with pytest.raises(ValidationError):
            load(sent | more | wrong)
