"""The way to the home screen: the browser's own offer by a button, in words where it makes none."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tests.journeys.audit import faults_of
from tests.journeys.chromium import PHONE, Chromium
from tests.journeys.phone import PhoneScreen
from tests.journeys.server import Server

CARD, BUTTON, HOW = "[data-install]", "[data-install-now]", "[data-install-how]"
APPLE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile/15E148"
)
# As Chromium offers it; answers whether the browser's own bar was held back.
_OFFER = """
() => {
  window.prompted = 0;
  const event = new Event("beforeinstallprompt", {cancelable: true});
  event.prompt = async () => { window.prompted += 1; return {outcome: "dismissed"}; };
  dispatchEvent(event);
  return event.defaultPrevented;
}
"""
# Chromium makes its offer by itself, sooner or later.
_NONE_OF_ITS_OWN = """
addEventListener("beforeinstallprompt", (event) => {
  if (event.isTrusted) event.stopImmediatePropagation();
});
"""
_STANDALONE = "window.matchMedia = (query) => ({matches: query === '(display-mode: standalone)'})"


def test_the_browsers_offer_waits_behind_a_button_and_its_menu_is_named_where_it_makes_none(
    phone_browser: PhoneScreen,
) -> None:
    phone, page = phone_browser, phone_browser.page
    page.add_init_script(_NONE_OF_ITS_OWN)
    page.reload()
    phone.see("round")
    phone.go("me")
    expect(page.locator(BUTTON)).to_be_hidden()
    expect(page.locator(HOW)).to_have_text(phone.words("install_menu"))

    assert page.evaluate(_OFFER)

    expect(page.locator(HOW)).to_be_empty()
    assert page.evaluate("window.prompted") == 0
    assert faults_of(page) == []
    phone.tap(BUTTON)
    expect(page.locator(BUTTON)).to_be_hidden()
    assert page.evaluate("window.prompted") == 1
    expect(page.locator(HOW)).to_have_text(phone.words("install_menu"))

    page.evaluate("dispatchEvent(new Event('appinstalled'))")
    expect(page.locator(CARD)).to_be_hidden()


def test_what_opens_like_an_app_already_says_nothing_of_it(phone_browser: PhoneScreen) -> None:
    phone_browser.page.evaluate(_STANDALONE)

    phone_browser.go("me")

    expect(phone_browser.page.locator(CARD)).to_be_hidden()


def test_on_an_iphone_the_share_sign_is_named(
    server: Server, enrolled: tuple[Path, Path], browser_with: Callable[..., Chromium]
) -> None:
    phone = PhoneScreen(browser_with(enrolled[1], **PHONE, user_agent=APPLE), server.address)
    phone.page.add_init_script(_NONE_OF_ITS_OWN)
    phone.page.goto(f"{server.address}/phone/")
    phone.see("round")

    phone.go("me")

    expect(phone.page.locator(HOW)).to_have_text(phone.words("install_apple"))
