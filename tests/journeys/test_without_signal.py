"""A day's work while the server is dead, with a browser that is killed on the way."""

import re
from datetime import date

from playwright.sync_api import expect

from field.demo import numbers
from tests.journeys.audit import faults_of
from tests.journeys.phone import PhoneScreen, a_large_picture
from tests.journeys.server import Server
from tests.waiting import until

RIGHT = numbers.identity_number(date(1990, 1, 1), 11)
# Draws a picture of 12 megapixels, lets the worker make it small, and answers the size of what came back.
SHRINK_BY_WORKER = """async () => {
  const canvas = new OffscreenCanvas(4000, 3000);
  canvas.getContext("2d").fillRect(10, 10, 900, 900);
  const source = await canvas.convertToBlob({ type: "image/jpeg" });
  const worker = new Worker("/phone/shrink-worker.js", { type: "module" });
  return new Promise((resolve) => {
    worker.onerror = () => resolve(-1);
    worker.onmessage = ({ data }) => resolve(data.small?.bytes.byteLength ?? 0);
    worker.postMessage({ turn: 1, source, boxes: [] });
  });
}"""
BYTES_OF = """async (id) => {
  const { bytesOf } = await part("offline/photos.js");
  return Array.from(new Uint8Array(await bytesOf(id)));
}"""
WRONG = RIGHT[:-1] + ("0" if RIGHT[-1] != "0" else "1")


def test_every_kind_of_visit_is_kept_on_the_phone_while_the_server_is_dead(
    phone_browser: PhoneScreen, server: Server
) -> None:
    server.kill()
    phone_browser.no_answer()
    phone_browser.nothing_changed()
    door = record_two_hazards_and_a_newcomer(phone_browser)
    cell = phone_browser.page.locator(".cell:visible", has_text=door).first
    expect(cell.locator(".cell-hazard")).to_be_visible()
    phone_browser.tap(cell)
    phone_browser.see("door")
    expect(phone_browser.page.locator("[data-door-hazards] li:visible")).to_have_count(2)
    phone_browser.go("round")
    phone_browser.go("outbox")
    expect(phone_browser.page.locator(".record")).to_have_count(3)
    kept = phone_browser.records()
    assert {record["state"] for record in kept} == {"waiting"}
    assert sorted(len(record["photos"]) for record in kept) == [0, 0, 2]


def test_a_door_tells_at_once_of_the_call_that_only_this_phone_knows_of(
    phone_browser: PhoneScreen, server: Server
) -> None:
    server.kill()
    name = phone_browser.no_answer()
    phone_browser.tap('[data-round-filter] .chip:has(input[value="no_answer"])')
    phone_browser.tap(phone_browser.page.locator(".cell:visible", has_text=name).first)
    phone_browser.see("door")
    said = phone_browser.at('[data-text="guard"]')
    expect(said).to_have_text(phone_browser.words("visited_by_me"))
    expect(said).to_contain_text(phone_browser.at('[data-end="no_answer"]').inner_text())


def test_a_wrong_id_number_shows_its_error_beside_the_field(
    phone_browser: PhoneScreen, server: Server
) -> None:
    server.kill()
    phone_browser.begin_visit()
    form = phone_browser.add_person("演示·新来一", WRONG, "15400009999")
    field = form.locator("[name=document_number]")
    expect(form.locator('[data-error="document_number"]')).to_be_visible()
    expect(field).to_have_attribute("aria-invalid", "true")
    phone_browser.tap("[data-finish]")
    expect(phone_browser.at("[data-visit-error]")).to_be_visible()
    field.fill(RIGHT)
    expect(form.locator('[data-error="document_number"]')).to_be_hidden()
    born = form.locator('[data-help="document_number"]')
    expect(born).to_contain_text(re.compile(r"1990\W?年\W?1\W?月\W?1\W?日"))
    phone_browser.finish()


def test_what_is_missing_is_said_where_it_is_missing_until_something_changes(
    phone_browser: PhoneScreen,
) -> None:
    phone_browser.begin_visit()
    phone_browser.tap(phone_browser.page.locator("[data-groups] .item:visible").first)
    card = phone_browser.page.locator("[data-groups] [data-finding]:visible").last
    phone_browser.tap("[data-finish]")
    expect(card.locator("#missing")).to_have_text(phone_browser.words("need_action"))
    assert faults_of(phone_browser.page) == []
    card.locator("[data-actions] .chip").first.tap()
    expect(phone_browser.page.locator("#missing")).to_have_count(0)


def test_a_visit_is_where_it_was_after_the_browser_was_killed_in_the_middle(
    phone_browser: PhoneScreen, server: Server
) -> None:
    server.kill()
    phone_browser.begin_visit()
    title = phone_browser.page.locator("[data-title]").inner_text()
    card = phone_browser.add_hazard(0)
    phone_browser.shoot(card)
    phone_browser.note("晚上八点后在家")
    phone_browser.browser.kill()
    phone_browser.restart()
    phone_browser.see("visit")
    expect(phone_browser.page.locator("[data-title]")).to_have_text(title)
    expect(phone_browser.page.locator("[data-visit-note]")).to_have_value("晚上八点后在家")
    expect(phone_browser.page.locator("[data-finding] .photo")).to_have_count(1)
    phone_browser.finish()
    (record,) = phone_browser.records()
    assert len(record["photos"]) == 1


def test_an_ending_of_one_tap_is_finished_at_the_next_start_when_the_browser_is_killed_before(
    phone_browser: PhoneScreen, server: Server
) -> None:
    server.kill()
    phone_browser.no_answer()
    phone_browser.browser.kill()
    phone_browser.restart()
    phone_browser.see("round")
    until(lambda: [record["state"] for record in phone_browser.records()] == ["waiting"])


def test_the_worker_that_makes_photos_small_starts_without_a_server(
    phone_browser: PhoneScreen, server: Server
) -> None:
    server.kill()
    phone_browser.browser.kill()
    phone_browser.restart()
    phone_browser.see("round")
    size = phone_browser.page.evaluate(SHRINK_BY_WORKER)
    assert 0 < size < 300 * 1024


def test_a_photo_taken_without_a_signal_is_small_and_says_nothing_of_where_it_was_taken(
    phone_browser: PhoneScreen, server: Server
) -> None:
    server.kill()
    phone_browser.browser.kill()
    phone_browser.restart()
    phone_browser.begin_visit()
    phone_browser.shoot(phone_browser.add_hazard(0), a_large_picture())
    phone_browser.finish()
    [record] = phone_browser.records()
    [photo] = record["photos"]
    kept = bytes(phone_browser.page.evaluate(BYTES_OF, photo["id"]))
    assert max(photo["width"], photo["height"]) <= 1600
    assert photo["size"] == len(kept) <= 300_000
    assert b"Exif" not in kept


def record_two_hazards_and_a_newcomer(phone: PhoneScreen) -> str:
    """The long visit of the story; answers the door's number."""
    door = phone.begin_visit()
    for number in (0, 1):
        phone.shoot(phone.add_hazard(number))
    phone.add_person("演示·新来二", RIGHT, "15400009998")
    phone.note("门口堆放杂物")
    phone.finish()
    return door
