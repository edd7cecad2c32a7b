"""A lead's evening: fifty visits by the keyboard; a reason that outlives the session; every page for everybody."""

from uuid import UUID

import pytest
from playwright.sync_api import expect

from field.demo.cast import PASSWORD
from tests.journeys.audit import faults_of, width_overrun
from tests.journeys.desk import Desk
from tests.journeys.records import record_visits
from tests.journeys.server import Server
from tests.waiting import until

REASON = "照片看不清，请补拍"


def test_fifty_visits_are_reviewed_with_the_keyboard_alone(server: Server, desk: Desk) -> None:
    record_visits(server, 50)
    desk.go("/reviews")
    page = desk.page
    expect(page.locator("#queue .queue-row")).to_have_count(50)

    for number in range(1, 51):
        opened = page.locator("#visit").get_attribute("data-visit")
        if number % 10 == 0:
            page.keyboard.press("r")
            expect(page.locator("#reason")).to_be_focused()
            page.keyboard.type(REASON)
            page.keyboard.press("Tab")
            page.locator(".return-form button[type=submit]").press("Enter")
        else:
            page.keyboard.press("a")
        until(lambda now=number: server.count("reviews") == now, 15)
        if number < 50:
            expect(page.locator(f'#visit:not([data-visit="{opened}"])')).to_have_count(1)

    assert server.count("visits", "state = 'approved'") == 45
    assert server.count("visits", "state = 'returned'") == 5
    assert server.count("reviews", f"reason = '{REASON}'") == 5
    assert desk.browser.faults == []


def test_a_key_that_is_held_down_decides_once(server: Server, desk: Desk) -> None:
    record_visits(server, 5)
    desk.go("/reviews")
    first = desk.page.locator("#visit").get_attribute("data-visit")
    desk.page.keyboard.down("a")
    expect(desk.page.locator(f'#visit:not([data-visit="{first}"])')).to_have_count(1)
    for _again in range(20):
        desk.page.keyboard.down("a")
    desk.page.keyboard.up("a")

    desk.page.keyboard.press("j")

    desk.page.reload()
    assert server.count("reviews") == 1


def test_j_and_k_walk_the_queue_and_the_place_is_kept(server: Server, desk: Desk) -> None:
    record_visits(server, 6)
    desk.go("/reviews")
    page = desk.page
    ids = [row.get_attribute("data-visit") for row in page.locator("#queue .queue-row").all()]

    for key, place in (("j", 1), ("j", 2), ("k", 1), ("j", 2)):
        page.keyboard.press(key)
        expect(page.locator(f'#visit[data-visit="{ids[place]}"]')).to_have_count(1)
    page.reload()

    expect(page.locator(f'#visit[data-visit="{ids[2]}"]')).to_have_count(1)
    page.keyboard.press("?")
    expect(page.locator("#keys")).not_to_have_attribute("open", "")


def test_a_reason_outlives_the_session_in_which_it_was_typed(server: Server, desk: Desk) -> None:
    record_visits(server, 1)
    visit = desk.queue().first.get_attribute("data-visit")
    desk.go(f"/visits/{visit}")
    desk.page.locator("#decision summary[data-key=r]").click()
    desk.page.fill("#reason", REASON)
    server.end_sign_ins()
    desk.page.locator(".return-form button[type=submit]").click()
    expect(desk.page.locator("#problem")).to_be_visible()
    expect(desk.page.locator("#reason")).to_have_value(REASON)

    desk.sign_in("lead")
    desk.go(f"/visits/{visit}")
    expect(desk.page.locator("#reason")).to_have_value(REASON)
    desk.page.locator(".return-form button[type=submit]").click()

    until(lambda: server.count("reviews", f"reason = '{REASON}'") == 1, 15)


def test_a_form_whose_session_is_gone_whole_can_be_sent_once_somebody_is_signed_in_again(
    server: Server, desk: Desk
) -> None:
    record_visits(server, 1)
    visit = desk.queue().first.get_attribute("data-visit")
    desk.go(f"/visits/{visit}")
    page, send = desk.page, desk.page.locator(".return-form button[type=submit]")
    page.locator("#decision summary[data-key=r]").click()
    page.fill("#reason", REASON)

    desk.browser.context.clear_cookies()
    with page.expect_response("**/csrf"):
        send.click()
    expect(page.locator("#problem")).to_be_in_viewport()
    send.click()
    expect(page.locator("#problem a[href='/sign-in']")).to_be_visible()
    other = desk.browser.context.new_page()
    other.goto(f"{desk.address}/sign-in")
    other.fill("#username", "lead")
    other.fill("#password", PASSWORD)
    other.click("form.card button[type=submit]")
    other.wait_for_url("**/reviews")
    with page.expect_response("**/csrf"):
        page.evaluate("dispatchEvent(new Event('focus'))")
    expect(page.locator("#reason")).to_have_value(REASON)
    send.click()

    until(lambda: server.count("reviews", f"reason = '{REASON}'") == 1, 15)


