"""What a tap costs, counted: transactions of the database, and what is written into the page."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.phone import PhoneScreen

_COUNT = """
() => {
  window.transactions = 0;
  const real = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (...asked) {
    window.transactions += 1;
    return real.apply(this, asked);
  };
}
"""
# Whatever is written into the round, but for the mark that takes it out of sight.
_WATCH_ROUND = """
() => {
  window.written = [];
  const round = document.querySelector('[data-screen="round"]');
  new MutationObserver((list) => {
    for (const { type, target, attributeName } of list)
      if (attributeName !== "data-away") window.written.push(`${type} ${attributeName} ${target.nodeName}`);
  }).observe(round, { subtree: true, childList: true, characterData: true, attributes: true });
}
"""
_BACK_AT_ONCE = """
(mark) => new Promise((done) => {
  const body = document.body;
  new MutationObserver(() => { if (body.dataset.on === "door") { history.back(); done(location.pathname); } })
    .observe(body, { attributes: true, attributeFilter: ["data-on"] });
  document.querySelector(mark).click();
})
"""


@pytest.mark.parametrize(("screen", "most"), [("outbox", 2), ("me", 2), ("round", 1)])
def test_a_tab_asks_the_database_at_most_twice(phone_browser: PhoneScreen, screen: str, most: int) -> None:
    wait_for_rest(phone_browser)
    other = "me" if screen == "outbox" else "outbox"
    phone_browser.page.evaluate(_COUNT)

    def from_the_other_tab() -> int:
        phone_browser.go(other)
        return counted(phone_browser, lambda: phone_browser.go(screen))

    assert 0 < least(from_the_other_tab) <= most


def test_a_door_asks_the_database_once(phone_browser: PhoneScreen) -> None:
    wait_for_rest(phone_browser)
    phone_browser.page.evaluate(_COUNT)
    doors = iter(range(5))  # each time one that was not open before

    def from_the_round() -> int:
        asked = counted(phone_browser, lambda: phone_browser.open_door(next(doors)))
        phone_browser.tap("[data-back]")
        phone_browser.see("round")
        return asked

    assert least(from_the_round) == 1


def test_the_round_is_left_as_it_stands_while_nothing_is_new(phone_browser: PhoneScreen) -> None:
    wait_for_rest(phone_browser)
    phone_browser.page.evaluate(_WATCH_ROUND)

    for name in ("outbox", "round", "me", "round"):
        phone_browser.go(name)

    assert phone_browser.page.evaluate("window.written") == []


def test_back_before_the_address_is_written_down_leads_to_the_screen_before(
    phone_browser: PhoneScreen,
) -> None:
    phone_browser.go("outbox")
    phone_browser.go("round")

    written = phone_browser.page.evaluate(_BACK_AT_ONCE, ".cell")

    assert written == "/phone/round"  # it was early indeed
    phone_browser.see("round")
    phone_browser.page.wait_for_timeout(500)
    assert where(phone_browser) == ("round", "/phone/round")
    phone_browser.page.go_back()
    phone_browser.see("outbox")


def wait_for_rest(phone: PhoneScreen) -> None:
    """Until what comes next is made ready, of which the last is who is signed in."""
    expect(phone.page.locator('[data-me] [data-text="name"]')).not_to_be_empty()
    phone.page.wait_for_timeout(300)


def counted(phone: PhoneScreen, tap: Callable[[], object]) -> int:
    phone.page.evaluate("window.transactions = 0")
    tap()
    return int(phone.page.evaluate("window.transactions"))


def least(asked: Callable[[], int]) -> int:
    """What it costs by itself: the first time reads what is read once, and what is synced beside it only adds."""
    return min(asked() for _time in range(5))


def where(phone: PhoneScreen) -> tuple[Any, Any]:
    found = phone.page.evaluate("[document.body.dataset.on, location.pathname]")
    return found[0], found[1]
