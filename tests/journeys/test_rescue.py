"""A phone that is about to fail: its file, written without a server, brings everything to the desk once."""

from pathlib import Path

from playwright.sync_api import expect

from tests.journeys.desk import Desk
from tests.journeys.phone import PhoneScreen
from tests.journeys.server import Server


def test_what_a_dying_phone_wrote_into_a_file_is_at_the_desk_once(
    phone_browser: PhoneScreen, desk: Desk, server: Server, tmp_path: Path
) -> None:
    server.kill()
    phone_browser.no_answer()
    phone_browser.begin_visit()
    phone_browser.shoot(phone_browser.add_hazard(0))
    phone_browser.finish()
    file = _write_file(phone_browser, tmp_path)
    _lose_everything(phone_browser)

    server.start()
    _import(desk, file)
    _import(desk, file)

    assert server.count("visits") == server.count("visit_revisions") == 2
    assert server.rows("SELECT kind, state FROM photos") == [("full", "stored")]
    expect(desk.queue()).to_have_count(2)


def test_a_visit_that_is_still_open_is_said_not_to_be_in_the_file(phone_browser: PhoneScreen) -> None:
    phone_browser.begin_visit()
    phone_browser.note("房东")
    phone_browser.page.goto(f"{phone_browser.address}/phone/me")
    phone_browser.see("me")

    expect(phone_browser.page.locator("[data-text=received]")).not_to_contain_text("KB")
    phone_browser.tap("[data-rescue-write]")

    expect(phone_browser.page.locator("[data-rescue-line]")).to_contain_text(
        phone_browser.words("rescue_open")
    )


def _write_file(phone: PhoneScreen, folder: Path) -> Path:
    phone.go("me")
    phone.tap("[data-rescue-write]")
    link = phone.page.locator("[data-rescue-link]")
    expect(link).to_be_visible()
    expect(phone.page.locator("[data-rescue-line]")).to_have_class("message is-waiting")
    # The file is there: saving it comes first, right below the line that says so.
    again = phone.page.locator("[data-rescue-link] + [data-rescue-write]")
    expect(again).to_have_text(phone.words("rescue_again"))
    with phone.page.expect_download() as download:
        phone.tap(link)
    assert download.value.suggested_filename.endswith(".doorstep")
    file = folder / "phone.doorstep"
    download.value.save_as(file)
    return file


def _lose_everything(phone: PhoneScreen) -> None:
    """What a browser that needs room, or a broken phone, does to what is stored."""
    session = phone.browser.context.new_cdp_session(phone.page)
    session.send("Storage.clearDataForOrigin", {"origin": phone.address, "storageTypes": "all"})
    phone.page.goto("about:blank")


def _import(desk: Desk, file: Path) -> None:
    desk.go("/rescue")
    desk.page.set_input_files("#file", file)
    desk.page.click('form[action="/rescue"] button')
    expect(desk.page.locator("dl.facts")).to_be_visible()
    expect(desk.page.locator(".message.is-done")).to_be_visible()
