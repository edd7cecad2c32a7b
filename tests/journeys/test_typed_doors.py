"""A new door that is half typed outlives a reload, a kill and a slip; half floors are offered in plain words."""

import re
from typing import Any

from playwright.sync_api import expect

from tests.journeys.audit import faults_of, width_overrun
from tests.journeys.phone import PhoneScreen
from tests.journeys.server import Server
from tests.waiting import until

FORM = "[data-new-door]"
AGAIN = "[data-new-again]"
_TYPED = """
async () => (await part("offline/proposals.js")).typedDoors()
"""


def _field(phone: PhoneScreen, name: str) -> Any:
    return phone.page.locator(f"{FORM} [name={name}]")


def _ask(phone: PhoneScreen) -> None:
    phone.tap("[data-round-add]")
    expect(phone.page.locator(FORM)).to_be_visible()


def _is_kept(phone: PhoneScreen, **said: str) -> bool:
    rows = phone.page.evaluate(_TYPED)["by"].values()
    return any(said.items() <= row.items() for row in rows)


def test_what_was_typed_of_a_new_house_is_there_after_a_reload_and_gone_once_it_is_added(
    phone_browser: PhoneScreen,
) -> None:
    phone, page = phone_browser, phone_browser.page
    _ask(phone)
    page.select_option(f"{FORM} [name=building]", "")
    said = {"address": "新村 9号", "door": "1203", "unit": "2", "note": "楼后面"}
    for name, value in said.items():
        _field(phone, name).fill(value)
    page.select_option(f"{FORM} [name=address_anomaly]", "no_plate")
    until(lambda: _is_kept(phone, **said, address_anomaly="no_plate", floor="12"))

    page.reload()
    phone.see("round")
    _ask(phone)

    for name, value in {**said, "building": "", "floor": "12", "address_anomaly": "no_plate"}.items():
        expect(_field(phone, name)).to_have_value(value)
    expect(page.locator(AGAIN)).to_be_visible()
    # A tap on Enter clears nothing.
    expect(_field(phone, "building")).to_be_focused()
    assert faults_of(page) == []
    assert width_overrun(page) == 0

    phone.tap(f"{FORM} [type=submit]")
    phone.see("door")
    assert page.evaluate(_TYPED) == {"open": None, "by": {}}
    phone.go("round")
    _ask(phone)
    expect(page.locator(AGAIN)).to_be_hidden()
    expect(_field(phone, "door")).to_have_value("")


def test_a_kill_in_the_middle_of_a_new_door_costs_nothing(phone_browser: PhoneScreen) -> None:
    phone = phone_browser
    _ask(phone)
    _field(phone, "door").fill("777")
    until(lambda: _is_kept(phone, door="777"))

    phone.browser.kill()
    phone.restart()
    phone.see("round")
    _ask(phone)

    expect(_field(phone, "door")).to_have_value("777")


def test_after_a_slip_it_comes_again_with_its_building_only_and_can_be_begun_anew(
    phone_browser: PhoneScreen,
) -> None:
    phone, page = phone_browser, phone_browser.page
    _ask(phone)
    first = _field(phone, "building").input_value()
    other = _field(phone, "building").locator("option").nth(1).get_attribute("value") or ""
    assert first != other
    _field(phone, "door").fill("309")
    until(lambda: _is_kept(phone, door="309"))
    phone.tap("[data-new-door-close]")
    until(lambda: page.evaluate(_TYPED)["open"] is None)

    page.locator(".building").nth(1).locator("summary").tap()
    _ask(phone)
    expect(_field(phone, "building")).to_have_value(other)
    expect(_field(phone, "door")).to_have_value("")
    expect(page.locator(AGAIN)).to_be_hidden()
    page.select_option(f"{FORM} [name=building]", first)
    expect(_field(phone, "door")).to_have_value("309")
    expect(page.locator(AGAIN)).to_be_visible()

    phone.tap("[data-new-anew]")
    expect(_field(phone, "door")).to_have_value("")
    expect(_field(phone, "door")).to_be_focused()
    expect(page.locator(AGAIN)).to_be_hidden()
    until(lambda: page.evaluate(_TYPED)["by"] == {})


def test_another_number_that_was_searched_for_is_asked_about_and_not_the_one_that_was_left(
    phone_browser: PhoneScreen,
) -> None:
    phone, page = phone_browser, phone_browser.page
    for number in ("391", "392"):
        page.fill("#round-search", f"rml {number}")
        _ask(phone)
        expect(_field(phone, "door")).to_have_value(number)
        _field(phone, "note").fill(f"旁边是 {number}")
        until(lambda number=number: _is_kept(phone, door=number))  # type: ignore[misc]
        phone.tap("[data-new-door-close]")


def test_a_door_on_a_half_floor_is_ticked_and_stands_above_its_floor(
    phone_browser: PhoneScreen, server: Server
) -> None:
    phone, page = phone_browser, phone_browser.page
    _ask(phone)
    _field(phone, "door").fill("109")
    expect(_field(phone, "floor")).to_have_value("1")
    phone.tap(page.locator(f"{FORM} label", has=page.locator("[name=half]")))
    assert faults_of(page) == []

    phone.tap(f"{FORM} [type=submit]")
    phone.see("door")

    expect(page.locator("[data-text=number]")).to_have_text("夹109")
    phone.tap('[data-end="vacant"]')
    phone.see("round")
    floors = page.locator(".building[open] .floor-name")
    names = floors.all_text_contents()
    half = next(at for at, name in enumerate(names) if "½" in name)
    assert re.search(r"1½", names[half])
    assert re.search(r"1(?!½|\d)", names[half + 1])
    until(lambda: server.count("dwellings", "door = '夹109'") == 1, 45)
