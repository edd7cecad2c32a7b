"""Who lives at a door, from the finger to the register: counted, moved, added, changed; each number under its keys."""

import json
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, expect

from field.demo import numbers
from tests.journeys.audit import faults_of
from tests.journeys.phone import PhoneScreen
from tests.journeys.server import Server
from tests.journeys.test_day import bodies_of
from tests.journeys.test_hazards_at_a_door import sent
from tests.journeys.test_slips import open_a_household

CHILD = numbers.identity_number(date(2020, 2, 3), 31)
ADULT = numbers.identity_number(date(1992, 4, 5), 32)
CHINA = ZoneInfo("Asia/Shanghai")
LATELY = (date.today() - timedelta(days=3)).isoformat()  # noqa: DTZ011 a day is enough here


def test_all_still_live_here_and_how_many_children_reach_the_register(
    phone_browser: PhoneScreen, server: Server
) -> None:
    door = begin_at_a_household(phone_browser)
    confirm = phone_browser.page.locator("[data-confirm-all]")
    # Nothing is ticked before it is tapped.
    expect(confirm.locator("svg")).to_have_count(0)
    confirm.tap()
    expect(confirm).to_have_attribute("aria-pressed", "true")
    for fact, number in (("headcount", "7"), ("children", "3")):
        phone_browser.page.fill(f"[data-fact={fact}]", number)
    said = sent(phone_browser)

    assert (said["people_confirmed"], said["dwelling_changes"]) == (True, {"headcount": 7, "children": 3})
    assert "unchanged" not in said
    assert server.rows("SELECT headcount, children FROM dwellings WHERE id = ?", door) == [(7, 3)]
    assert list(bodies_of(server).values()) == [said]


def test_a_door_and_its_visit_say_the_same_of_a_person_in_the_same_order(phone_browser: PhoneScreen) -> None:
    lines = (
        "(row) => [...row.querySelectorAll('strong, span.small')].map((one) => one.textContent).slice(0, 3)"
    )
    open_a_household(phone_browser)
    at_the_door = phone_browser.page.locator("[data-door-people] > li").first.evaluate(lines)
    phone_browser.start_visit()

    assert phone_browser.page.locator("[data-people] > .person").first.evaluate(lines) == at_the_door


def test_a_child_of_whom_no_guardian_agrees_is_one_more_and_has_no_name(
    phone_browser: PhoneScreen, server: Server
) -> None:
    door = begin_at_a_household(phone_browser)
    [[heads, children]] = server.rows("SELECT headcount, children FROM dwellings WHERE id = ?", door)
    # Also whoever has no number is told before a name is typed.
    add = phone_browser.page.locator("[data-add-person]")
    assert "监护人" in str(add.evaluate("(one) => one.previousElementSibling.textContent"))
    form = phone_browser.add_person("演示·小新", CHILD, "15400009996")
    expect(form.locator("[data-child]")).to_be_visible()
    phone_browser.tap(form.locator("[data-child] .why > summary"))
    expect(form.locator("[data-child] .why > p")).to_be_visible()
    assert faults_of(phone_browser.page) == []

    form.locator("[data-count-only]").tap()
    expect(form).to_have_count(0)
    said = sent(phone_browser)

    more = {"headcount": heads + 1, "children": (children or 0) + 1}
    assert (said["dwelling_changes"], said.get("occupants")) == (more, None)
    assert server.rows("SELECT headcount, children FROM dwellings WHERE id = ?", door) == [
        tuple(more.values())
    ]
    assert list(bodies_of(server).values()) == [said]


def test_whom_the_register_knows_cannot_be_only_counted_and_what_happens_is_said(
    phone_browser: PhoneScreen, server: Server
) -> None:
    begin_at_a_household(phone_browser)
    row = phone_browser.page.locator("[data-people] > li").first
    row.locator("[data-edit]").tap()
    number = row.locator("[name=document_number]")
    number.fill(CHILD)
    child = row.locator("[data-child]")
    expect(child.get_by_text("名单上的姓名")).to_be_visible()
    expect(child.locator("[data-count-only]")).to_be_hidden()
    phone_browser.tap("[data-finish]")
    expect(phone_browser.at("[data-visit-error]")).to_have_text(phone_browser.words("need_guardian_known"))

    number.fill("")
    expect(child).to_be_hidden()
    number.fill(CHILD)
    child.locator(".check").tap()
    said = sent(phone_browser)

    [one] = said["occupants"]
    assert (one["action"], one["document_number"], one["guardian_consent"]) == ("change", CHILD, True)
    agreed = server.rows("SELECT guardian_consent FROM occupancies WHERE id = ?", UUID(one["occupancy"]).hex)
    assert agreed == [(1,)]


