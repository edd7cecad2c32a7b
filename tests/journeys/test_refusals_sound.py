"""What the desk answers when it refuses, and what it says after something was done: nothing serious for axe, nothing
too wide."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from field.core.db import db
from field.core.ids import new_id
from field.places.models import Dwelling
from tests.journeys.audit import insist_on_sound
from tests.journeys.chromium import DESK, Chromium
from tests.journeys.desk import Desk
from tests.journeys.records import record_visits, walking
from tests.journeys.server import Server

_NOBODYS = "00000000-0000-0000-0000-000000000000"


def send_without_script(page: Page, form: str) -> int:
    """Send a form as it is, as a browser without scripts does; answers the status of the page that comes."""
    with page.expect_navigation() as coming:
        page.locator(form).evaluate("(one) => HTMLFormElement.prototype.submit.call(one)")
    return int(coming.value.status)


@pytest.mark.parametrize(
    ("path", "status"),
    [(f"/visits/{_NOBODYS}", 404), ("/no/such/page", 404), ("/notifications/deliveries", 403)],
)
def test_a_page_that_is_not_there_or_not_for_somebody_is_sound(desk: Desk, path: str, status: int) -> None:
    answer = desk.page.goto(f"{desk.address}{path}")

    assert answer is not None
    assert answer.status == status
    insist_on_sound(desk.page, path)


def test_a_form_that_is_refused_is_sound(server: Server, desk: Desk) -> None:
    record_visits(server, 1)
    visit = desk.queue().first.get_attribute("data-visit")
    page = desk.page

    desk.go(f"/visits/{visit}")
    assert send_without_script(page, ".return-form") == 422
    expect(page.locator("#reason[aria-invalid=true]")).to_have_count(1)
    insist_on_sound(page, "a return without a reason")
    desk.go(f"/visits/{visit}/correction")
    assert send_without_script(page, 'form[action*="/correction"]') == 422
    expect(page.locator("[aria-invalid=true]").first).to_be_visible()
    insist_on_sound(page, "a correction without a reason")


def test_whoever_comes_too_late_is_told_so_on_a_sound_page(server: Server, desk: Desk) -> None:
    record_visits(server, 1)
    visit = desk.queue().first.get_attribute("data-visit")
    desk.go(f"/visits/{visit}")
    page = desk.page
    page.locator("#decision summary[data-key=r]").click()
    page.fill("#reason", "请重新核对这户的居住人数。")
    other = desk.browser.context.new_page()
    other.goto(f"{desk.address}/visits/{visit}")
    other.locator('form[action$="/approval"] button').click()
    expect(other.locator('form[action$="/approval"]')).to_have_count(0)
    other.close()

    assert send_without_script(page, ".return-form") == 409
    insist_on_sound(page, "decided already")


def test_clean_visits_are_sound_after_they_were_approved_and_after_that_was_undone(
    server: Server, desk: Desk
) -> None:
    record_visits(server, 3)
    page = desk.page
    desk.go("/reviews/clean")

    page.locator(".decision button[type=submit]").click()
    page.wait_for_url("**approved=**")
    expect(page.locator("main .message.is-done")).to_be_visible()
    insist_on_sound(page, "approved together")
    desk.go("/reviews/clean")
    insist_on_sound(page, "what was approved together lately")
    page.locator('form[action$="/reversal"] button').click()
    page.wait_for_url("**reopened=**")
    insist_on_sound(page, "taken back")


def test_two_versions_of_a_visit_beside_each_other_are_sound(server: Server, desk: Desk) -> None:
    with walking(server) as (phone, doors):
        event = phone.record(doors[0], unchanged=None, dwelling_changes={"headcount": 3}, note="房东不在")
        again = phone.event(phone.correction_of(event, dwelling_changes={"headcount": 4, "rooms": 5}))
        [result] = phone.send(again)
        assert result["result"] == "accepted", result
    visit = json.loads(event["body"])["visit"]

    for language in ("zh", "en"):
        desk.go(f"/visits/{visit}/versions?lang={language}")
        expect(desk.page.locator(".versions tr.differs")).not_to_have_count(0)
        insist_on_sound(desk.page, f"versions, {language}")


def test_new_doors_are_sound_as_they_come_are_refused_and_are_decided(server: Server, desk: Desk) -> None:
    with walking(server) as (phone, doors):
        known = db.session.get_one(Dwelling, doors[0])
        behind = {"building": str(known.building_id), "floor": known.floor or 1, "door": known.door}
        house = {"grid": known.grid_code, "address": "演示新村 7号", "plate": "new-7"}
        new = {"building": str(new_id()), "floor": 3, "door": "301A", "house": house}
        for door in (behind, new):
            phone.record(new_id(), door=door, base_revision=None)
    page = desk.page

    desk.go("/proposals")
    cards = page.locator("section.card:has(form[action$='/refusal'])")
    expect(cards).to_have_count(2)
    expect(page.locator(".message.is-away a[href^='/merges/addresses/']")).to_have_count(1)
    insist_on_sound(page, "new doors")
    cards.first.locator("form[action$='/refusal'] button").click()
    expect(page.locator("[aria-invalid=true]")).to_be_visible()
    insist_on_sound(page, "declined without a reason")
    page.locator("form[action$='/refusal']").first.locator("[name=reason]").fill("是 301 的隔间")
    page.locator("form[action$='/refusal'] button").first.click()
    page.wait_for_url("**told=declined")
    insist_on_sound(page, "declined")
    page.locator("button.primary[form^=confirm-]").click()
    page.wait_for_url("**told=confirmed")
    insist_on_sound(page, "confirmed")


def test_where_a_code_is_typed_is_sound_whatever_is_typed(
    server: Server, browser_with: Callable[..., Chromium]
) -> None:
    page = browser_with(**DESK).page
    for typed, status in (("", 200), ("?code=ABC", 422), ("?code=AAAA-BBBB-CCCC", 404)):
        for language in ("zh", "en"):
            sign = "&" if typed else "?"
            answer = page.goto(f"{server.address}/n{typed}{sign}lang={language}")
            assert answer is not None
            assert answer.status == status
            insist_on_sound(page, f"/n{typed}, {language}")
