"""Dark stairwells: the phone's light beside its camera, for photos and for plates, and out when nobody looks."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.audit import faults_of
from tests.journeys.phone import PhoneScreen
from tests.journeys.torch import give_torch, is_lit
from tests.waiting import until

CAMERA = "[data-camera-light]"
SCANNER = "[data-scan-light]"
THUMB = 48
_PUT_AWAY = """
() => {
  Object.defineProperty(document, "visibilityState", {value: "hidden", configurable: true});
  document.dispatchEvent(new Event("visibilitychange"));
  delete document.visibilityState;
}
"""


@pytest.mark.parametrize("light", [CAMERA, SCANNER])
def test_the_light_goes_on_and_out_by_its_button_and_out_with_the_camera(
    phone_browser: PhoneScreen, light: str
) -> None:
    page = phone_browser.page
    give_torch(page)
    _open(phone_browser, light)
    button = page.locator(light)
    expect(button).to_have_attribute("aria-pressed", "false")
    assert not is_lit(page)
    frame = button.bounding_box() or {}
    assert min(frame["width"], frame["height"]) >= THUMB

    phone_browser.tap(light)

    expect(button).to_have_attribute("aria-pressed", "true")
    assert is_lit(page)
    assert faults_of(page) == []

    phone_browser.tap(light)

    expect(button).to_have_attribute("aria-pressed", "false")
    assert not is_lit(page)

    phone_browser.tap(light)
    until(lambda: is_lit(page))
    page.keyboard.press("Escape")

    until(lambda: not is_lit(page))
    expect(button).to_be_hidden()


@pytest.mark.parametrize("light", [CAMERA, SCANNER])
def test_the_light_is_out_when_the_phone_is_put_away(phone_browser: PhoneScreen, light: str) -> None:
    page = phone_browser.page
    give_torch(page)
    _open(phone_browser, light)
    for leave in (_PUT_AWAY, "dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))"):
        phone_browser.tap(light)
        until(lambda: is_lit(page))

        page.evaluate(leave)

        expect(page.locator(light)).to_have_attribute("aria-pressed", "false")
        assert not is_lit(page)


@pytest.mark.parametrize("light", [CAMERA, SCANNER])
def test_a_camera_without_a_light_has_no_button_for_it(phone_browser: PhoneScreen, light: str) -> None:
    page = phone_browser.page
    _open(phone_browser, light)

    # So long some cameras take to say what they can.
    page.wait_for_timeout(700)
    expect(page.locator(light)).to_have_count(1)
    expect(page.locator(light)).to_be_hidden()
    assert faults_of(page) == []


@pytest.mark.parametrize("light", [CAMERA, SCANNER])
def test_a_camera_that_says_late_that_it_has_a_light_gets_its_button(
    phone_browser: PhoneScreen, light: str
) -> None:
    page = phone_browser.page
    give_torch(page, late=True)

    _open(phone_browser, light)

    expect(page.locator(light)).to_be_visible()


@pytest.mark.parametrize("light", [CAMERA, SCANNER])
def test_a_light_that_refuses_is_offered_no_more_and_nobody_is_frightened(
    phone_browser: PhoneScreen, light: str
) -> None:
    page = phone_browser.page
    give_torch(page, refuses=True)
    _open(phone_browser, light)

    phone_browser.tap(light)

    expect(page.locator(light)).to_be_hidden()
    expect(page.locator("[data-toast-text]:visible")).to_have_count(0)
    assert _sees(page, light)
    page.wait_for_timeout(700)
    expect(page.locator(light)).to_be_hidden()


def _visit(phone: PhoneScreen) -> None:
    phone.begin_visit()
    phone.add_hazard(0)


def _open(phone: PhoneScreen, light: str) -> None:
    """The camera that has this button, when it sees."""
    if light == SCANNER:
        phone.tap("[data-round-scan]")
        expect(phone.at("[data-scan-hint]")).to_have_text(phone.words("scan_hint"))
        return
    if not phone.page.locator("[data-finding]:visible").count():
        _visit(phone)
    phone.tap("[data-aim]")
    expect(phone.page.locator("[data-camera-shoot]")).to_be_enabled()


def _sees(page: Page, light: str) -> bool:
    live = "[data-scan-live]" if light == SCANNER else "[data-camera-live]"
    return bool(page.locator(live).evaluate("(video) => video.srcObject.active && !video.paused"))
