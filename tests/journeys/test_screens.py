"""Every screen of the phone: taps within the budget, no serious fault for people who see, hear or reach less."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import expect

from field.demo import numbers
from tests.journeys.album import LOOKS, Look, dress
from tests.journeys.audit import faults_of, width_overrun
from tests.journeys.desk import Desk
from tests.journeys.phone import PhoneScreen
from tests.journeys.server import Server
from tests.waiting import until

NUMBER = numbers.identity_number(date(1988, 5, 6), 7)
# What share of the window is held by what keeps to its edges.
_HELD = """
() => [...document.querySelectorAll(".top, .dock, .tabs")]
  .filter((one) => one.checkVisibility() && getComputedStyle(one).position !== "static")
  .reduce((sum, one) => sum + one.getBoundingClientRect().height, 0) / innerHeight
"""


def test_taps_from_the_round_back_to_the_round_stay_within_the_budget(phone_browser: PhoneScreen) -> None:
    for ending in ("vacant", "refused", "no_answer"):
        with phone_browser.at_most(2):
            phone_browser.open_door()
            phone_browser.tap(f'[data-end="{ending}"]')
            phone_browser.see("round")
            expect(phone_browser.at("[data-toast-text]")).to_be_visible()  # nobody aims before it has come
    with phone_browser.at_most(1):
        phone_browser.tap("[data-toast-next]")
        phone_browser.see("door")
    phone_browser.tap("[data-back]")
    phone_browser.see("round")
    with phone_browser.at_most(4):
        phone_browser.nothing_changed()
    with phone_browser.at_most(6):
        phone_browser.begin_visit()
        phone_browser.shoot(phone_browser.add_hazard(0, "fixed_on_site"))
        phone_browser.finish()
    with phone_browser.at_most(9):
        phone_browser.begin_visit()
        form = phone_browser.add_person("演示·新来三", NUMBER, "15400009997")
        form.locator('[data-chips="reason"] .chip').nth(2).tap()
        form.locator('[data-chips="intended_stay"] .chip').nth(3).tap()
        phone_browser.finish()


@pytest.mark.parametrize("look", ["light", "dark", "sunlight"])
def test_no_screen_has_a_serious_fault(phone_browser: PhoneScreen, look: str) -> None:
    phone_browser.go("me")
    phone_browser.tap(phone_browser.page.locator(".chip", has=phone_browser.page.locator(f"[value={look}]")))
    for screen in walk_through(phone_browser):
        assert faults_of(phone_browser.page) == [], screen


def test_no_screen_is_wider_than_a_small_phone_with_large_text(phone_browser: PhoneScreen) -> None:
    phone_browser.go("me")
    phone_browser.page.set_viewport_size({"width": 320, "height": 640})
    largest = phone_browser.page.locator("[value=largest]")
    phone_browser.tap(phone_browser.page.locator(".chip", has=largest))
    for screen in walk_through(phone_browser):
        assert width_overrun(phone_browser.page) == 0, screen


@pytest.mark.parametrize(
    "look", [LOOKS[-1], Look("lying", width=740, height=360)], ids=lambda look: look.name
)
def test_where_few_lines_fit_most_of_the_height_is_content(phone_browser: PhoneScreen, look: Look) -> None:
    dress(phone_browser, look)
    for screen in ("outbox", "me", "round"):
        phone_browser.go(screen)
        assert phone_browser.page.evaluate(_HELD) <= 0.4, screen
    phone_browser.open_door()
    assert phone_browser.page.evaluate(_HELD) <= 0.4, "door"
    phone_browser.start_visit()
    assert phone_browser.page.evaluate(_HELD) <= 0.4, "visit"


def test_the_phone_speaks_chinese_until_its_owner_wants_english(phone_browser: PhoneScreen) -> None:
    page = phone_browser.page
    expect(page.locator('[data-tab="outbox"]')).to_have_text(re.compile(r"[\u4e00-\u9fff]"))
    assert not re.search(r"\b(Outbox|To do|No answer|Me)\b", page.locator("body").inner_text())
    phone_browser.go("me")
    phone_browser.tap(page.locator(".chip", has=page.locator("[name=me-language][value=en]")))
    expect(page.locator("html")).to_have_attribute("lang", "en")
    phone_browser.browser.close()
    phone_browser.restart()
    expect(phone_browser.page.locator("html")).to_have_attribute("lang", "en")
    expect(phone_browser.page.locator('[data-tab="outbox"] span')).to_have_text("Outbox")


def test_the_first_start_has_no_serious_fault(new_phone) -> None:
    phone = new_phone()
    phone.page.goto(f"{phone.address}/phone/")
    expect(phone.at('[data-setup="sign-in"]')).to_be_visible()
    assert faults_of(phone.page) == []
    phone.tap('[data-setup="sign-in"] a')
    expect(phone.page.locator("#username")).to_be_visible()
    assert faults_of(phone.page) == []
    phone.give_password("worker")
    expect(phone.at('[data-setup="ready"]')).to_be_visible()
    assert faults_of(phone.page) == []


def walk_through(phone: PhoneScreen) -> Iterator[str]:
    """Show one screen after the other, each with something on it; yields their names."""
    yield "me"
    phone.go("round")
    yield "round"
    phone.no_answer()
    yield "round with a line at the bottom"
    phone.open_door()
    yield "door"
    phone.start_visit()
    yield "visit"
    card = phone.add_hazard(0)
    phone.aim(card)
    yield "looking at a photo"
    phone.tap("[data-camera-keep]")
    expect(card.locator(".photo")).to_have_count(1)
    yield "hazard"
    form = phone.add_person("演示·新来三", NUMBER[:-1], "154")
    form.locator("[name=phone]").blur()
    yield "occupant with faults"
    form.locator("[name=phone]").fill("15400009997")
    form.locator("[name=document_number]").fill(NUMBER)
    for fold in phone.page.locator("[data-visit] details.fold:visible").all():
        if fold.get_attribute("open") is None:
            fold.locator("> summary").tap()
    phone.tap(phone.page.locator("[data-requests] .chip").nth(1))
    phone.tap("[data-add-workplace]")
    phone.page.locator("[data-added-workplaces] [name=name]").fill("演示·修理铺")
    phone.tap("[data-visit-dwelling] .why > summary")
    yield "visit with every part open"
    phone.tap("[data-paper-open]")
    yield "hazard notice"
    phone.tap("[data-paper-answer=left]")
    phone.finish()
    phone.go("outbox")
    expect(phone.page.locator(".record").first).to_be_visible()
    yield "outbox"
    phone.go("round")
    phone.page.fill("#round-search", "rml 3")
    expect(phone.at("[data-round-found] a")).to_be_visible()
    yield "search"
    phone.page.fill("#round-search", "")
    phone.go("me")
    phone.tap('a[href="/phone/help"]')
    phone.see("help")
    phone.page.evaluate("for (const fold of document.querySelectorAll('.help')) fold.open = true")
    yield "help"
    phone.tap("[data-back]")
    phone.see("me")
    phone.tap("[data-sign-out]")
    yield "signing out"
    phone.tap("[data-sign-out-stay]")


def test_a_visit_begins_without_what_was_said_at_the_door_before(phone_browser: PhoneScreen) -> None:
    page = phone_browser.page
    use, wish = (
        page.locator('[data-fact-chips="use"] .chip').nth(3),
        page.locator("[data-requests] .chip").nth(1),
    )
    told, untold = phone_browser.words("notice_shown"), phone_browser.words("notice_open")
    phone_browser.begin_visit()
    phone_browser.show_notice()
    expect(page.locator("[data-notice-state]")).to_have_text(told)
    phone_browser.add_hazard(0)
    for fold, chip in (("[data-visit-dwelling]", use), ("[data-visit-requests]", wish)):
        phone_browser.tap(f"{fold} > summary")
        chip.tap()
    first = page.url
    phone_browser.tap("[data-back]")
    phone_browser.see("door")
    phone_browser.tap("[data-back]")
    phone_browser.see("round")

    phone_browser.begin_visit()
    expect(page.locator("[data-notice-state]")).to_have_text(untold)
    expect(page.locator("[data-finding], [data-items] [aria-pressed=true]")).to_have_count(0)
    expect(use.locator("input")).not_to_be_checked()
    expect(page.locator("[data-requests] input:checked, [data-request-note]")).to_have_count(0)

    page.evaluate("(there) => { location.href = there; }", first)
    phone_browser.see("visit")
    expect(page.locator("[data-finding], [data-items] [aria-pressed=true]")).to_have_count(2)
    expect(use.locator("input")).to_be_checked()
    expect(page.locator("[data-request-note]")).to_have_count(1)


def test_the_shop_behind_a_door_is_named_in_the_grid(phone_browser: PhoneScreen) -> None:
    shut = phone_browser.page.locator("[data-round-buildings] details:not([open]) > summary")
    while shut.count():
        shut.first.tap()
    shop = phone_browser.page.locator(".cell", has_text="演示·小面馆").first
    expect(shop.locator(".cell-work")).to_have_text("演示·小面馆")
    expect(shop).to_have_accessible_name(re.compile("演示·小面馆"))


def test_a_shop_is_found_by_its_name_and_stands_on_the_card_of_its_door(phone_browser: PhoneScreen) -> None:
    phone_browser.page.fill("#round-search", "小面馆")
    found = phone_browser.page.locator("[data-round-found] a:visible")
    expect(found).to_have_count(1)
    expect(found).to_contain_text("演示·小面馆")
    found.tap()
    phone_browser.see("door")
    expect(phone_browser.page.locator("[data-door-work]")).to_contain_text("演示·小面馆")


def test_a_door_that_is_missing_is_added_and_visited_at_once_and_its_fate_is_told(
    phone_browser: PhoneScreen, server: Server, desk: Desk
) -> None:
    phone_browser.page.fill("#round-search", "rml 399")
    expect(phone_browser.page.locator("[data-round-found] a:visible")).to_have_count(0)
    phone_browser.tap("[data-round-add]")
    assert faults_of(phone_browser.page) == []
    for name, searched in (("door", "399"), ("floor", "3")):
        expect(phone_browser.page.locator(f"[data-new-door] [name={name}]")).to_have_value(searched)
        phone_browser.page.fill(f"[data-new-door] [name={name}]", "")
    phone_browser.tap("[data-new-door] [type=submit]")
    for missing in ("door", "floor"):
        expect(phone_browser.at(f'[data-new-door] [data-error="{missing}"]')).to_be_visible()
    phone_browser.page.fill("[data-new-door] [name=door]", "   ")
    phone_browser.page.fill("[data-new-door] [name=floor]", "3")
    phone_browser.tap("[data-new-door] [type=submit]")
    expect(phone_browser.page.locator("[data-new-door] .error:visible")).to_have_count(1)
    phone_browser.page.fill("[data-new-door] [name=door]", "301A")
    expect(phone_browser.page.locator("[data-new-door] .error:visible")).to_have_count(0)
    expect(phone_browser.page.locator("[data-new-door] [name=floor]")).to_have_value("3")
    phone_browser.page.select_option("[data-new-door] [name=address_anomaly]", "no_plate")
    phone_browser.tap("[data-new-door] [type=submit]")
    phone_browser.see("door")
    phone_browser.start_visit()
    phone_browser.tap("[data-unchanged]")
    phone_browser.finish()
    until(lambda: phone_browser.waiting() == 0, 30)
    [record] = phone_browser.records()
    assert record["state"] == "accepted"
    asked = "SELECT address_anomaly, proposal FROM dwellings WHERE door = '301A'"
    assert server.rows(asked) == [("no_plate", "waiting")]

    desk.go("/proposals")
    desk.page.locator('details:has(form[action$="/refusal"]) > summary').click()
    desk.page.locator("[name=reason]").fill("是 301 的隔间")
    desk.page.locator('form[action$="/refusal"] button').click()
    expect(desk.page.locator(".message.is-done")).to_be_visible()
    phone_browser.go("me")
    phone_browser.tap("[data-me-refresh]")
    expect(phone_browser.at("[data-toast-text]")).to_be_visible()
    phone_browser.go("outbox")

    ending = phone_browser.page.locator("[data-endings-list] li")
    expect(ending).to_contain_text("301A")
    expect(ending).to_contain_text("是 301 的隔间")
