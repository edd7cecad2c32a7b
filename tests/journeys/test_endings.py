"""How a visit ends: what is asked for once and can be passed, and what can be said after one tap has ended it."""

import json

from playwright.sync_api import expect

from tests.journeys.phone import PhoneScreen

# Ends the visit; what stands beside the tab in the first frame in which the round says that one is not sent.
_TAB_BESIDE_FILTER = """
() => new Promise((done) => {
  const find = (mark) => document.querySelector(mark);
  const look = () => {
    const said = find('[data-round-filter] .chip:has([value="waiting"]) [data-text="count"]')?.textContent;
    const seen = !find('[data-screen="round"]').matches("[hidden], [data-away]");
    const tab = find("[data-unsent]");
    if (seen && said === "1") done(tab.hidden ? "" : tab.textContent);
    else requestAnimationFrame(look);
  };
  find('[data-end="no_answer"]').click();
  look();
})
"""


def test_a_hazard_fixed_on_the_spot_without_a_photo_is_asked_about_once(phone_browser: PhoneScreen) -> None:
    phone_browser.begin_visit()
    phone_browser.add_hazard(0, "fixed_on_site")

    phone_browser.tap("[data-finish]")
    expect(phone_browser.at("[data-visit-error]")).to_have_text(phone_browser.words("no_photo_yet"))
    assert phone_browser.page.locator("[data-checked]").is_checked() is False
    phone_browser.page.wait_for_function(  # a second tap within half a second is a slip
        "(at) => performance.now() - at > 600", arg=phone_browser.page.evaluate("performance.now()")
    )
    phone_browser.finish()


def test_when_to_come_again_is_added_to_a_visit_that_one_tap_has_ended(phone_browser: PhoneScreen) -> None:
    phone_browser.open_door()
    phone_browser.tap('[data-end="rescheduled"]')
    phone_browser.see("round")
    phone_browser.tap("[data-toast-tell]")
    phone_browser.see("visit")
    expect(phone_browser.at("[data-visit-note]")).to_be_focused()
    phone_browser.note("周六上午再来")
    phone_browser.finish()

    phone_browser.go("outbox")
    card = phone_browser.page.locator("[data-records] .record").first
    expect(card).to_contain_text(phone_browser.words("state_rescheduled"))


def test_an_ending_that_needs_no_word_offers_none_and_whoever_opens_after_all_is_visited_with_their_consent(
    phone_browser: PhoneScreen,
) -> None:
    door, page = phone_browser.doors().first.get_attribute("href"), phone_browser.page
    phone_browser.no_answer()

    expect(phone_browser.at("[data-toast-undo]")).to_be_visible()
    expect(phone_browser.at("[data-toast-tell]")).to_be_hidden()

    # The call is still ending; then the visit is thrown away and begun anew before that is for good.
    for leave in ("[data-discard]", "[data-finish]"):
        phone_browser.tap(f'.cell[href="{door}"]')
        phone_browser.see("door")
        phone_browser.start_visit()
        expect(page.locator("[data-consent]")).to_be_checked()
        phone_browser.tap(leave)
        phone_browser.see("round")
    visit, call = (json.loads(record["body"]) for record in phone_browser.records())
    assert (call["outcome"], visit["outcome"], visit["consent"]) == ("no_answer", "done", True)


def test_the_tab_says_how_much_waits_in_the_moment_in_which_the_filter_does(
    phone_browser: PhoneScreen,
) -> None:
    phone_browser.open_door()

    assert phone_browser.page.evaluate(_TAB_BESIDE_FILTER) == "1"
