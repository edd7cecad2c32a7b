"""Slips of a hurried finger, of a phone that is turned, of a file picked by mistake: none costs a visit or adds one."""

import json
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.phone import PhoneScreen
from tests.waiting import until

_DRAFTED = """
async () => {
  const { all } = await part("offline/drafts.js");
  return (await all())[0]?.body;
}
"""
# Quick whatever the machine does meanwhile: the taps say themselves when they were.
_TAP_TWICE = """
async ([clientX, clientY, screens]) => {
  const tap = (timeStamp) => {
    const facts = { bubbles: true, cancelable: true, detail: 1, clientX, clientY };
    const event = Object.defineProperty(new MouseEvent("click", facts), "timeStamp", { value: timeStamp });
    document.elementFromPoint(clientX, clientY).dispatchEvent(event);
  };
  const frame = () => new Promise(requestAnimationFrame);
  const before = document.body.dataset.on;
  tap(1000);
  do await frame(); while (screens && document.body.dataset.on === before);
  tap(1200);
}
"""
# What is as large as a photo waits until it is let go: a slow phone.
_HOLD_PHOTOS = """
() => {
  const real = crypto.subtle.digest.bind(crypto.subtle);
  const held = new Promise((go) => { window.letGo = go; });
  crypto.subtle.digest = async (how, bytes) => {
    if (bytes.byteLength > 3000) await held;
    return real(how, bytes);
  };
}
"""
ENDINGS = ("no_answer", "vacant", "refused", "rescheduled", "not_found", "demolished")


@pytest.mark.parametrize("ending", ENDINGS)
def test_two_quick_taps_end_a_visit_as_one_does(phone_browser: PhoneScreen, ending: str) -> None:
    phone_browser.open_door()

    tap_twice(phone_browser, f'[data-end="{ending}"]')

    phone_browser.see("round")
    expect(phone_browser.at("[data-toast-undo]")).to_be_visible()
    assert drafted(phone_browser)["outcome"] == ending


def test_two_quick_taps_go_on_with_a_visit_and_do_not_finish_it(phone_browser: PhoneScreen) -> None:
    phone_browser.begin_visit()
    phone_browser.note("没走完")
    phone_browser.tap("[data-back]")
    phone_browser.see("door")

    tap_twice(phone_browser, "[data-door-continue]")

    phone_browser.see("visit")
    assert drafted(phone_browser)["note"] == "没走完"
    assert phone_browser.records() == []


def test_two_quick_taps_finish_a_visit_and_open_nothing_else(phone_browser: PhoneScreen) -> None:
    phone_browser.begin_visit()

    tap_twice(phone_browser, "[data-finish]")

    expect(phone_browser.at("[data-toast-next]")).to_be_visible()
    phone_browser.see("round")


def test_two_quick_taps_on_the_shutter_take_one_photo(phone_browser: PhoneScreen) -> None:
    card = hazard(phone_browser)
    card.locator("[data-aim]").tap()
    expect(phone_browser.page.locator("[data-camera-shoot]")).to_be_enabled()

    tap_twice(phone_browser, "[data-camera-shoot]", screens=False)
    phone_browser.tap("[data-camera-keep]")

    expect(card.locator(".photo")).to_have_count(1)


def test_a_visit_does_not_end_before_its_last_photo_is_kept(phone_browser: PhoneScreen) -> None:
    card = hazard(phone_browser)
    phone_browser.aim(card)
    phone_browser.page.evaluate(_HOLD_PHOTOS)
    phone_browser.tap("[data-camera-keep]")
    phone_browser.tap("[data-finish]")
    phone_browser.page.evaluate("letGo()")
    phone_browser.see("round")

    (record,) = phone_browser.records()
    assert len(record["photos"]) == 1


@pytest.mark.parametrize(
    ("name", "kind", "content"),
    [
        ("IMG_0003.jpg", "image/jpeg", b""),
        ("VID_0001.mp4", "video/mp4", b"\x00\x00\x00\x18ftypmp42" + bytes(4000)),
    ],
)
def test_a_file_that_is_no_picture_is_not_kept_and_the_camera_says_so(
    phone_browser: PhoneScreen, name: str, kind: str, content: bytes
) -> None:
    card = hazard(phone_browser)
    with phone_browser.page.expect_file_chooser() as chooser:
        card.locator("label.shoot").tap()
    chooser.value.set_files([{"name": name, "mimeType": kind, "buffer": content}])

    expect(phone_browser.at("[data-camera-wait]")).to_have_text(phone_browser.words("no_picture"))
    expect(phone_browser.page.locator("[data-camera-keep]")).to_be_hidden()
    phone_browser.tap("[data-camera-close]")
    expect(card.locator(".photo")).to_have_count(0)


def test_what_was_entered_does_not_get_lost_with_an_outcome_tapped_by_mistake(
    phone_browser: PhoneScreen,
) -> None:
    phone_browser.shoot(hazard(phone_browser))
    choose_outcome(phone_browser, "refused")
    phone_browser.tap("[data-finish]")
    expect(phone_browser.page.locator("[data-leave-out]")).to_be_focused()
    expect(phone_browser.at("[data-visit-error]")).to_have_text(phone_browser.words("left_out"))

    phone_browser.tap("[data-leave-out]")
    expect(phone_browser.page.locator("[data-leave-out]")).to_be_hidden()
    until(lambda: "findings" not in drafted(phone_browser))
    phone_browser.tap("[data-toast-undo]")
    expect(phone_browser.at("[data-leave-out]")).to_be_visible()
    choose_outcome(phone_browser, "done")
    expect(phone_browser.page.locator("[data-finding] .photo")).to_have_count(1)
    phone_browser.finish()

    (record,) = phone_browser.records()
    assert len(json.loads(record["body"])["findings"][0]["photos"]) == 1