@pytest.mark.parametrize("width", [1280, 360])
def test_no_review_page_has_a_serious_fault_or_runs_over(server: Server, desk: Desk, width: int) -> None:
    record_visits(server, 3)
    visit = desk.queue().first.get_attribute("data-visit")
    door = server.rows("SELECT dwelling_id FROM visits LIMIT 1")[0][0]
    desk.page.set_viewport_size({"width": width, "height": 800})
    for path in (
        "/reviews",
        "/reviews?state=approved",
        "/reviews?search=nowhere",
        "/reviews/clean",
        f"/visits/{visit}",
        f"/visits/{visit}/correction",
        f"/visits/{visit}/versions",
        f"/dwellings/{UUID(door)}/disclosure",
    ):
        desk.go(path)
        desk.page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
        desk.page.wait_for_load_state("networkidle")
        assert faults_of(desk.page) == [], path
        assert width_overrun(desk.page) <= 0, path


def _type_a_reason(desk: Desk) -> None:
    desk.page.keyboard.press("r")
    expect(desk.page.locator("#reason")).to_be_focused()
    desk.page.keyboard.type(REASON)


def test_whoever_decides_too_late_reads_who_was_quicker_and_keeps_what_was_typed(
    server: Server, desk: Desk
) -> None:
    record_visits(server, 2)
    desk.go("/reviews")
    page = desk.page
    visit = page.locator("#visit").get_attribute("data-visit")
    _type_a_reason(desk)
    other = desk.browser.context.new_page()
    other.goto(f"{desk.address}/visits/{visit}")
    other.locator('form[action$="/approval"] button').click()
    expect(other.locator('form[action$="/approval"]')).to_have_count(0)

    page.locator(".return-form button[type=submit]").click()

    expect(page.locator(f'#visit[data-visit="{visit}"] form[action$="/approval"]')).to_have_count(0)
    expect(page.locator("#queue .queue-row")).to_have_count(1)
    expect(page.locator("#problem")).to_be_visible()
    expect(page.locator("#problem")).to_contain_text(REASON)
    expect(page.locator("#problem")).to_contain_text("通过")
    page.keyboard.press("j")
    expect(page.locator("#problem")).to_have_count(0)
    assert server.count("reviews") == 1


def test_a_filter_leaves_nothing_open_that_is_not_in_the_list(server: Server, desk: Desk) -> None:
    record_visits(server, 12)
    desk.go("/reviews")
    page = desk.page
    rows = page.locator("#queue .queue-row")
    address = rows.nth(10).locator(".where").inner_text()
    opened = page.locator("#visit").get_attribute("data-visit")

    page.fill("#search", address)
    expect(rows).to_have_count(1)

    only = rows.first.get_attribute("data-visit")
    assert only != opened
    expect(page.locator(f'#visit[data-visit="{only}"]')).to_have_count(1)
    page.fill("#search", "没有这里")
    expect(rows).to_have_count(0)
    expect(page.locator("#visit[data-visit]")).to_have_count(0)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("a")
    assert server.count("reviews") == 0


def test_an_approval_is_undone_by_the_key_and_the_visit_stands_open_again(server: Server, desk: Desk) -> None:
    record_visits(server, 3)
    desk.go("/reviews")
    page = desk.page
    first = page.locator("#visit").get_attribute("data-visit")
    page.keyboard.press("a")
    expect(page.locator("#told")).to_be_visible()
    expect(page.locator("#queue .queue-row")).to_have_count(2)

    page.keyboard.press("u")

    expect(page.locator(f'#visit[data-visit="{first}"] form[action*="/approval"]')).to_have_count(1)
    expect(page.locator("#queue .queue-row")).to_have_count(3)
    expect(page.locator("#told")).to_have_count(0)
    assert server.count("visits", "state = 'waiting'") == 3


def test_the_ring_of_the_focus_is_round_the_field_alone(server: Server, desk: Desk) -> None:
    record_visits(server, 1)
    for path in ("/reviews", "/hazards", "/referrals"):
        desk.go(path)
        desk.page.locator("[role=search] input:not([type=hidden])").first.focus()
        expect(desk.page.locator("[role=search]").first).to_have_css("box-shadow", "none")
