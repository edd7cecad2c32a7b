"""What the household is shown: it counts once it was seen, is read in their language, and is silent when the app is."""

import json
from typing import Any

from playwright.sync_api import expect

from tests.journeys.album import LOOKS, dress
from tests.journeys.phone import PhoneScreen
from tests.journeys.test_at_the_door import _PUT_AWAY
from tests.waiting import until

_DRAFTED = """
async () => {
  const { all } = await part("offline/drafts.js");
  return (await all())[0].body;
}
"""
# What is spoken, and whether it was hushed since; somebody hears it where the phone has a voice.
_LISTEN = """
() => {
  window.heard = [];
  window.voice = false;
  speechSynthesis.speak = (speech) => {
    heard.push([speech.lang, speech.text]);
    setTimeout(() => speech.dispatchEvent(new Event(voice ? "start" : "error")));
  };
  speechSynthesis.cancel = () => { heard.length = 0; };
}
"""


def test_the_notice_counts_once_its_end_was_on_the_screen(phone_browser: PhoneScreen) -> None:
    page = phone_browser.page
    phone_browser.begin_visit()
    expect(page.locator("[data-visit-notice]")).to_have_attribute("open", "")
    page.clock.install()
    page.clock.run_for(10_000)

    phone_browser.note("还没给住户看")
    assert "notice" not in drafted(phone_browser)
    expect(page.locator("[data-notice-state]")).to_have_text(phone_browser.words("notice_open"))

    phone_browser.show_notice()
    until(lambda: page.clock.run_for(500) or "notice" in drafted(phone_browser))
    expect(page.locator("[data-notice-state]")).to_have_text(phone_browser.words("notice_shown"))
    assert drafted(phone_browser)["notice"]["version"] == 1


def test_the_notice_counts_in_letters_so_large_that_its_last_words_fill_the_screen(
    phone_browser: PhoneScreen,
) -> None:
    dress(phone_browser, LOOKS[-1])
    phone_browser.begin_visit()

    phone_browser.show_notice()

    until(lambda: "notice" in drafted(phone_browser))


def test_the_notice_counts_when_the_worker_opens_it(phone_browser: PhoneScreen) -> None:
    phone_browser.begin_visit()
    summary = phone_browser.page.locator("[data-visit-notice] > summary")
    phone_browser.tap(summary)
    expect(phone_browser.page.locator("[data-notice]")).to_be_hidden()
    assert "notice" not in drafted(phone_browser)

    phone_browser.tap(summary)

    until(lambda: "notice" in drafted(phone_browser))


def test_one_tap_turns_notice_and_paper_into_the_language_of_the_household(
    phone_browser: PhoneScreen,
) -> None:
    page = phone_browser.page
    phone_browser.begin_visit()
    phone_browser.tap("[data-visit-notice] [data-turn]")
    expect(page.locator("[data-notice]")).to_have_attribute("lang", "en")
    expect(page.locator(".notice-title")).to_have_text("About this visit")
    until(lambda: "notice" in drafted(phone_browser))

    phone_browser.add_hazard(0)
    phone_browser.tap("[data-paper-open]")
    paper = page.locator("[data-theirs]")
    expect(paper).to_contain_text("This notice informs: it is no order and no penalty.")
    expect(paper).to_contain_text("To be put right")
    expect(paper).to_contain_text("Basis (in Chinese): 《")
    expect(paper.locator("[data-text=basis]")).to_have_attribute("lang", "zh-CN")
    expect(paper.locator("[data-words], [data-sheet-list]").first).not_to_contain_text("隐患")
    phone_browser.tap("[data-sheet] [data-turn]")
    expect(paper).to_contain_text("本单只作告知，不是行政命令，也不是处罚。")
    for place in ("[data-sheet]", "[data-visit-notice]"):
        expect(page.locator(f"{place} [data-turn]")).to_have_text("English")
    expect(page.locator("[data-notice]")).to_have_attribute("lang", "zh")
    phone_browser.tap("[data-sheet] [data-turn]")
    phone_browser.tap("[data-paper-answer=left]")
    phone_browser.finish()
    (record,) = phone_browser.records()
    said = json.loads(record["body"])
    assert said["notice"]["languages"][-1] == "en"
    assert said["hazard_notice"]["language"] == "en"

    phone_browser.begin_visit()
    expect(page.locator("[data-notice]")).to_have_attribute("lang", "zh")


def test_nothing_is_read_aloud_without_a_voice_nor_once_the_app_is_put_away_or_left(
    phone_browser: PhoneScreen,
) -> None:
    page = phone_browser.page
    page.evaluate(_LISTEN)
    phone_browser.begin_visit()
    phone_browser.tap("[data-read-aloud]")
    expect(page.locator("[data-read-aloud]")).to_have_attribute("aria-pressed", "false")
    until(lambda: "notice" in drafted(phone_browser))
    assert "read_aloud" not in drafted(phone_browser)["notice"]
    page.evaluate("() => { voice = true; }")
    for leave in (lambda: page.evaluate(_PUT_AWAY, "hidden"), page.go_back):
        phone_browser.tap("[data-read-aloud]")
        until(lambda: page.evaluate("heard.length") > 3)
        expect(page.locator("[data-read-aloud]")).to_have_attribute("aria-pressed", "true")

        leave()

        until(lambda: page.evaluate("heard.length") == 0)
        expect(page.locator("[data-read-aloud]")).to_have_attribute("aria-pressed", "false")
        page.evaluate(_PUT_AWAY, "visible")
    until(lambda: drafted(phone_browser)["notice"].get("read_aloud"))


def drafted(phone: PhoneScreen) -> Any:
    """The body of the open visit as it is kept."""
    return phone.page.evaluate(_DRAFTED)


def test_the_question_says_what_is_recorded_and_why_in_their_language_and_the_whole_notice_is_one_tap_away(
    phone_browser: PhoneScreen,
) -> None:
    page = phone_browser.page
    phone_browser.open_door()
    expect(phone_browser.at("[data-say-first]")).to_be_visible()
    phone_browser.start_visit()

    question = page.locator("[data-visit-ask]")
    expect(question.locator("[data-consent]")).to_be_checked()
    expect(question.locator("[data-ask]")).to_contain_text("为的是大家安全")
    assert "notice" not in drafted(phone_browser)

    phone_browser.tap(question.locator("[data-turn]"))
    expect(question.locator("[data-ask]")).to_contain_text("you get the same help")
    expect(question.locator("[data-ask]")).to_have_attribute("lang", "en")
    until(lambda: drafted(phone_browser).get("notice", {}).get("version") == 1)
