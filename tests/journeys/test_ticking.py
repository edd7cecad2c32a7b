"""Many hazards at once: a bar that comes with the first tick, says how many, and is never over what has the focus."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.audit import faults_of, width_overrun
from tests.journeys.chromium import DESK, Chromium
from tests.journeys.desk import Desk
from tests.journeys.phone import PhoneScreen
from tests.journeys.server import Server
from tests.waiting import until

HAZARDS = 5
# So low that the list does not fit.
LOW = {"width": 360, "height": 480}
_COVERED = """
() => {
  const {left, right, top, bottom} = document.activeElement.getBoundingClientRect();
  const seen = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  return top < 0 || bottom > innerHeight || !document.activeElement.contains(seen);
}
"""


@pytest.fixture
def found(phone_browser: PhoneScreen, server: Server) -> None:
    """Some hazards at one door, of which notices were left."""
    phone_browser.begin_visit()
    for number in range(HAZARDS):
        phone_browser.add_hazard(number)
    phone_browser.finish()
    until(lambda: server.count("findings") == HAZARDS)


@pytest.mark.usefixtures("found")
def test_the_bar_comes_with_the_first_tick_says_how_many_and_goes_with_the_last(desk: Desk) -> None:
    desk.go("/hazards")
    page, bar, boxes = desk.page, desk.page.locator("#together"), desk.page.locator("[name=finding]")
    expect(bar).to_be_hidden()

    boxes.nth(1).check()
    expect(bar).to_be_in_viewport(ratio=1)
    expect(page.locator("[data-ticked]")).to_have_text("已勾选 1 条")
    assert page.locator("[data-tick-all]").evaluate("box => box.indeterminate")

    boxes.nth(3).click(modifiers=["Shift"])
    expect(page.locator("[data-ticked-aloud]")).to_have_text("已勾选 3 条")
    page.locator("[data-tick=all]").click()
    expect(page.locator("[name=finding]:checked")).to_have_count(HAZARDS)
    expect(page.locator("[data-tick-all]")).to_be_checked()
    assert faults_of(page) == []

    page.locator("[data-tick=none]").press("Enter")
    expect(bar).to_be_hidden()
    expect(page.locator("[data-ticked-aloud]")).to_have_text("已勾选 0 条")
    expect(page.locator("[data-tick-all]")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator("[data-ticked]")).to_have_text(f"已勾选 {HAZARDS} 条")


@pytest.mark.usefixtures("found")
def test_what_has_the_focus_is_never_below_the_bar(desk: Desk) -> None:
    page = desk.page
    page.set_viewport_size(LOW)
    desk.go("/hazards")
    page.locator("[name=finding]").first.check()
    assert width_overrun(page) <= 0

    for _row in range(2 * HAZARDS - 1):
        page.keyboard.press("Tab")
        assert not page.evaluate(_COVERED), page.evaluate("document.activeElement.outerHTML")
    page.mouse.wheel(0, 10_000)
    last, bar = page.locator("#hazards tbody tr").last, page.locator("#together")
    until(lambda: edge(last, "bottom") <= edge(bar, "top"))


def edge(part: Locator, side: str) -> float:
    """Where it begins or ends in the window."""
    return float(part.evaluate(f"part => part.getBoundingClientRect().{side}"))


@pytest.mark.usefixtures("found")
def test_what_is_wrong_is_in_sight_and_the_filter_goes_along(desk: Desk, server: Server) -> None:
    page = desk.page
    page.set_viewport_size(LOW)
    desk.go("/hazards")
    page.locator("#filters > details summary").click()
    page.locator("#severity").select_option("general")
    page.wait_for_url("**severity=general**")
    listed = page.locator("[name=finding]").count()
    page.locator("[data-tick-all]").check()
    page.locator("summary", has_text="移交").click()
    page.locator("[formaction*=referrals]").click()

    expect(page.locator("#together-department")).to_be_focused()
    expect(page.locator("#together-department")).to_be_in_viewport()
    expect(page.locator("[data-ticked]")).to_have_text(f"已勾选 {listed} 条")
    page.locator("#together-department").select_option("fire_rescue")
    page.locator("[formaction*=referrals]").click()

    expect(page.locator(".message.is-done")).to_be_visible()
    expect(page.locator("#severity")).to_have_value("general")
    assert server.count("findings", "status = 'referred'") == listed


@pytest.mark.usefixtures("found")
def test_without_the_script_the_bar_stands_below_the_list(
    server: Server, browser_with: Callable[..., Chromium]
) -> None:
    desk = Desk(browser_with(**DESK, java_script_enabled=False), server.address)
    desk.sign_in("lead")
    desk.go("/hazards")
    page, bar = desk.page, desk.page.locator("#together")
    expect(bar).to_be_visible()
    for scripted in ("[data-tick-all]", "[data-tick=all]", "[data-tick=none]"):
        expect(page.locator(scripted)).to_be_hidden()

    page.locator("[name=finding]").first.check()
    bar.locator("summary").first.click()
    page.locator("#together-assignee").select_option(index=1)
    bar.locator("[formaction*=assignments]").click()

    expect(page.locator(".message.is-done")).to_be_visible()
    assert server.count("findings", "assignee_id IS NOT NULL") == 1


@pytest.mark.usefixtures("found")
def test_enter_in_the_words_for_a_department_refers_and_sends_nobody(desk: Desk, server: Server) -> None:
    page = _with_both_parts_filled(desk)

    page.locator("[name=finding]").first.press("Enter")
    page.locator("#together-reason").press("Enter")

    expect(page.locator(".message.is-done")).to_be_visible()
    assert server.count("findings", "status = 'referred'") == 1
    assert server.count("findings", "assignee_id IS NOT NULL") == 0


@pytest.mark.usefixtures("found")
def test_enter_without_the_script_does_nothing_at_all(
    server: Server, browser_with: Callable[..., Chromium]
) -> None:
    desk = Desk(browser_with(**DESK, java_script_enabled=False), server.address)
    desk.sign_in("lead")
    page = _with_both_parts_filled(desk)

    page.locator("#together-reason").press("Enter")
    page.locator("[name=finding]").first.press("Enter")

    expect(page.locator("#together-reason")).to_have_value("请检查")
    desk.go("/hazards")
    assert server.count("findings", "status = 'referred' OR assignee_id IS NOT NULL") == 0


def _with_both_parts_filled(desk: Desk) -> Page:
    """Somebody was chosen first, then it was to be a department after all."""
    desk.go("/hazards")
    page = desk.page
    page.locator("[name=finding]").first.check()
    page.locator("#together summary").first.click()
    page.locator("#together-assignee").select_option(index=1)
    page.locator("#together summary").last.click()
    page.locator("#together-department").select_option("fire_rescue")
    page.locator("#together-reason").fill("请检查")
    return page
