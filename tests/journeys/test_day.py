"""A working day: forty doors without a signal, then all of it on the desk, field by field as the phone said it."""

import hashlib
import json
from collections.abc import Callable
from datetime import date, timedelta
from itertools import cycle, islice
from typing import Any
from uuid import UUID

from playwright.sync_api import expect

from app import create_app
from field.core.db import db
from field.demo import numbers
from field.photos.keeping import photo_store
from field.photos.models import Photo, PhotoState
from field.visits.models import VisitRevision
from tests.journeys.phone import PhoneScreen
from tests.journeys.records import record_hazard
from tests.journeys.server import Server, environment
from tests.journeys.test_paper import open_and_draw
from tests.journeys.test_without_signal import BYTES_OF
from tests.waiting import until

DAY = 40
# Somewhere where two or more are known to live and nobody of this phone was yet.
_HOUSEHOLD = """
async () => {
  const { withStores } = await part("offline/db.js");
  const [people, records] = await withStores(["occupants", "outbox"], "readonly", (stores) =>
    Promise.all(["occupants", "outbox"].map((name) => stores(name).getAll())));
  const seen = new Set(records.map(({ door }) => door));
  const homes = people.map(({ door }) => door).filter((door) => !seen.has(door));
  return homes.find((door, at) => homes.indexOf(door) !== at);
}
"""
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
    for visit in islice(cycle(ROUND), DAY - 1):
        go_to_an_open_building(phone_browser)
        visit(phone_browser)
    server.start()
    phone_browser.go("outbox")
    phone_browser.network_returns()
    until(lambda: len(phone_browser.records()) == DAY and phone_browser.waiting() == 0, seconds=60)

    said = {record["visit"]: json.loads(record["body"]) for record in phone_browser.records()}
    taken = photos_on(phone_browser)

    assert len(said) == DAY
    assert_a_bit_of_everything(list(said.values()))
    held = bodies_of(server)
    assert held.pop(before)["findings"]
    assert held == said
    assert photos_of(server, set(taken)) == taken


def bodies_of(server: Server) -> dict[str, Any]:
    """What the desk holds of each visit."""
    server.kill()
    with create_app(environment(server.data)).app_context():
        return {str(row.visit_id): row.body for row in db.session.query(VisitRevision)}


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
    answers = [body["hazard_notice"] for body in bodies if "hazard_notice" in body]
    assert {answer["response"] for answer in answers} == {"signed", "declined"}
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


def go_to_an_open_building(phone: PhoneScreen) -> None:
    """Unfold the next building when the last one is done."""
    buildings = phone.page.locator("[data-round-buildings] details")
    opened = buildings.and_(phone.page.locator("[open]"))
    while phone.doors().count() == 0:
        before = opened.count()
        phone.page.locator("[data-round-buildings] details:not([open]) > summary").first.tap()
        expect(opened).to_have_count(before + 1)


def visit_door(phone: PhoneScreen, door: str) -> None:
    """Begin a visit at a certain door."""
    phone.page.evaluate("(there) => { location.href = there; }", f"/phone/door#{door}")
    phone.see("door")
    phone.start_visit()


def ended(outcome: str) -> Callable[[PhoneScreen], None]:
    """A door at which no visit takes place."""

    def visit(phone: PhoneScreen) -> None:
        phone.open_door()
        phone.tap(f'[data-end="{outcome}"]')
        phone.see("round")

    return visit


def unchanged(phone: PhoneScreen) -> None:
    """All is as known."""
    phone.nothing_changed()


def a_second_look(phone: PhoneScreen, door: str) -> None:
    """What was open is put right, and there is a photo of it."""
    visit_door(phone, door)
    row = phone.page.locator("[data-recheck]")
    row.locator("[data-results] .chip").first.tap()
    phone.shoot(row)
    row.locator("[data-note]").fill("已清理")
    phone.finish()


def a_hazard_with_its_notice(phone: PhoneScreen) -> None:
    """A hazard with a photo, a place and a note, and a notice that every other household signs."""
    signs = sum(len(record["photos"]) for record in phone.records()) % 2
    phone.begin_visit()
    card = phone.add_hazard(2)
    phone.shoot(card)
    card.locator("[data-spot]").fill("二楼楼道")
    card.locator("[data-note]").fill("堆了纸箱")
    if signs:
        open_and_draw(phone)
        phone.tap("[data-paper-sign]")
    else:
        phone.tap("[data-paper-open]")
        phone.tap("[data-paper-answer=declined]")
    phone.finish()


def a_home_that_changed(phone: PhoneScreen) -> None:
    """Other rooms, another stove, a landlord; and a note for the next visit."""
    phone.begin_visit()
    phone.tap("[data-visit-dwelling] > summary")
    facts = {"rooms": "9", "rooms_let": "8", "floor_area_m2": "33.5", "lessor_name": "演示房东·钱一"}
    for fact, text in facts.items():
        phone.page.fill(f"[data-fact={fact}]", text)
    phone.page.fill("[data-fact-phone]", "0943-8228123")
    for chips in ('[data-fact-chips="heating"]', '[data-fact-yesno="lease_filed"]'):
        phone.page.locator(f"{chips} .chip:not(:has(:checked))").last.tap()
    phone.note("晚上八点后在家")
    phone.finish()


def people_who_came_and_went(phone: PhoneScreen) -> None:
    """One has moved out, of another the phone and the reason are other ones now."""
    visit_door(phone, phone.page.evaluate(_HOUSEHOLD))
    rows = phone.page.locator("[data-people] > li")
    rows.first.locator("[data-moved]").tap()
    left = date.today() - timedelta(days=2)  # noqa: DTZ011 a day is enough here
    rows.first.locator("[data-moved-on] input").fill(left.isoformat())
    rows.nth(1).locator("[data-edit]").tap()
    rows.nth(1).locator("[name=phone]").fill("15400009992")
    rows.nth(1).locator('[data-chips="reason"] .chip:not(:has(:checked))').first.tap()
    phone.tap("[data-confirm-all]")
    phone.finish()


def a_newcomer_who_asks(phone: PhoneScreen) -> None:
    """Somebody has moved in and wants a permit."""
    order = len(phone.records())
    phone.begin_visit()
    phone.add_person(f"演示·新来{order}", numbers.identity_number(date(1990, 1, 2), order), "15400009990")
    phone.tap("[data-visit-requests] > summary")
    phone.page.locator("[data-requests] .chip").nth(1).tap()
    phone.page.locator("[data-conditions] .check").first.tap()
    phone.page.locator("[data-request-note]").fill("想办居住证")
    phone.finish()


def a_shop(phone: PhoneScreen) -> None:
    """There is a shop behind the door now, with its licence."""
    order = len(phone.records())
    phone.begin_visit()
    phone.tap("[data-visit-workplaces] > summary")
    phone.tap("[data-add-workplace]")
    form = phone.page.locator("[data-added-workplaces] .person-form")
    typed = {
        "name": "演示·修理铺",
        "credit_code": numbers.credit_code(90_000 + order),
        "contact_name": "演示·孙一",
        "contact_phone": "15400009991",
        "headcount": "2",
        "dormitory_headcount": "1",
    }
    for name, text in typed.items():
        form.locator(f"[name={name}]").fill(text)
    form.locator('[data-chips="kind"] .chip').nth(1).tap()
    phone.finish()


ROUND = (
    ended("no_answer"),
    a_home_that_changed,
    ended("vacant"),
    people_who_came_and_went,
    a_hazard_with_its_notice,
    ended("refused"),
    unchanged,
    a_newcomer_who_asks,
    ended("rescheduled"),
    a_shop,
)