def test_only_the_outcome_is_sent_once_the_worker_said_so(phone_browser: PhoneScreen) -> None:
    phone_browser.shoot(hazard(phone_browser))
    choose_outcome(phone_browser, "refused")
    phone_browser.tap("[data-leave-out]")
    expect(phone_browser.at("[data-toast-undo]")).to_be_visible()
    phone_browser.finish()

    (record,) = phone_browser.records()
    assert json.loads(record["body"])["outcome"] == "refused"
    assert record["photos"] == []


def test_a_signature_stays_in_shape_when_the_phone_is_turned(phone_browser: PhoneScreen) -> None:
    page = phone_browser.page
    hazard(phone_browser)
    phone_browser.tap("[data-paper-open]")
    draw_across(phone_browser)
    page.set_viewport_size({"width": 740, "height": 360})
    draw_across(phone_browser)

    until(lambda: len(drafted(phone_browser)["hazard_notice"]["signature"]["strokes"]) == 2)
    signature = drafted(phone_browser)["hazard_notice"]["signature"]
    first, second = signature["strokes"]
    assert first[-2] == pytest.approx(second[-2], abs=3)
    assert first[-2] == pytest.approx(signature["wide"] * 0.9, abs=4)


def test_who_stays_when_somebody_moved_out_is_said_of_the_others(phone_browser: PhoneScreen) -> None:
    open_a_household(phone_browser)
    phone_browser.start_visit()
    page = phone_browser.page
    rows = page.locator("[data-people] > li")
    rows.first.locator("[data-moved]").tap()

    if rows.count() == 1:
        expect(page.locator("[data-confirm-all]")).to_be_hidden()
    else:
        expect(page.locator("[data-confirm-word]")).to_have_text(phone_browser.words("others_still_here"))
    rows.first.locator("[data-moved]").tap()
    whole = "one_still_here" if rows.count() == 1 else "all_still_here"
    expect(page.locator("[data-confirm-word]")).to_have_text(phone_browser.words(whole))


def test_nothing_changed_taken_back_leaves_what_was_ticked_before(phone_browser: PhoneScreen) -> None:
    phone_browser.begin_visit()
    phone_browser.tap("label:has([data-checked])")
    until(lambda: "checklist" in drafted(phone_browser))
    phone_browser.tap("[data-unchanged]")
    until(lambda: "unchanged" in drafted(phone_browser))
    phone_browser.tap("[data-unchanged]")

    until(lambda: "unchanged" not in drafted(phone_browser))
    assert drafted(phone_browser)["checklist"]["checked"] is True


def test_a_floor_that_was_entered_is_not_guessed_away(phone_browser: PhoneScreen) -> None:
    phone_browser.tap("[data-round-add]")
    form = phone_browser.page.locator("[data-new-door]")
    form.locator("[name=floor]").fill("2")
    form.locator("[name=door]").fill("301")
    expect(form.locator("[name=floor]")).to_have_value("2")

    form.locator("[name=floor]").fill("")
    form.locator("[name=door]").fill("1204")
    expect(form.locator("[name=floor]")).to_have_value("12")


def test_a_door_that_was_searched_in_vain_is_added_where_it_was_searched(phone_browser: PhoneScreen) -> None:
    name = phone_browser.page.locator(".building strong").nth(1).inner_text()
    phone_browser.page.fill("#round-search", f"{name.replace(' ', '')}999")
    expect(phone_browser.at("[data-round-none]")).to_be_visible()

    phone_browser.tap("[data-round-add]")

    expect(phone_browser.page.locator("[data-new-door] [name=building] option:checked")).to_have_text(name)


def drafted(phone: PhoneScreen) -> Any:
    """What the open visit has kept so far."""
    return phone.page.evaluate(_DRAFTED)


def hazard(phone: PhoneScreen) -> Locator:
    """An open visit with one finding."""
    phone.begin_visit()
    return phone.add_hazard(0)


def choose_outcome(phone: PhoneScreen, code: str) -> None:
    """Say how it went, on the page of the visit."""
    fold = phone.page.locator("[data-visit-outcome]")
    if fold.get_attribute("open") is None:
        fold.locator("summary").tap()
    fold.locator(f"label:has([value={code}])").tap()


def open_a_household(phone: PhoneScreen) -> None:
    """The first door at which somebody is known to live."""
    for number in range(15):
        phone.open_door(number)
        if phone.page.locator("[data-door-people] > li").count():
            return
        phone.tap("[data-back]")
        phone.see("round")
    raise AssertionError("nobody lives here")


def tap_twice(phone: PhoneScreen, mark: str, *, screens: bool = True) -> None:
    """As a finger does that is not sure whether it was felt: the second tap meets what the first one has brought."""
    box = phone.at(mark).bounding_box()
    assert box
    middle = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
    phone.page.evaluate(_TAP_TWICE, [*middle, screens])


def draw_across(phone: PhoneScreen) -> None:
    """One stroke from one side of the pad to the other."""
    pad = phone.page.locator("[data-pad]")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box
    mouse, middle = phone.page.mouse, box["y"] + box["height"] / 2
    mouse.move(box["x"] + box["width"] * 0.1, middle)
    mouse.down()
    mouse.move(box["x"] + box["width"] * 0.9, middle, steps=5)
    mouse.up()
