"""A phone without room: it says in red what it could not save, loses nothing of what it had, and sends all the same."""

from playwright.sync_api import expect

from tests.journeys.chromium import no_room
from tests.journeys.phone import PhoneScreen
from tests.journeys.server import Server
from tests.waiting import until

_NO_ROOM_TO_FINISH = """
() => {
  const real = IDBObjectStore.prototype.put;
  window.roomReturns = () => { IDBObjectStore.prototype.put = real; };
  IDBObjectStore.prototype.put = function (...of) {
    if (this.name === "outbox") throw new DOMException("no room", "QuotaExceededError");
    return real.apply(this, of);
  };
}
"""


def test_one_tap_on_a_full_phone_says_in_red_that_nothing_is_saved_and_can_be_made_again(
    phone_browser: PhoneScreen, server: Server
) -> None:
    phone_browser.browser.kill()
    phone_browser.browser.open()
    banner = phone_browser.page.locator('[data-banner="storage"]')

    with no_room(phone_browser.page, phone_browser.address):
        phone_browser.page.goto(f"{phone_browser.address}/phone/")
        phone_browser.see("round")
        phone_browser.open_door()
        phone_browser.tap('[data-end="no_answer"]')
        expect(banner).to_be_visible()
        assert phone_browser.page.locator("body").get_attribute("data-on") == "door"
        expect(phone_browser.page.locator('[data-end="no_answer"]')).not_to_have_attribute(
            "aria-disabled", "true"
        )

    phone_browser.tap("[data-storage-retry]")
    expect(banner).to_be_hidden()
    phone_browser.tap('[data-end="no_answer"]')
    phone_browser.see("round")
    until(lambda: server.count("visits") == 1, 45)


def test_an_ending_that_finds_no_room_says_so_and_is_saved_when_there_is_some(
    phone_browser: PhoneScreen, server: Server
) -> None:
    phone_browser.open_door()
    phone_browser.page.evaluate(_NO_ROOM_TO_FINISH)
    phone_browser.tap('[data-end="no_answer"]')
    phone_browser.see("round")
    banner = phone_browser.page.locator('[data-banner="storage"]')
    expect(banner).to_be_visible(timeout=15_000)
    expect(phone_browser.page.locator("[data-toast-text]")).to_be_hidden()
    assert phone_browser.records() == []

    phone_browser.page.evaluate("roomReturns()")
    phone_browser.tap("[data-storage-retry]")

    until(lambda: server.count("visits") == 1, 45)
    expect(banner).to_be_hidden()


def test_a_full_phone_sends_what_it_has_and_says_what_is_wrong(
    phone_browser: PhoneScreen, server: Server
) -> None:
    server.kill()
    phone_browser.nothing_changed()
    phone_browser.browser.close()
    phone_browser.browser.open()

    with no_room(phone_browser.page, phone_browser.address):
        server.start()
        phone_browser.page.goto(f"{phone_browser.address}/phone/outbox")
        phone_browser.tap("[data-send-now]")
        until(lambda: server.count("visits") == 1, 45)
        expect(phone_browser.page.locator('[data-banner="storage"]')).to_be_visible()
        expect(phone_browser.page.locator("[data-outbox-head]")).to_contain_text(
            phone_browser.words("drain_storage")
        )

    phone_browser.tap("[data-storage-retry]")

    until(lambda: [record["state"] for record in phone_browser.records()] == ["accepted"], 45)
    assert server.count("visits") == 1


def test_a_full_phone_with_an_ending_of_before_starts_all_the_same(
    phone_browser: PhoneScreen, server: Server
) -> None:
    server.kill()
    phone_browser.no_answer()
    phone_browser.browser.kill()
    phone_browser.browser.open()

    with no_room(phone_browser.page, phone_browser.address):
        phone_browser.page.goto(f"{phone_browser.address}/phone/")
        phone_browser.see("round")
        expect(phone_browser.page.locator('[data-banner="storage"]')).to_be_visible()

    phone_browser.browser.kill()
    phone_browser.restart()
    phone_browser.see("round")
    until(lambda: [record["state"] for record in phone_browser.records()] == ["waiting"])


def test_a_full_phone_says_in_red_that_nothing_is_saved_and_the_form_stays(
    phone_browser: PhoneScreen, server: Server
) -> None:
    phone_browser.begin_visit()
    phone_browser.note("房东")
    phone_browser.browser.close()
    phone_browser.browser.open()

    with no_room(phone_browser.page, phone_browser.address):
        phone_browser.page.goto(f"{phone_browser.address}/phone/")
        phone_browser.see("visit")
        phone_browser.page.fill("[data-visit-note]", "房东晚上回来")
        banner = phone_browser.page.locator('[data-banner="storage"]')
        expect(banner).to_be_visible()
        expect(phone_browser.page.locator("[data-saved]")).to_have_text(phone_browser.words("not_saved"))
        expect(phone_browser.page.locator("[data-visit-note]")).to_have_value("房东晚上回来")

    phone_browser.tap("[data-storage-retry]")
    expect(banner).to_be_hidden()
    phone_browser.finish()
    (record,) = phone_browser.records()
    assert "房东晚上回来" in record["body"]


def test_that_little_room_is_left_is_said_before_photos_stop(phone_browser: PhoneScreen) -> None:
    banner = phone_browser.page.locator('[data-banner="room"]')
    expect(banner).to_be_hidden()
    phone_browser.page.add_init_script(
        "navigator.storage.estimate = async () => ({ quota: 50 * 1024 ** 2, usage: 40 * 1024 ** 2 })"
    )

    phone_browser.page.goto(f"{phone_browser.address}/phone/")

    phone_browser.see("round")
    expect(banner).to_be_visible()
    expect(phone_browser.page.locator("[data-room]")).to_contain_text("10")
