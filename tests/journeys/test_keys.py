"""By keys alone, and by ear: what was done can be undone with the next Tab, and is told."""

from typing import Any

from playwright.sync_api import expect

from tests.journeys.phone import PhoneScreen


def test_the_next_tab_leads_to_what_was_just_done_and_the_one_after_goes_on(
    phone_browser: PhoneScreen,
) -> None:
    page = phone_browser.page
    name = phone_browser.no_answer()
    expect(page.locator("[data-live]")).to_contain_text(name)

    page.keyboard.press("Tab")
    expect(page.locator("[data-toast-next]")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("[data-toast-undo]")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_undo_by_keys_leaves_the_focus_where_the_work_goes_on(phone_browser: PhoneScreen) -> None:
    page = phone_browser.page
    phone_browser.begin_visit()
    phone_browser.tap("[data-add-person]")
    page.keyboard.type("演示·张三")
    page.locator("[data-added] [data-remove]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-added] .person-form")).to_have_count(0)
    expect(page.locator("[data-live]")).to_contain_text("演示·张三")

    page.keyboard.press("Tab")
    expect(page.locator("[data-toast-undo]")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.locator("[data-add-person]")).to_be_focused()
    page.keyboard.press("Control+z")

    expect(page.locator("[data-added] [name=name]")).to_have_value("演示·张三")
    assert page.evaluate("document.activeElement !== document.body")


def test_what_has_the_focus_does_not_go_by_itself(phone_browser: PhoneScreen) -> None:
    page = phone_browser.page
    page.clock.install()
    phone_browser.no_answer()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.clock.run_for(60_000)

    expect(page.locator("[data-toast-undo]")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator("[data-toast-text]")).to_have_text(phone_browser.words("undone"))
    assert phone_browser.records() == []
    focused: Any = page.evaluate("document.activeElement.tagName")
    assert focused != "BODY"
