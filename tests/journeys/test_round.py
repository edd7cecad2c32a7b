"""The round on the screen: filters without a swipe, divided doors that leave the columns alone, what a search tells."""

import re
from uuid import UUID

import pytest
from playwright.sync_api import Locator, ViewportSize, expect

from tests.journeys.audit import faults_of
from tests.journeys.desk import Desk
from tests.journeys.phone import PhoneScreen
from tests.journeys.server import Server
from tests.waiting import until

NARROW: ViewportSize = {"width": 360, "height": 740}


def test_every_filter_is_in_sight_on_a_narrow_phone(phone_browser: PhoneScreen) -> None:
    phone_browser.page.set_viewport_size(NARROW)
    box = phone_browser.page.locator("[data-round-filter]")
    chips = box.locator(".chip")
    expect(chips).to_have_count(8)

    assert box.evaluate("(one) => one.scrollWidth <= one.clientWidth")
    for chip in chips.all():
        place = _place(chip)
        assert place["x"] >= 0
        assert place["x"] + place["width"] <= NARROW["width"]
        assert place["height"] >= 48
    assert faults_of(phone_browser.page) == []


def test_a_door_that_was_put_off_without_a_signal_looks_so_is_marked_and_has_a_filter(
    phone_browser: PhoneScreen, server: Server
) -> None:
    server.kill()
    name = phone_browser.open_door()
    phone_browser.tap('[data-end="rescheduled"]')
    phone_browser.see("round")

    phone_browser.tap('[data-round-filter] .chip:has([value="rescheduled"])')

    cells = phone_browser.page.locator(".cell:visible")
    expect(cells).to_have_count(1)
    expect(cells.locator(".cell-door")).to_have_text(name)
    expect(cells.locator(".cell-unsent")).to_be_visible()
    expect(cells).to_have_class("cell is-away")
    badges = phone_browser.page.locator("[data-building-badges]:visible")
    expect(badges).to_contain_text(phone_browser.words("n_rescheduled"))


def test_a_search_tells_of_open_hazards(phone_browser: PhoneScreen) -> None:
    name = phone_browser.begin_visit()
    phone_browser.shoot(phone_browser.add_hazard(0))
    phone_browser.finish()

    phone_browser.page.fill("#round-search", name)

    row = phone_browser.page.locator("[data-round-found] a:has(.first-hazard:visible)")
    expect(row).to_have_count(1)
    expect(row).to_contain_text(phone_browser.words("hazard_open"))


def test_a_door_that_was_divided_leaves_its_neighbours_in_their_columns(phone_browser: PhoneScreen) -> None:
    phone_browser.page.set_viewport_size(NARROW)
    first, second = (
        phone_browser.page.locator(".cells.aligned > li:has(.cell-door)").nth(at) for at in (0, 1)
    )
    number, neighbour = (one.locator(".cell-door").inner_text() for one in (first, second))
    before = _place(second)["x"]

    phone_browser.tap("[data-round-add]")
    phone_browser.page.fill("[data-new-door] [name=door]", f"{number}A")
    phone_browser.tap("[data-new-door] [type=submit]")
    phone_browser.see("door")
    phone_browser.go("round")

    rooms = phone_browser.page.locator(".cells.aligned > .divided").first
    expect(rooms.locator(".cell-door")).to_have_text([number, "A"])
    beside = phone_browser.page.locator(".cells.aligned > li > .cell", has_text=re.compile(rf"^{neighbour}"))
    assert _place(beside.first)["x"] == before
    assert _place(beside.first)["y"] < _place(rooms)["y"]
    assert faults_of(phone_browser.page) == []


def test_nobody_opens_at_a_returned_door_and_that_is_recorded_beside_the_correction(
    phone_browser: PhoneScreen, server: Server, desk: Desk
) -> None:
    phone_browser.nothing_changed()
    until(lambda: server.count("visits") == 1, 45)
    [[visit]] = server.rows("SELECT id FROM visits")
    desk.send_back(str(UUID(visit)), "请核实人数")
    phone_browser.page.reload()
    phone_browser.tap(".cell.is-returned")
    phone_browser.see("door")
    expect(phone_browser.at("[data-door-returned]")).to_have_class(re.compile("primary"))
    expect(phone_browser.at("[data-door-start]")).not_to_have_class(re.compile("primary"))
    # What waits for a correction is not said to be done.
    expect(phone_browser.page.locator("[data-show=guard]")).to_be_hidden()
    expect(phone_browser.at("[data-text=when]")).to_have_text(phone_browser.words("visited_by_you"))

    phone_browser.tap('[data-end="no_answer"]')
    phone_browser.see("round")

    expect(phone_browser.doors("returned")).to_have_count(1)
    phone_browser.page.reload()
    until(lambda: server.count("visits", "outcome = 'no_answer'") == 1, 45)
    expect(phone_browser.doors("returned")).to_have_count(1)


def _place(one: Locator) -> dict[str, float]:
    return dict(one.bounding_box() or {})


def test_a_search_that_finds_more_than_it_shows_says_how_many_and_shows_them(
    phone_browser: PhoneScreen,
) -> None:
    page = phone_browser.page
    rows = page.locator("[data-round-found] a:visible")
    more = page.locator("[data-round-found] .found-more")
    page.fill("#round-search", "0")
    expect(rows).to_have_count(40)
    expect(more).to_be_visible()
    left = int("".join(re.findall(r"\d", more.text_content() or "")))
    assert left > 0
    # Who cannot see the rows hears how many there are.
    heard = page.locator("[data-live]")
    expect(heard).to_have_text(re.compile(rf"\b{40 + left}\b"))
    assert faults_of(page) == []

    phone_browser.tap(more)

    expect(rows).to_have_count(40 + left)
    expect(more).to_have_count(0)
    expect(rows.nth(40)).to_be_focused()
    names = rows.locator("strong").all_text_contents()
    assert len(set(names)) == len(names)

    # What is drawn again meanwhile is all there still; what is searched next is short again.
    page.evaluate("part('offline/changes.js').then(({notify}) => notify('pack'))")
    expect(rows).to_have_count(40 + left)
    page.fill("#round-search", "1")
    expect(rows).to_have_count(40)
    page.fill("#round-search", "rml 399")
    expect(heard).to_have_text(page.locator("[data-round-none]").inner_text())


def test_rows_of_a_search_stand_by_unseen_until_they_say_something(phone_browser: PhoneScreen) -> None:
    page = phone_browser.page
    rows = page.locator("[data-round-found] a:visible")
    for typed, found in (
        ("rml 399", 0),
        ("小面馆", 1),
        ("0", 40),
        ("小面馆", 1),
        ("rml 399", 0),
        ("小面馆", 1),
    ):
        page.fill("#round-search", typed)
        expect(rows).to_have_count(found)
        expect(page.locator("[data-round-none]")).to_be_visible(visible=not found)
    # Nor do keys and readers come to what is not found.
    page.fill("#round-search", "rml 399")
    assert page.get_by_role("link", name="演示·小面馆").count() == 0
    page.locator("#round-search").focus()
    for _key in range(3):
        page.keyboard.press("Tab")
    expect(page.locator("[data-round-add]")).to_be_focused()

    page.fill("#round-search", "")
    expect(rows).to_have_count(0)
    expect(page.locator("[data-round-none]")).to_be_hidden()
    # Nor do they take room.
    tools, building = _place(page.locator(".round-tools")), _place(page.locator(".building").first)
    assert building["y"] - tools["y"] - tools["height"] == pytest.approx(16, abs=0.5)
