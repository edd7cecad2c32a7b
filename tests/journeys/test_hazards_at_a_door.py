"""Hazards on the phone: how grave they are is seen; those of earlier visits are looked at again, photo over photo."""

import json
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.audit import faults_of
from tests.journeys.phone import PhoneScreen
from tests.journeys.records import record_hazard
from tests.journeys.server import Server
from tests.journeys.test_changing_own import change_from_the_line
from tests.journeys.test_day import bodies_of
from tests.photos import pictures
from tests.waiting import until

WIDE = (800, 500)
GENERAL, MAJOR, STOP = "疏散通道堆物", "居室存放液化气瓶", "高层使用瓶装液化气"
# What a card looks like: how wide its bar is and in which colour, and what the next step is written in.
_LOOK = """
(card) => {
  const bar = getComputedStyle(card);
  const step = card.querySelector(".next-step");
  const { backgroundColor, color } = getComputedStyle(step);
  const { borderInlineStartWidth, borderInlineStartColor } = bar;
  return [borderInlineStartWidth, borderInlineStartColor, step.checkVisibility(), backgroundColor, color].join();
}
"""
# Where a picture is within the window, as far as its shape lets it fill its element.
_LIES = """
(one) => {
  const [wide, high] = [one.videoWidth ?? one.width, one.videoHeight ?? one.height];
  const box = one.getBoundingClientRect();
  const scale = Math.min(box.width / wide, box.height / high);
  const [x, y] = [box.x + (box.width - wide * scale) / 2, box.y + (box.height - high * scale) / 2];
  return [x, y, wide * scale, high * scale];
}
"""


def test_a_hazard_that_was_open_is_put_right_with_a_photo_taken_under_the_old_one(
    phone_browser: PhoneScreen, server: Server
) -> None:
    hazard = found_before(phone_browser, server)
    row = phone_browser.page.locator(f'[data-recheck="{hazard}"]')
    expect(row.locator("[data-before]")).to_be_visible()
    expect(row.locator("[data-text=more]")).to_be_visible()  # by when, on a line of its own
    row.locator("[data-results] .chip").nth(0).tap()
    phone_browser.tap("[data-finish]")
    expect(phone_browser.at("[data-visit-error]")).to_have_text(phone_browser.words("need_new_photo"))

    row.locator("[data-aim]").tap()
    expect(phone_browser.page.locator("[data-camera-shoot]")).to_be_enabled()
    look_at_the_ghost(phone_browser)
    phone_browser.tap("[data-camera-shoot]")
    phone_browser.tap("[data-camera-keep]")
    expect(row.locator(".photo")).to_have_count(1)
    row.locator("[data-note]").fill("通道已清空")
    said = sent(phone_browser)

    until(lambda: state_of(server, hazard) == "closed", 30)
    [photo] = said["photos"]
    assert said["rechecks"] == [
        {"finding": hazard, "passed": True, "photos": [photo["id"]], "note": "通道已清空"}
    ]
    # A photo that a change takes out is not there again when the visit is opened anew.
    change_from_the_line(phone_browser)
    expect(row.locator(".photo")).to_have_count(1)
    phone_browser.tap(row.locator(".photo [data-remove]"))
    phone_browser.tap("[data-back]")
    phone_browser.see("door")
    phone_browser.tap("[data-door-continue]")
    phone_browser.see("visit")
    expect(row.locator("[data-note]")).to_have_value("通道已清空")
    expect(row.locator(".photo")).to_have_count(0)
    assert said in bodies_of(server).values()


