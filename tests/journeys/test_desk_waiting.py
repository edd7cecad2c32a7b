"""A request of the desk that lasts, reaches nobody, or is answered by something between: seen where one looks."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.journeys.desk import Desk
from tests.journeys.records import record_hazard
from tests.journeys.server import Server
from tests.photos import pictures
from tests.waiting import until

ROWS = "**/hazards/rows*"
# Whether the bar is drawn, after what delay, and how it moves.
_BAR = """
(one) => {
  const {content, opacity, animationDelay, animationName} = getComputedStyle(one, "::after");
  return {seen: content !== "none" && opacity === "1", delay: animationDelay, moves: animationName};
}
"""


@pytest.fixture
def hazard(server: Server) -> str:
    """One that a worker has found."""
    return record_hazard(server)[1]


@pytest.fixture
def page(hazard: str, desk: Desk) -> Page:
    """The list with that hazard."""
    desk.go("/hazards")
    expect(desk.page.locator("#hazards [data-row]")).to_have_count(1)
    return desk.page


def bar_of(page: Page, selector: str) -> Any:
    """The bar of what asked."""
    return page.locator(selector).evaluate(_BAR)


def hold(page: Page, path: str) -> list[Route]:
    """Let requests wait for the test; answers those that do."""
    held: list[Route] = []

    def wait(route: Route) -> None:
        held.append(route)

    page.route(path, wait)
    return held


def test_a_filter_that_takes_long_shows_that_it_is_on_its_way(page: Page) -> None:
    held = hold(page, ROWS)
    page.fill("#search", "nowhere")

    until(lambda: bar_of(page, "#filters")["seen"])

    bar = bar_of(page, "#filters")
    assert set(bar["delay"].split(", ")) == {"0.3s"}, "what is quick shows nothing"
    assert "way-runs" in bar["moves"]
    held[0].continue_()
    expect(page.locator("#hazards .blank")).to_be_visible()
    assert not bar_of(page, "#filters")["seen"]


def test_who_wants_no_motion_sees_a_bar_that_stands_still(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    held = hold(page, ROWS)
    page.fill("#search", "nowhere")

    until(lambda: bar_of(page, "#filters")["seen"])

    assert bar_of(page, "#filters")["moves"] == "way-shown"
    held[0].continue_()


def test_a_form_that_takes_long_shows_it_beside_its_button(hazard: str, desk: Desk) -> None:
    page, form = desk.page, 'form[action$="/report"]'
    desk.go(f"/hazards/{hazard}")
    page.locator(f"details:has({form}) > summary").click()
    held = hold(page, "**/report")
    page.locator(f"{form} button[type=submit]").click()

    until(lambda: bar_of(page, form)["seen"])

    expect(page.locator(f"{form} button[type=submit]")).to_be_disabled()
    held[0].continue_()
    expect(page.locator(form)).to_have_count(0)


def test_photos_that_take_long_show_how_much_of_them_has_gone(
    hazard: str, desk: Desk, tmp_path: Path
) -> None:
    page, form = desk.page, 'form[action$="/report"]'
    picture = tmp_path / "now.jpg"
    picture.write_bytes(pictures.saved(pictures.noise(900, 700), "JPEG", quality=95))
    desk.go(f"/hazards/{hazard}")
    page.locator(f"details:has({form}) > summary").click()
    page.locator(f"{form} [type=file]").set_input_files(picture)
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 100_000}
    line.send("Network.emulateNetworkConditions", slow)
    page.locator(f"{form} button[type=submit]").click()

    until(lambda: page.locator(f"{form}[data-sent]").count() and bar_of(page, form)["seen"])

    share = int(page.locator(form).evaluate("form => parseInt(form.style.getPropertyValue('--sent'))"))
    assert 0 <= share < 100
    line.send("Network.emulateNetworkConditions", slow | {"uploadThroughput": -1})
    expect(page.locator(form)).to_have_count(0, timeout=30_000)


def test_what_the_page_asks_by_itself_stays_quiet(page: Page) -> None:
    held = hold(page, ROWS)
    page.evaluate("document.getElementById('hazards').dispatchEvent(new Event('refresh'))")
    until(lambda: page.evaluate("document.querySelector('#hazards.htmx-request') !== null") and held)

    page.wait_for_timeout(500)

    assert not bar_of(page, "#hazards")["seen"]
    held[0].abort()
    until(lambda: page.evaluate("document.querySelector('.htmx-request') === null"))
    expect(page.locator("#messages #problem")).to_have_count(0)


def test_without_a_network_the_list_stays_and_says_what_to_do(page: Page) -> None:
    page.context.set_offline(True)
    page.fill("#search", "nowhere")

    expect(page.locator("#messages #problem")).to_be_in_viewport()
    expect(page.locator("#messages #problem")).to_contain_text("请再试一次")
    expect(page.locator("#hazards [data-row]")).to_have_count(1)

    page.context.set_offline(False)
    page.fill("#search", "nowhere at all")
    expect(page.locator("#hazards .blank")).to_be_visible()
    expect(page.locator("#messages #problem")).to_have_count(0)


def test_what_a_gateway_answers_takes_no_place_in_a_list(page: Page) -> None:
    page.route(
        ROWS, lambda route: route.fulfill(status=502, content_type="text/html", body="<h1>Bad Gateway</h1>")
    )
    page.fill("#search", "nowhere")

    expect(page.locator("#messages #problem")).to_be_in_viewport()
    expect(page.get_by_text("Bad Gateway")).to_have_count(0)
    expect(page.locator("#hazards [data-row]")).to_have_count(1)


@pytest.mark.parametrize("status", [413, 504])
def test_what_a_gateway_answers_to_a_form_leaves_what_was_typed(hazard: str, desk: Desk, status: int) -> None:
    page, form = desk.page, 'form[action$="/report"]'
    desk.go(f"/hazards/{hazard}")
    page.locator(f"details:has({form}) > summary").click()
    page.fill(f"{form} [name=reason]", "房东来电")
    page.route("**/report", lambda route: route.fulfill(status=status, body="gateway"))
    page.locator(f"{form} button[type=submit]").click()

    expect(page.locator("#messages #problem")).to_be_in_viewport()
    expect(page.locator(f"{form} [name=reason]")).to_have_value("房东来电")
    page.unroute("**/report")
    page.locator(f"{form} button[type=submit]").click()
    expect(page.locator(".timeline")).to_contain_text("房东来电")
