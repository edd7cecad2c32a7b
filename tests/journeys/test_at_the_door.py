"""At the door: what is said, covered, thrown away and had back is as the worker meant it."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import expect

from tests.journeys.audit import faults_of
from tests.journeys.phone import PhoneScreen
from tests.journeys.server import Server
from tests.waiting import until

_DRAFTS = """
async () => {
  const { withStores } = await part("offline/db.js");
  return withStores(["drafts"], "readonly", (stores) => stores("drafts").getAll());
}
"""
# As one that was begun with another outcome, by an older app or as the correction of a call at which nobody opened.
_NOBODY_OPENED = """
async () => {
  const { all, save } = await part("offline/drafts.js");
  const [{ id, body: { consent, notice, ...rest } }] = await all();
  await save(id, { body: { ...rest, outcome: "no_answer" } });
}
"""
_CODES = """
async () => {
  const { codes } = await part("offline/register.js");
  return (await codes("visit_outcome")).map(({ en }) => en);
}
"""
_PUT_AWAY = """
(state) => {
  Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}
"""


def test_consent_is_what_was_ticked_and_the_notice_counts_once_it_is_seen(phone_browser: PhoneScreen) -> None:
    phone_browser.begin_visit()
    phone_browser.page.evaluate(_NOBODY_OPENED)
    phone_browser.page.reload()
    phone_browser.see("visit")
    phone_browser.at("[data-visit-outcome]").evaluate("(fold) => { fold.open = true; }")
    phone_browser.page.locator('[data-outcomes] label:has(input[value="done"])').click()
    phone_browser.show_notice()
    until(lambda: "notice" in _body(phone_browser))

    phone_browser.tap("[data-back]")
    phone_browser.see("door")
    phone_browser.tap("[data-door-continue]")
    phone_browser.see("visit")

    phone_browser.note("住户在家")
    until(lambda: "note" in _body(phone_browser))
    assert "consent" not in _body(phone_browser)


def test_a_straight_line_covers_what_lies_beside_it(phone_browser: PhoneScreen) -> None:
    phone_browser.begin_visit()
    phone_browser.aim(phone_browser.add_hazard(0))
    frame = phone_browser.page.locator("[data-camera-taken]").bounding_box() or {}
    pixels = (
        "(canvas) => [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data].join()"
    )
    before = phone_browser.page.locator("[data-camera-taken]").evaluate(pixels)
    mouse, middle = phone_browser.page.mouse, frame["y"] + frame["height"] / 2
    mouse.move(frame["x"] + 20, middle)
    mouse.down()
    mouse.move(frame["x"] + 150, middle, steps=5)
    mouse.up()

    covered = "(canvas, before) => [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data]"
    changed = phone_browser.page.locator("[data-camera-taken]").evaluate(
        f"{covered}.filter((value, at) => value !== Number(before[at])).length", before.split(",")
    )
    assert changed > 1_000


def test_what_is_said_is_heard_over_the_camera_and_going_back_closes_it(phone_browser: PhoneScreen) -> None:
    phone_browser.begin_visit()
    phone_browser.aim(phone_browser.add_hazard(0))
    phone_browser.tap("[data-camera-taken]")

    heard = phone_browser.page.get_by_role("dialog").get_by_role("status").filter(has_text="1")
    expect(heard).to_have_count(1)

    phone_browser.page.go_back()
    expect(phone_browser.page.locator("dialog[open]")).to_have_count(0)


def test_a_visit_thrown_away_can_be_had_back_after_a_phone_call(phone_browser: PhoneScreen) -> None:
    phone_browser.begin_visit()
    phone_browser.note("二十分钟的记录")
    until(lambda: "note" in _body(phone_browser))
    phone_browser.tap("[data-discard]")
    phone_browser.see("round")
    phone_browser.page.clock.install()
    phone_browser.page.evaluate(_PUT_AWAY, "hidden")
    phone_browser.page.clock.run_for(60_000)
    phone_browser.page.evaluate(_PUT_AWAY, "visible")

    phone_browser.page.keyboard.press("Control+z")

    phone_browser.see("visit")
    expect(phone_browser.at("[data-visit-note]")).to_have_value("二十分钟的记录")


def test_a_second_window_does_not_write_over_what_the_first_has_kept(phone_browser: PhoneScreen) -> None:
    phone_browser.begin_visit()
    second = phone_browser.browser.context.new_page()
    second.goto(phone_browser.page.url)
    second.fill("[data-visit-note]", "第二个窗口写的")
    until(lambda: _body(phone_browser).get("note") == "第二个窗口写的")

    phone_browser.page.fill("[data-visit-note]", "第一个窗口写的")

    expect(phone_browser.at("[data-visit-note]")).to_have_value("第二个窗口写的")
    said = phone_browser.page.locator("[data-toast-text]")
    expect(said).to_have_text(phone_browser.words("changed_elsewhere"))
    assert _body(phone_browser)["note"] == "第二个窗口写的"
    phone_browser.note("两个窗口都看过")
    until(lambda: _body(phone_browser).get("note") == "两个窗口都看过")


def _body(phone: PhoneScreen) -> dict[str, Any]:
    [draft] = phone.page.evaluate(_DRAFTS)
    found: dict[str, Any] = draft["body"]
    return found


def test_what_can_still_be_undone_is_counted_as_not_sent(phone_browser: PhoneScreen) -> None:
    phone = phone_browser
    unsent = phone.page.locator("[data-unsent]")
    # Nobody waits here for the end of the time in which it can be undone.
    phone.page.clock.install()
    phone.no_answer()
    phone.page.clock.run_for(1000)
    expect(unsent).to_have_text("1")
    expect(phone.page.locator("[data-toast-undo]")).to_be_visible()

    phone.tap("[data-toast-undo]")
    phone.page.clock.run_for(1000)
    expect(unsent).to_be_hidden()


def test_send_now_sends_what_can_still_be_undone(phone_browser: PhoneScreen, server: Server) -> None:
    phone = phone_browser
    phone.no_answer()
    phone.go("outbox")
    phone.tap("[data-send-now]")

    expect(phone.page.locator("[data-toast-undo]")).to_be_hidden(timeout=2500)
    until(lambda: server.count("visits") == 1)
    # With nothing left to send there is nothing to tap, and the keys are not lost.
    expect(phone.page.locator("[data-send-now]")).to_be_hidden()
    expect(phone.page.locator("[data-check-all]")).to_be_focused()


def test_a_door_names_outcomes_as_the_visit_does_and_in_the_same_order(phone_browser: PhoneScreen) -> None:
    phone = phone_browser
    phone.begin_visit()
    at_the_door = phone.page.locator("[data-end]").all_text_contents()
    phone.tap("[data-visit-outcome] > summary")

    chips = phone.page.locator("[data-outcomes] .chip")

    expect(chips).to_have_text(["已走访", *(one.strip() for one in at_the_door)])
    english = phone.page.evaluate("fetch('/phone/?lang=en').then((answer) => answer.text())")
    codes = phone.page.evaluate(_CODES)
    assert re.findall(r"data-end=\w+.*?<span>(.*?)</span>", english, re.DOTALL) == codes[1:]


def test_a_credit_code_that_may_be_right_is_not_said_to_be_wrong(phone_browser: PhoneScreen) -> None:
    phone = phone_browser
    phone.begin_visit()
    phone.tap("[data-visit-workplaces] > summary")
    phone.tap("[data-add-workplace]")
    code = phone.page.locator("[name=credit_code]")
    for text, warns in (("91620402MA7AAAAA1K", True), ("9162", False)):
        code.fill(text)
        code.blur()

        place = phone.page.locator(".field", has=code)
        expect(place.locator("[data-error]")).to_be_visible()
        colours = [place.locator("[data-error]"), phone.page.locator("[data-visit-error]")]
        said, wrong = (one.evaluate("(line) => getComputedStyle(line).color") for one in colours)
        assert (said != wrong) is warns


def test_one_more_tap_says_when_to_come_again_and_the_door_waits_until_then(
    phone_browser: PhoneScreen, server: Server
) -> None:
    phone = phone_browser
    door = phone.doors().first.get_attribute("href")
    due = phone.page.locator("[data-round-filter] .chip").nth(1).locator("[data-text=count]")
    before = int(due.inner_text())
    with phone.at_most(3):
        phone.open_door()
        phone.tap('[data-end="rescheduled"]')
        phone.see("round")
        said = phone.page.locator("[data-toast-text]")
        expect(said).to_contain_text(phone.words("come_when"))
        phone.tap(phone.page.locator("[data-toast] .come-again button").nth(1))

    expect(said).to_contain_text("再来")
    expect(due).to_have_text(str(before - 1))
    assert faults_of(phone.page) == []

    phone.tap(f'.cell[href="{door}"]')
    phone.see("door")
    expect(phone.page.locator("[data-text=putOff]")).to_contain_text("再来")
    phone.go("outbox")
    phone.send_now()
    until(lambda: server.count("visits") == 1)


def test_more_rooms_let_than_there_are_is_pointed_out_and_can_be_meant(phone_browser: PhoneScreen) -> None:
    phone = phone_browser
    phone.begin_visit()
    phone.tap("[data-visit-dwelling] > summary")
    odd = phone.page.locator("[data-rooms-odd]")
    expect(odd).to_be_hidden()

    phone.page.fill("[data-fact=rooms]", "2")
    phone.page.fill("[data-fact=rooms_let]", "5")

    expect(odd).to_be_visible()
    phone.finish()


def test_what_the_rules_ask_of_somebody_new_is_asked_about_once_and_can_stay_empty(
    phone_browser: PhoneScreen,
) -> None:
    phone = phone_browser
    phone.begin_visit()
    phone.tap("[data-add-person]")
    phone.page.keyboard.type("演示·新来四")
    phone.tap("[data-finish]")

    expect(phone.page.locator("[data-visit-error]")).to_have_text(phone.words("left_empty"))
    expect(phone.page.locator("[data-added] [name=document_number]")).to_be_focused()
    expect(phone.page.locator("[data-added] #missing")).to_be_visible()

    phone.finish()


def test_who_asked_to_be_reminded_of_a_permit_is_on_that_day(
    phone_browser: PhoneScreen, server: Server
) -> None:
    phone, soon = phone_browser, datetime.now(UTC) + timedelta(days=3)
    door = phone.doors().first.get_attribute("href")
    phone.begin_visit()
    phone.tap("[data-visit-requests] > summary")
    phone.tap(phone.page.locator("[data-requests] .chip").nth(1))
    phone.page.fill("[data-remind]", soon.date().isoformat())
    for _tap in range(2):  # a slip, and back
        phone.tap(phone.page.locator("[data-requests] .chip").nth(1))
    expect(phone.page.locator("[data-remind]")).to_have_value(soon.date().isoformat())
    phone.finish()
    until(lambda: phone.waiting() == 0)
    cell = phone.page.locator(f'.cell[href="{door}"]')
    expect(cell).to_have_class(re.compile("is-done"))

    # The phone lay there for days with the round open, and nothing new comes.
    server.kill()
    phone.page.evaluate(_PUT_AWAY, "hidden")
    phone.page.clock.set_fixed_time(soon + timedelta(days=1))
    phone.page.evaluate(_PUT_AWAY, "visible")

    expect(cell).to_have_accessible_name(phone.words("state_remind"))
    expect(phone.page.locator("[data-building-badges]").first).to_contain_text(phone.words("state_remind"))
    phone.tap(cell)
    phone.see("door")
    expect(phone.page.locator("[data-text=remind]")).to_have_text(phone.words("remind_now"))
