"""The nearest buildings first: only when asked, anew after walking on, and nothing of the place is kept or sent."""

import json
from typing import Any

from playwright.sync_api import Request, expect

from tests.journeys.audit import faults_of
from tests.journeys.phone import PhoneScreen

# Counts the questions, and has each answered anew: browsers may answer with a place that is half a minute old.
_COUNTED = """
(() => {
  window.asked = 0;
  const ask = navigator.geolocation.getCurrentPosition.bind(navigator.geolocation);
  navigator.geolocation.getCurrentPosition = (found, unknown, how) => {
    window.asked += 1;
    ask(found, unknown, {...how, maximumAge: 0});
  };
})()
"""
_PLACES = """
async () => {
  const { buildings } = await part("offline/register.js");
  return (await buildings()).map(({name, address, at}) => ({name: name || address, at}));
}
"""
_KEPT = """
async () => {
  const { open } = await part("offline/db.js");
  const db = await open();
  const rows = await Promise.all([...db.objectStoreNames].map((name) => db.getAll(name)));
  return JSON.stringify([rows, {...localStorage}, {...sessionStorage}, location.href]);
}
"""
_PUT_AWAY = """
(state) => {
  Object.defineProperty(document, "visibilityState", {value: state, configurable: true});
  document.dispatchEvent(new Event("visibilitychange"));
}
"""
# Beside a building; no other number in the app ends so.
MARK = "123457"
NEAR = "[data-round-near]"


def _stand(phone: PhoneScreen, at: list[float]) -> None:
    longitude, latitude = (float(f"{value:.4f}{MARK}") for value in at)
    phone.browser.context.set_geolocation({"longitude": longitude, "latitude": latitude})


def _names(phone: PhoneScreen) -> list[str]:
    return phone.page.locator(".building summary strong").all_text_contents()


def test_the_nearest_buildings_come_first_as_the_worker_walks_and_the_place_is_told_to_nobody(
    phone_browser: PhoneScreen,
) -> None:
    phone, page = phone_browser, phone_browser.page
    phone.browser.context.grant_permissions(["geolocation"], origin=phone.address)
    page.evaluate(_COUNTED)
    sent: list[str] = []
    page.context.on("request", lambda one: sent.append(_said(one)))
    places: list[dict[str, Any]] = page.evaluate(_PLACES)
    walked = _names(phone)
    last, first = (next(one for one in places if one["name"] == walked[at]) for at in (-1, 0))
    page.clock.install()
    _stand(phone, last["at"])

    phone.tap(NEAR)

    expect(page.locator(NEAR)).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-toast-text]")).to_have_text(phone.words("position_stays"))
    card = page.locator(".building").first
    expect(card.locator("summary strong")).to_have_text(last["name"])
    expect(card.locator(".near:visible").first).to_have_text(phone.words("metres"))
    assert faults_of(page) == []

    _stand(phone, first["at"])
    phone.go("me")
    phone.go("round")
    assert page.evaluate("window.asked") == 1
    expect(card.locator("summary strong")).to_have_text(last["name"])

    page.clock.run_for(61_000)
    phone.go("me")
    phone.go("round")
    expect(card.locator("summary strong")).to_have_text(first["name"])
    assert page.evaluate("window.asked") == 2

    page.evaluate(_PUT_AWAY, "hidden")
    expect(page.locator(".building .near:visible")).to_have_count(0)
    _stand(phone, last["at"])
    page.evaluate(_PUT_AWAY, "visible")
    expect(card.locator("summary strong")).to_have_text(last["name"])
    expect(page.locator(NEAR)).to_have_attribute("aria-pressed", "true")

    phone.tap(NEAR)
    expect(page.locator(NEAR)).to_have_attribute("aria-pressed", "false")
    expect(page.locator(".building .near:visible")).to_have_count(0)
    assert _names(phone) == walked
    phone.no_answer()
    phone.go("outbox")
    phone.tap("[data-send-now]")
    page.clock.run_for(10_000)
    expect(page.locator(".record")).to_have_count(1)
    assert MARK not in page.evaluate(_KEPT)
    assert sent
    assert not [one for one in sent if MARK in one]


def test_who_does_not_let_the_phone_know_the_place_is_told_so_and_walks_on(
    phone_browser: PhoneScreen,
) -> None:
    phone, page = phone_browser, phone_browser.page
    phone.browser.context.grant_permissions([], origin=phone.address)
    walked = _names(phone)

    phone.tap(NEAR)

    expect(page.locator("[data-toast-text]")).to_have_text(phone.words("no_position"))
    expect(page.locator(NEAR)).to_have_attribute("aria-pressed", "false")
    assert _names(phone) == walked


def _said(request: Request) -> str:
    return f"{request.url} {json.dumps(request.headers)} {request.post_data_buffer!r}"