def look_at_the_ghost(phone: PhoneScreen) -> None:
    """The old photo lies whole over what the camera sees, and can be taken away and had back."""
    old, toggle = phone.page.locator("[data-camera-old]"), phone.page.locator("[data-camera-ghost]")
    expect(old).to_be_visible()
    wide, high = old.evaluate("(canvas) => [canvas.width, canvas.height]")
    assert wide / high == pytest.approx(WIDE[0] / WIDE[1], rel=0.01)
    # A camera whose picture has the same shape lies exactly below it.
    live = phone.page.locator("[data-camera-live]")
    until(lambda: live.evaluate("(video) => video.videoWidth"))
    seen = live.evaluate("(video) => [video.videoWidth, video.videoHeight]")
    old.evaluate("(canvas, [wide, high]) => { [canvas.width, canvas.height] = [wide / 2, high / 2]; }", seen)
    assert old.evaluate(_LIES) == pytest.approx(live.evaluate(_LIES), abs=1)
    for pressed in ("false", "true"):
        toggle.tap()
        expect(toggle).to_have_attribute("aria-pressed", pressed)
        expect(old).to_be_visible(visible=pressed == "true")
    assert faults_of(phone.page) == []


def test_a_hazard_that_is_still_there_goes_to_the_desk_without_a_photo(
    phone_browser: PhoneScreen, server: Server
) -> None:
    hazard = found_before(phone_browser, server)
    row = phone_browser.page.locator(f'[data-recheck="{hazard}"]')
    phone_browser.tap("label:has([data-checked])")
    phone_browser.tap("[data-finish]")
    expect(phone_browser.at("[data-visit-error]")).to_have_text(phone_browser.words("need_recheck"))

    row.locator("[data-results] .chip").nth(1).tap()
    said = sent(phone_browser)

    until(lambda: state_of(server, hazard) == "recheck_failed")
    assert said["rechecks"] == [{"finding": hazard, "passed": False}]
    assert said in bodies_of(server).values()


def test_what_must_not_be_used_and_what_may_be_major_look_unlike_each_other_and_say_what_comes_next(
    phone_browser: PhoneScreen,
) -> None:
    phone_browser.begin_visit()
    looks = {}
    for name in (GENERAL, MAJOR, STOP):
        phone_browser.tap(phone_browser.page.locator("[data-groups] .item:visible", has_text=name))
        card = phone_browser.page.locator("[data-finding]:visible", has_text=name)
        expect(card.locator("h4")).to_be_focused()
        looks[name] = card.evaluate(_LOOK)

    assert len(set(looks.values())) == len(looks)
    expect(step_of(phone_browser, GENERAL)).to_be_hidden()
    agreed = phone_browser.words("if_agreed")
    for name, said in ((GENERAL, "选填"), (MAJOR, agreed), (STOP, agreed)):
        card = phone_browser.page.locator("[data-finding]:visible", has_text=name)
        expect(card.locator(".may-skip > .why .soft")).to_have_text(said)
    for name, key in ((MAJOR, "suspected_major"), (STOP, "stop_use")):
        expect(step_of(phone_browser, name).locator("strong")).to_have_text(phone_browser.words(key))
        expect(step_of(phone_browser, name)).to_contain_text(phone_browser.words(f"{key}_next"))
    assert faults_of(phone_browser.page) == []


def step_of(phone: PhoneScreen, name: str) -> Locator:
    """What a card says comes next."""
    return phone.page.locator("[data-finding]:visible", has_text=name).locator(".next-step")


def found_before(phone: PhoneScreen, server: Server) -> str:
    """Begin a visit where somebody found a hazard before, with its photo on the phone; answers the hazard."""
    _visit, hazard = record_hazard(server, pictures.saved(pictures.quarters(*WIDE), "JPEG"))
    [[door]] = server.rows("SELECT dwelling_id FROM findings")
    phone.network_returns()
    until(lambda: phone.pictures() == [hazard], 30)
    phone.page.evaluate("(there) => { location.href = there; }", f"/phone/door#{UUID(door)}")
    phone.see("door")
    phone.start_visit()
    return hazard


def sent(phone: PhoneScreen) -> dict[str, Any]:
    """Finish, and wait until text and photos are at the desk; answers what was said."""
    phone.finish()
    until(lambda: phone.waiting() == 0, 30)
    (record,) = phone.records()
    assert record["state"] == "accepted", record["problems"]
    said: dict[str, Any] = json.loads(record["body"])
    return said


def state_of(server: Server, hazard: str) -> str:
    """Where a hazard stands."""
    return str(server.rows("SELECT status FROM findings WHERE id = ?", UUID(hazard).hex)[0][0])