def test_who_moved_out_and_who_came_are_in_the_register_with_day_and_county(
    phone_browser: PhoneScreen, server: Server
) -> None:
    page, door = phone_browser.page, begin_at_a_household(phone_browser)
    row = page.locator("[data-people] > li").first
    row.locator("[data-moved]").tap()
    row.locator("[data-moved-on] input").fill(LATELY)
    phone_browser.tap(row.locator("[data-moved-on] .why > summary"))
    expect(row.locator("[data-moved-on] .why > p")).to_be_visible()
    first = phone_browser.add_person("演示·新来五", ADULT, "15400009995")
    assert_filled_in(first, ADULT[:6])
    second = phone_browser.add_person("演示·新来六", ADULT[:6], "15400009994")
    second.locator("[name=document_number]").fill(CHILD)
    second.locator("[name=document_type]").select_option("414")
    expect(second.locator("[name=home_county]")).to_be_hidden()
    second.locator("[name=document_number]").fill("DEMO99999")
    said = sent(phone_browser)

    gone, came, other = said["occupants"]
    assert (gone["action"], gone["moved_out_on"]) == ("moved_out", LATELY)
    assert (came["home_county"], "home_county" in other) == (ADULT[:6], False)
    rows = "SELECT o.ended, o.moved_out_on, p.home_county FROM occupancies o JOIN persons p ON p.id = o.person_id"
    asked = f"{rows} WHERE o.dwelling_id = ? AND o.id = ?"
    assert server.rows(asked, door, UUID(gone["occupancy"]).hex)[0][:2] == (1, LATELY)
    for entry, county in ((came, ADULT[:6]), (other, None)):
        assert server.rows(asked, door, UUID(entry["occupancy"]).hex) == [(0, None, county)]
    assert list(bodies_of(server).values()) == [said]


def assert_filled_in(form: Locator, county: str) -> None:
    """It came with the number, says so, follows it, and stays as it is once somebody has changed it."""
    field, told = form.locator("[name=home_county]"), form.locator('[data-help="home_county"]')
    expect(field).to_have_value(county)
    expect(told).to_be_visible()
    field.fill("62042")
    field.blur()
    expect(told).to_be_hidden()
    expect(form.locator('[data-error="home_county"]')).to_be_visible()
    expect(form.locator('[data-pointer="home_county"] mark')).to_have_text("＿")
    field.fill(county)
    field.blur()
    expect(form.locator('[data-error="home_county"]')).to_be_hidden()


def test_of_whom_the_register_knows_the_county_goes_only_when_it_was_changed(
    phone_browser: PhoneScreen, server: Server
) -> None:
    begin_at_a_household(phone_browser)
    row = phone_browser.page.locator("[data-people] > li").first
    row.locator("[data-edit]").tap()
    field = row.locator("[name=home_county]")
    known = field.input_value()
    assert len(known) == 6
    for text in ("610122", known):
        field.fill(text)
    row.locator("[name=phone]").fill("15400009993")
    said = sent(phone_browser)

    [one] = said["occupants"]
    assert one.keys() == {"action", "occupancy", "phone"}
    stored = "SELECT p.home_county FROM occupancies o JOIN persons p ON p.id = o.person_id WHERE o.id = ?"
    assert server.rows(stored, UUID(one["occupancy"]).hex) == [(known,)]


def test_each_number_has_the_keys_that_write_it_and_a_wrong_one_is_pointed_at(
    phone_browser: PhoneScreen,
) -> None:
    page = phone_browser.page
    phone_browser.begin_visit()
    for fold in ("dwelling", "workplaces"):
        phone_browser.tap(f"[data-visit-{fold}] > summary")
    phone_browser.tap("[data-add-workplace]")
    phone_browser.tap("[data-add-person]")
    form = page.locator("[data-added] .person-form")
    for name in ("phone", "contact_phone", "lessor_phone"):
        field = page.locator(f"[name={name}]")
        place = page.locator(".field", has=field)
        expect(field).to_have_attribute("type", "tel")
        expect(field).to_have_attribute("inputmode", "tel")
        field.fill("0943-82281a3")
        field.blur()
        expect(place.locator("[data-pointer] mark")).to_have_text("a")
        expect(place.locator("[data-error]")).to_be_visible()
        field.fill("0943-8228123")
        field.blur()
        expect(place.locator("[data-pointer]")).to_be_hidden()

    number, keys = form.locator("[name=document_number]"), form.locator("[data-keypad]")
    number.tap()
    expect(number).to_have_attribute("inputmode", "none")
    phone_browser.press(form, "62X")
    expect(number).to_have_value("62X")
    expect(form.locator('[data-pointer="document_number"]')).to_be_hidden()
    wrong = (("553", "ABC1100780101", "＿"), ("516", "H12E45678", "E"), ("414", "E1234/678", "/"))
    for kind, text, at in wrong:
        number.blur()
        form.locator("[name=document_type]").select_option(kind)
        number.tap()
        expect(keys).to_be_hidden()
        expect(number).to_have_attribute("inputmode", "text")
        number.fill(text)
        number.blur()
        expect(form.locator('[data-pointer="document_number"] mark')).to_have_text(at)


