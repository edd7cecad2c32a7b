"""What a change of a finished visit takes out, takes back, or never meant."""

from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from tests.journeys.phone import PhoneScreen
from tests.journeys.server import Server
from tests.journeys.test_changing_own import change_from_the_line, open_again
from tests.waiting import until


def sent_and_fetched(phone: PhoneScreen) -> None:
    until(lambda: phone.waiting() == 0)
    phone.page.evaluate('part("offline/pack.js").then(({refresh}) => refresh())')


def change_at_the_door(phone: PhoneScreen, door: str) -> None:
    open_again(phone, door)
    phone.tap("[data-door-own]")
    phone.see("visit")


def test_a_hazard_that_is_taken_out_is_not_asked_about(phone_browser: PhoneScreen, server: Server) -> None:
    door = phone_browser.begin_visit()
    phone_browser.add_hazard(0)
    phone_browser.finish()
    sent_and_fetched(phone_browser)
    change_at_the_door(phone_browser, door)
    phone_browser.tap("[data-groups] [data-finding] [data-remove]")
    phone_browser.page.locator("[data-checked]").check()

    phone_browser.tap("[data-finish]")
    phone_browser.page.wait_for_timeout(1500)
    expect(phone_browser.page.locator("[data-visit-error]")).to_be_hidden()


def test_a_notice_that_is_shown_once_more_says_the_days_that_the_desk_has(
    phone_browser: PhoneScreen, server: Server
) -> None:
    page = phone_browser.page
    door = phone_browser.begin_visit()
    card = phone_browser.add_hazard(1)
    due = card.locator("[data-due]").inner_text()
    assert phone_browser.words("fix_by").search(due), due
    phone_browser.tap("[data-paper-open]")
    sheet = page.locator("[data-sheet-day], [data-sheet-list] [data-text=due]")
    left = sheet.all_inner_texts()
    phone_browser.tap("[data-paper-answer=left]")
    phone_browser.finish()
    sent_and_fetched(phone_browser)

    page.clock.set_fixed_time(datetime.now(UTC) + timedelta(days=3))
    change_at_the_door(phone_browser, door)

    expect(page.locator("[data-groups] [data-finding] [data-due]")).to_have_text(due)
    phone_browser.tap("[data-paper-open]")
    assert sheet.all_inner_texts() == left


def test_what_was_discarded_is_begun_anew_at_the_door(phone_browser: PhoneScreen, server: Server) -> None:
    door = phone_browser.begin_visit()
    phone_browser.finish()
    change_from_the_line(phone_browser)
    phone_browser.tap("[data-discard]")
    phone_browser.see("round")
    open_again(phone_browser, door)
    phone_browser.tap("[data-door-own]")
    phone_browser.page.wait_for_timeout(1500)
    expect(phone_browser.page.locator("body")).to_have_attribute("data-on", "visit")


def test_what_was_opened_by_a_slip_leaves_nothing_unfinished(
    phone_browser: PhoneScreen, server: Server
) -> None:
    phone_browser.begin_visit()
    phone_browser.finish()
    change_from_the_line(phone_browser)
    phone_browser.page.go_back()
    phone_browser.page.wait_for_timeout(1000)
    drafts = phone_browser.page.evaluate('part("offline/drafts.js").then(({all}) => all())')
    assert drafts == []


def test_who_moved_out_has_a_name(phone_browser: PhoneScreen, server: Server) -> None:
    page = phone_browser.page
    for number in range(6):
        door = phone_browser.open_door(number)
        phone_browser.start_visit()
        if page.locator("[data-people] [data-moved]:visible").count():
            break
        phone_browser.tap("[data-discard]")
        phone_browser.see("round")
    row = page.locator("[data-people] [data-occupancy]").first
    row.locator("[data-moved]").tap()
    phone_browser.finish()
    sent_and_fetched(phone_browser)
    change_at_the_door(phone_browser, door)
    page.locator("[data-people]").scroll_into_view_if_needed()
    text = page.locator("[data-people]").inner_text()
    assert phone_browser.words("person_gone").search(text) is None, text


def test_a_photo_that_was_taken_out_does_not_come_back(phone_browser: PhoneScreen, server: Server) -> None:
    phone_browser.begin_visit()
    phone_browser.shoot(phone_browser.add_hazard(0))
    phone_browser.finish()
    until(lambda: phone_browser.waiting() == 0)
    change_from_the_line(phone_browser)
    page = phone_browser.page
    expect(page.locator("[data-finding] .photo")).to_have_count(1)
    phone_browser.tap("[data-finding] .photo [data-remove]")
    expect(page.locator("[data-finding] .photo")).to_have_count(0)
    phone_browser.tap("[data-back]")
    phone_browser.see("door")
    phone_browser.tap("[data-door-continue]")
    phone_browser.see("visit")
    page.wait_for_timeout(1000)
    expect(page.locator("[data-finding] .photo")).to_have_count(0)
