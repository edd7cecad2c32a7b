"""The same visit in two windows: there is one of it, and what happened in the other window is said plainly."""

from playwright.sync_api import expect

from tests.journeys.phone import PhoneScreen
from tests.waiting import until

_TAP_AT = "(at) => setTimeout(() => document.querySelector('[data-door-start]').click(), at - Date.now())"
_DRAFTS = 'async () => (await part("offline/drafts.js")).all()'


def test_a_visit_begun_in_two_windows_at_once_is_one_visit(phone_browser: PhoneScreen) -> None:
    first = phone_browser.page
    phone_browser.open_door()
    second = phone_browser.browser.context.new_page()
    second.goto(first.url)
    expect(second.locator("[data-door-start]")).to_be_visible()

    at = first.evaluate("Date.now() + 300")
    for window in (first, second):
        window.evaluate(_TAP_AT, at)

    for window in (first, second):
        expect(window.locator('[data-screen="visit"]')).to_be_visible()
    until(lambda: len({window.evaluate("location.href") for window in (first, second)}) == 1)
    assert len(first.evaluate(_DRAFTS)) == 1
    second.fill("[data-visit-note]", "第二个窗口写的")
    until(lambda: first.evaluate(_DRAFTS)[0]["body"].get("note") == "第二个窗口写的")
    for window in (first, second):
        expect(window.locator('[data-banner="storage"]')).to_be_hidden()


def test_what_was_finished_in_another_window_is_said_to_be(phone_browser: PhoneScreen) -> None:
    first = phone_browser.page
    phone_browser.begin_visit()
    second = phone_browser.browser.context.new_page()
    second.goto(first.url)
    expect(second.locator('[data-screen="visit"]')).to_be_visible()
    phone_browser.tap("[data-unchanged]")
    phone_browser.finish()

    second.fill("[data-visit-note]", "太晚了")

    expect(second.locator('[data-screen="round"]')).to_be_visible()
    expect(second.locator("[data-toast-text]")).to_have_text(phone_browser.words("ended_elsewhere"))
    expect(second.locator('[data-banner="storage"]')).to_be_hidden()
    assert len(phone_browser.records()) == 1