def test_of_a_number_whose_check_digit_does_not_fit_no_digit_is_called_the_wrong_one(
    phone_browser: PhoneScreen,
) -> None:
    phone_browser.begin_visit()
    phone_browser.tap("[data-add-person]")
    form = phone_browser.page.locator("[data-added] .person-form")
    form.locator("[name=document_type]").select_option("111")
    number = form.locator("[name=document_number]")

    number.fill("629999199103090211")
    number.blur()

    expect(form.locator('[data-error="document_number"]')).to_have_text(phone_browser.words("number_check"))
    expect(form.locator('[data-pointer="document_number"]')).to_have_text("629999 19910309 0211")
    expect(form.locator('[data-pointer="document_number"] mark')).to_have_count(0)


def test_what_a_field_for_numbers_cannot_read_is_asked_about(phone_browser: PhoneScreen) -> None:
    phone, page = phone_browser, phone_browser.page
    phone.begin_visit()
    for fold in ("dwelling", "workplaces"):
        phone.tap(f"[data-visit-{fold}] > summary")
    phone.tap("[data-add-workplace]")
    page.locator("[data-added-workplaces] [name=name]").fill("演示·修理铺")
    for mark, typed, right in (
        ("[data-added-workplaces] [name=headcount]", "2.5", "2"),
        ("[data-fact=headcount]", "1e", "9"),
        ("[data-fact=rooms]", "2-3", "3"),
    ):
        field = page.locator(mark)
        field.fill("")
        field.press_sequentially(typed)
        phone.tap("[data-finish]")
        expect(page.locator("[data-visit-error]")).to_have_text(phone.words("whole_number_between"))
        expect(field).to_be_focused()
        if mark != "[data-fact=rooms]":
            field.fill(right)
    # What was left in it at this door is nothing to the next one.
    phone.tap("[data-back]")
    phone.see("door")
    phone.tap("[data-back]")
    phone.see("round")
    phone.begin_visit()
    phone.finish()


def test_a_visit_over_midnight_keeps_the_days_that_were_said_and_none_that_has_come(
    phone_browser: PhoneScreen, server: Server
) -> None:
    phone, page = phone_browser, phone_browser.page
    server.kill()
    evening = datetime.now(CHINA).replace(hour=23, minute=50) + timedelta(days=1)
    first, second, third = (str((evening + timedelta(days=n)).date()) for n in range(3))
    page.clock.set_fixed_time(evening)
    begin_at_a_household(phone)
    left = page.locator("[data-people] > li").first
    left.locator("[data-moved]").tap()
    phone.tap("[data-visit-requests] > summary")
    phone.tap(page.locator("[data-requests] .chip").nth(1))
    page.fill("[data-remind]", second)
    phone.note("聊到半夜")

    page.clock.set_fixed_time(evening + timedelta(minutes=20))
    page.reload()
    phone.see("visit")
    expect(left.locator("[data-moved-on] input")).to_have_value(first)
    phone.tap("[data-finish]")
    expect(page.locator("[data-visit-error]")).to_have_text(phone.words("day_wrong"))
    expect(page.locator("[data-remind]")).to_be_focused()
    page.fill("[data-remind]", third)
    phone.finish()

    (record,) = phone.records()
    said = json.loads(record["body"])
    assert said["occupants"][0]["moved_out_on"] == first
    assert said["requests"][0]["remind_on"] == third
    times = [datetime.fromisoformat(said[name]).astimezone(CHINA) for name in ("started_at", "finished_at")]
    assert [str(one.date()) for one in times] == [first, second]


def begin_at_a_household(phone: PhoneScreen) -> str:
    """Begin a visit where somebody is known to live; answers the door as the database names it."""
    open_a_household(phone)
    door = UUID(phone.page.url.partition("#")[2]).hex
    phone.start_visit()
    return door
