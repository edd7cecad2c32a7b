"""A correction that could not be sent: what was typed is there again, and what a colleague has put right stays."""

from collections.abc import Callable
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.desk import Desk
from tests.journeys.records import record_visits
from tests.journeys.server import Server
from tests.waiting import until

REASON = "电话里核实过"
SEND = "form[data-keeps] button[type=submit]"


@pytest.fixture
def visit(server: Server) -> str:
    """A visit that says that nine people live there."""
    record_visits(server, 1)
    return str(UUID(server.rows("SELECT id FROM visits ORDER BY id DESC LIMIT 1")[0][0]))


def _type(page: Page, **fields: str) -> None:
    for name, text in fields.items():
        page.fill(f"#{name}", text)


def _colleague_corrects(desk: Desk, visit: str, **fields: str) -> None:
    other = desk.browser.context.new_page()
    other.goto(f"{desk.address}/visits/{visit}/correction")
    _type(other, reason="上门问过", **fields)
    other.locator(SEND).click()
    other.wait_for_url(f"**/visits/{visit}")
    other.close()


def _by_the_link(page: Page) -> None:
    page.locator("[role=alert] a.primary").click()


def _by_the_browser(page: Page) -> None:
    page.go_back()


def _held(server: Server, visit: str) -> tuple[int, int]:
    rows = server.rows(
        "SELECT d.headcount, d.rooms FROM dwellings d JOIN visits v ON v.dwelling_id = d.id WHERE v.id = ?",
        UUID(visit).hex,
    )
    return rows[0][0], rows[0][1]


@pytest.mark.parametrize("goes_back", [_by_the_link, _by_the_browser])
def test_a_correction_that_came_too_late_puts_nothing_back_that_a_colleague_has_changed(
    server: Server, desk: Desk, visit: str, goes_back: Callable[[Page], None]
) -> None:
    page = desk.page
    desk.go(f"/visits/{visit}/correction")
    expect(page.locator("#headcount")).to_have_value("9")
    _type(page, rooms="17", reason=REASON)
    _colleague_corrects(desk, visit, headcount="5")
    page.locator(SEND).click()
    expect(page.locator("[role=alert]")).to_contain_text("上门问过")

    goes_back(page)

    expect(page.locator("#headcount")).to_have_value("5")
    expect(page.locator("#rooms")).to_have_value("17")
    expect(page.locator("#reason")).to_have_value(REASON)
    expect(page.locator("form[data-keeps] > .message")).to_contain_text("还没有保存")
    expect(page.locator("form[data-keeps] [data-typed]")).to_have_count(0)
    page.locator(SEND).click()
    until(lambda: server.count("reviews", f"reason = '{REASON}'") == 1, 15)
    assert _held(server, visit) == (5, 17)


def test_where_both_changed_the_same_the_colleagues_word_stands_and_what_was_typed_is_beside_it(
    server: Server, desk: Desk, visit: str
) -> None:
    page, told = desk.page, desk.page.locator(".field", has=desk.page.locator("#headcount"))
    desk.go(f"/visits/{visit}/correction")
    _type(page, headcount="7", reason=REASON)
    _colleague_corrects(desk, visit, headcount="5")
    page.locator(SEND).click()
    _by_the_link(page)

    for _time in range(2):
        expect(page.locator("#headcount")).to_have_value("5")
        expect(told.locator("[data-typed]")).to_have_text("7")
        expect(page.locator("#reason")).to_have_value(REASON)
        _type(page, rooms="17")
        page.reload()
    _type(page, headcount="7")
    page.locator(SEND).click()

    until(lambda: server.count("reviews", f"reason = '{REASON}'") == 1, 15)
    assert _held(server, visit) == (7, 17)


def test_a_correction_outlives_the_session_in_which_it_was_typed(
    server: Server, desk: Desk, visit: str
) -> None:
    page = desk.page
    desk.go(f"/visits/{visit}/correction")
    _type(page, rooms="17", reason=REASON)
    server.end_sign_ins()
    page.locator(SEND).click()
    expect(page.locator("[data-sign-in]")).to_be_visible()

    desk.sign_in("lead")
    desk.go(f"/visits/{visit}/correction")
    expect(page.locator("#rooms")).to_have_value("17")
    expect(page.locator("#reason")).to_have_value(REASON)
    page.locator(SEND).click()

    until(lambda: server.count("reviews", f"reason = '{REASON}'") == 1, 15)
    page.wait_for_url(f"**/visits/{visit}")
    desk.go(f"/visits/{visit}/correction")
    expect(page.locator("#reason")).to_have_value("")
