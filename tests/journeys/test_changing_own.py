"""Something was forgotten and "Finish" tapped: one's own visit is changed while nobody has decided on it."""

import re

from playwright.sync_api import expect

from tests.journeys.desk import Desk
from tests.journeys.phone import PhoneScreen
from tests.journeys.server import Server
from tests.waiting import until

NOTE = "[data-visit-note]"


def test_a_finished_visit_is_changed_from_the_line_that_says_it_is_saved_and_from_its_door(
    phone_browser: PhoneScreen, server: Server
) -> None:
    server.kill()
    door = phone_browser.begin_visit()
    phone_browser.note("漏了一句")
    phone_browser.finish()

    change_from_the_line(phone_browser)

    expect(phone_browser.at("[data-visit-own]")).to_be_visible()
    expect(phone_browser.at(NOTE)).to_have_value("漏了一句")
    phone_browser.note("补上了")
    phone_browser.finish()
    open_again(phone_browser, door)
    phone_browser.tap("[data-door-own]")
    phone_browser.see("visit")
    expect(phone_browser.at(NOTE)).to_have_value("补上了")
    server.start()
    phone_browser.network_returns()
    until(lambda: phone_browser.waiting() == 0)
    assert [record["state"] for record in phone_browser.records()] == ["accepted", "accepted"]


def test_changes_that_are_discarded_leave_the_visit_as_it_was_finished(
    phone_browser: PhoneScreen, server: Server
) -> None:
    server.kill()
    door = phone_browser.begin_visit()
    phone_browser.finish()
    change_from_the_line(phone_browser)
    phone_browser.note("不要了")

    expect(phone_browser.at("[data-discard]")).to_have_text(phone_browser.words("discard_changes"))
    phone_browser.tap("[data-discard]")

    phone_browser.see("round")
    (record,) = phone_browser.records()
    assert "note" not in record["body"]
    open_again(phone_browser, door)
    expect(phone_browser.at("[data-door-own]")).to_be_visible()
    # Where one has just been, changing comes before beginning anew.
    expect(phone_browser.at("[data-door-own]")).to_have_class(re.compile("primary"))
    expect(phone_browser.at("[data-door-start]")).not_to_have_class(re.compile("primary"))


def test_the_desk_sees_what_was_said_first_and_what_was_changed(
    phone_browser: PhoneScreen, desk: Desk
) -> None:
    phone_browser.begin_visit()
    phone_browser.note("二十平米")
    phone_browser.finish()
    until(lambda: phone_browser.waiting() == 0)
    change_from_the_line(phone_browser)
    phone_browser.note("三十平米")
    phone_browser.finish()
    until(lambda: phone_browser.waiting() == 0)

    desk.queue().locator("a").first.click()

    expect(desk.page.locator("main")).to_contain_text("三十平米")
    expect(desk.page.locator("main")).to_contain_text("二十平米")


def change_from_the_line(phone: PhoneScreen) -> None:
    """Within the seconds in which it is said that the visit is saved."""
    phone.see("round")
    button = phone.at("[data-toast-undo]")
    expect(button).to_have_text(phone.words("change"))
    phone.tap(button)
    phone.see("visit")


def open_again(phone: PhoneScreen, door: str) -> None:
    """A door that is done, from the round."""
    phone.go("round")
    phone.tap('[data-round-filter] .chip:has(input[value="all"])')
    phone.tap(phone.page.locator(".cell:visible", has_text=re.compile(f"^{re.escape(door)}")).first)
    phone.see("door")
