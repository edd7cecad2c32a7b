"""What somebody typed or chose at the desk outlives their session and the way back, and is nobody else's."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.chromium import DESK, Chromium
from tests.journeys.desk import Desk
from tests.journeys.records import record_hazard, walking
from tests.journeys.server import Server
from tests.waiting import until

REASON = "房东来电，明天就搬走"


@pytest.fixture
def hazard(server: Server) -> str:
    """One that a worker has found."""
    return record_hazard(server)[1]


def open_form(page: Page, name: str) -> Locator:
    """The form of a step, in sight."""
    fold = page.locator(f'details:has(form[action$="/{name}"])')
    if fold.get_attribute("open") is None:
        fold.locator("> summary").click()
    return page.locator(f'form[action$="/{name}"]')


def send(form: Locator) -> None:
    """Press its button."""
    form.locator("button[type=submit]").click()


def change_to(desk: Desk, name: str) -> None:
    """Somebody else signs in at the same desk, in the same tab."""
    desk.browser.context.clear_cookies()
    desk.sign_in(name)


def insist_that_it_outlives_the_session(server: Server, desk: Desk, path: str, name: str, who: str) -> None:
    """Typed, refused as nobody is signed in any more, found again after signing in, and taken."""
    desk.go(path)
    open_form(desk.page, name).locator("[name=reason]").fill(REASON)
    server.end_sign_ins()
    send(open_form(desk.page, name))
    expect(desk.page.locator("#problem")).to_be_visible()
    expect(open_form(desk.page, name).locator("[name=reason]")).to_have_value(REASON)

    desk.sign_in(who)
    desk.go(path)
    expect(open_form(desk.page, name).locator("[name=reason]")).to_have_value(REASON)
    send(open_form(desk.page, name))

    until(lambda: server.count("finding_steps", f"reason = '{REASON}'") == 1, 15)


def test_a_leads_word_about_a_hazard_outlives_the_session(server: Server, desk: Desk, hazard: str) -> None:
    insist_that_it_outlives_the_session(server, desk, f"/hazards/{hazard}", "report", "lead")


def test_a_departments_word_outlives_the_session(
    server: Server, desk: Desk, hazard: str, browser_with: Callable[..., Chromium]
) -> None:
    desk.go(f"/hazards/{hazard}")
    form = open_form(desk.page, "referral")
    form.locator("[name=department]").select_option("fire_rescue")
    send(form)
    until(lambda: server.count("findings", "status = 'referred'") == 1, 15)
    handler = Desk(browser_with(**DESK), server.address)
    handler.sign_in("handler")
    handler.go(f"/referrals/{hazard}")
    for step, state in (("acceptance", "receipted"), ("start", "in_progress")):
        send(handler.page.locator(f'form[action$="/{step}"]'))
        until(lambda state=state: server.count("findings", f"status = '{state}'") == 1, 15)

    insist_that_it_outlives_the_session(server, handler, f"/referrals/{hazard}", "progress", "handler")


def test_what_one_person_typed_is_not_in_the_form_of_the_next_at_the_same_desk(
    server: Server, desk: Desk, hazard: str
) -> None:
    path = f"/hazards/{hazard}"
    desk.go(path)
    open_form(desk.page, "deadline").locator("[name=reason]").fill(REASON)

    change_to(desk, "office")
    desk.go(path)
    expect(open_form(desk.page, "deadline").locator("[name=reason]")).to_have_value("")

    change_to(desk, "lead")
    desk.go(path)
    expect(open_form(desk.page, "deadline").locator("[name=reason]")).to_have_value(REASON)


def test_a_reason_for_one_persons_number_is_not_in_the_form_of_another(server: Server, desk: Desk) -> None:
    with walking(server) as (_phone, doors):
        pages = [f"/dwellings/{door}/disclosure" for door in doors]
    with_number = []
    for path in pages:
        desk.go(path)
        with_number += [path] if desk.page.locator("#reason").count() else []
        if len(with_number) == 2:
            break
    one, other = with_number
    desk.go(one)
    desk.page.fill("#reason", REASON)

    desk.go(other)
    expect(desk.page.locator("#reason")).to_have_value("")
    desk.go(one)
    expect(desk.page.locator("#reason")).to_have_value(REASON)


def test_the_way_back_after_a_filter_leads_to_the_list_as_it_was(
    server: Server, desk: Desk, hazard: str
) -> None:
    page, rows = desk.page, desk.page.locator("#hazards [data-row]")
    desk.go("/hazards")
    expect(rows).to_have_count(1)
    before = page.url
    page.fill("#search", "nowhere")
    page.wait_for_url("**search=nowhere*")
    expect(page.locator("#hazards .blank")).to_be_visible()

    page.go_back()

    expect(rows).to_have_count(1)
    expect(page.locator("#search")).to_have_value("")
    assert page.url == before
    page.go_forward()
    expect(page.locator("#hazards .blank")).to_be_visible()
    expect(page.locator("#search")).to_have_value("nowhere")


def test_the_way_back_after_the_session_leads_to_signing_in(server: Server, desk: Desk, hazard: str) -> None:
    page = desk.page
    desk.go("/hazards")
    page.fill("#search", "nowhere")
    page.wait_for_url("**search=nowhere*")
    server.end_sign_ins()

    page.go_back()

    expect(page.locator("#username")).to_be_visible()
