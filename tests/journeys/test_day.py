"""A working day: forty doors without a signal, then all of it on the desk, field by field as the phone said it."""

import hashlib
import json
from itertools import cycle, islice
from typing import Any
from uuid import UUID

from app import create_app
from field.core.db import db
from field.photos.keeping import photo_store
from field.photos.models import Photo, PhotoState
from field.visits.models import VisitRevision
from tests.journeys.day_visits import (
    ROUND,
    a_hazard_with_its_notice,
    a_second_look,
    go_to_an_open_building,
    second_thoughts,
    shops_that_changed_and_closed,
)
from tests.journeys.phone import PhoneScreen
from tests.journeys.records import record_hazard
from tests.journeys.server import Server, environment
from tests.journeys.test_without_signal import BYTES_OF
from tests.waiting import until

DAY = 40
_HAZARDS = """
part("offline/db.js").then(({ withStores }) =>
  withStores(["findings"], "readonly", (stores) => stores("findings").getAllKeys()))
"""
# Everything that a visit can say of a door, its people and its safety.
PARTS = {
    *("dwelling_changes", "occupants", "workplaces", "findings", "rechecks", "hazard_notice", "requests"),
    *("photos", "checklist", "note", "unchanged", "people_confirmed", "consent"),
}


def test_forty_visits_of_a_day_are_on_the_desk_as_they_were_said(
    phone_browser: PhoneScreen, server: Server
) -> None:
    before, door = a_hazard_from_before(phone_browser, server)
    server.kill()
    a_second_look(phone_browser, door)
    shops_that_changed_and_closed(phone_browser)
    for visit in (*islice(cycle(ROUND), DAY - 4), a_hazard_with_its_notice):
        go_to_an_open_building(phone_browser)
        visit(phone_browser)
    second_thoughts(phone_browser)
    server.start()
    phone_browser.go("outbox")
    phone_browser.network_returns()
    until(lambda: len(phone_browser.records()) == DAY + 1 and phone_browser.waiting() == 0, seconds=60)

    said = {record["id"]: json.loads(record["body"]) for record in phone_browser.records()}
    taken = photos_on(phone_browser)

    assert len({body["visit"] for body in said.values()}) == DAY
    assert_a_bit_of_everything(list(said.values()))
    held = bodies_of(server)
    [first] = [event for event, body in held.items() if body["visit"] == before]
    assert held.pop(first)["findings"]
    assert held == said
    assert photos_of(server, set(taken)) == taken


def bodies_of(server: Server) -> dict[str, Any]:
    """What the desk holds of each event: a visit, or a correction of one."""
    server.kill()
    with create_app(environment(server.data)).app_context():
        return {str(row.id): row.body for row in db.session.query(VisitRevision)}


def photos_on(phone: PhoneScreen) -> dict[str, str]:
    """What each photo of the records is, told from its bytes on the phone."""
    ids = [photo["id"] for record in phone.records() for photo in record["photos"]]
    return {photo: _digest(bytes(phone.page.evaluate(BYTES_OF, photo))) for photo in ids}


def photos_of(server: Server, ids: set[str]) -> dict[str, str]:
    """The same of the desk, told from the bytes that it keeps."""
    with create_app(environment(server.data)).app_context():
        rows = db.session.query(Photo).filter_by(kind="full", state=PhotoState.STORED)
        found = [row for row in rows if str(row.photo_id) in ids]
        assert {row.digest for row in found} == {_digest(_kept(row)) for row in found}
        return {str(row.photo_id): _digest(_kept(row)) for row in found}


def _kept(photo: Photo) -> bytes:
    assert photo.stored_digest
    return photo_store().get(photo.stored_digest)


def _digest(content: bytes) -> str:
    return f"sha-256:{hashlib.sha256(content).hexdigest()}"


def assert_a_bit_of_everything(bodies: list[dict[str, Any]]) -> None:
    """The day has said each kind of thing: what it compares, it has."""
    assert {key for body in bodies for key in body} >= PARTS
    actions = {entry["action"] for body in bodies for entry in body.get("occupants", [])}
    assert actions == {"add", "change", "moved_out"}
    assert {entry["action"] for body in bodies for entry in body.get("workplaces", [])} == {
        *("add", "change", "closed")
    }
    assert {
        entry["action"] for body in bodies for entry in body.get("occupants", []) if "moved_in_on" in entry
    } == {*("add", "change")}
    asked = {fact for body in bodies for entry in body.get("requests", []) for fact in entry}
    assert asked == {"id", "kind", "note", "eligibility", "papers", "remind_on"}
    assert {body["revision"] for body in bodies} == {1, 2}
    answers = [body["hazard_notice"] for body in bodies if "hazard_notice" in body]
    assert {answer["response"] for answer in answers} == {"signed", "left", "declined"}
    assert [answer for answer in answers if answer.get("signature", {}).get("strokes")]
    assert {len(body["photos"]) for body in bodies if "photos" in body} == {1}


def a_hazard_from_before(phone: PhoneScreen, server: Server) -> tuple[str, str]:
    """Somebody has found a hazard, and the phone knows; answers that visit and the door."""
    visit, hazard = record_hazard(server)
    [[door]] = server.rows("SELECT dwelling_id FROM findings")
    phone.go("me")
    phone.tap("[data-me-refresh]")
    until(lambda: phone.page.evaluate(_HAZARDS) == [hazard], 30)
    phone.go("round")
    return visit, str(UUID(door))
