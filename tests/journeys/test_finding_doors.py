"""A hazard's page shows where its door is, by keys too; on paper before and now stand side by side."""

import re
from typing import Any

import pytest
from playwright.sync_api import FloatRect, expect

from tests.journeys import scenes
from tests.journeys.audit import faults_of
from tests.journeys.chromium import DESK
from tests.journeys.desk import Desk
from tests.journeys.records import record_hazard
from tests.journeys.server import Server

# What is printed on it is as wide as this between its edges.
A4 = {"width": 718, "height": 1046}
NARROW = {"width": 360, "height": 740}


@pytest.mark.parametrize("window", [DESK["viewport"], NARROW], ids=["wide", "narrow"])
def test_houses_on_the_map_have_their_numbers_and_tell_their_address_by_keys(
    server: Server, desk: Desk, window: Any
) -> None:
    _visit, hazard = record_hazard(server)
    desk.page.set_viewport_size(window)
    desk.go(f"/hazards/{hazard}")
    page = desk.page
    page.wait_for_load_state("networkidle")
    page.locator("[data-map] > summary").click()

    shown = page.locator(".leaflet-tooltip:not(.is-crowded)")
    expect(shown.first).to_be_visible()
    boxes = [one.bounding_box() for one in shown.all()]
    for place, one in enumerate(boxes):
        for other in boxes[place + 1 :]:
            assert one
            assert other
            across = one["x"] + one["width"] < other["x"] or other["x"] + other["width"] < one["x"]
            down = one["y"] + one["height"] <= other["y"] or other["y"] + other["height"] <= one["y"]
            assert across or down
    for house in page.locator(".map path[role=button]").all():
        at = house.bounding_box()
        assert at
        across, down = at["x"] + at["width"] / 2, at["y"] + at["height"] / 2
        assert not any(covers(one, across, down) for one in boxes if one)
    mark = page.locator(".map .map-pin")
    mark.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-popup-content")).to_have_text(mark.get_attribute("aria-label") or "")
    assert faults_of(page) == []


def covers(box: FloatRect, across: float, down: float) -> bool:
    """Whether a point lies within a box."""
    within = box["x"] < across < box["x"] + box["width"]
    return within and box["y"] < down < box["y"] + box["height"]


def test_on_paper_a_list_says_what_was_chosen_and_both_photos_stand_side_by_side(
    server: Server, desk: Desk
) -> None:
    _visit, hazard = record_hazard(server, scenes.a_stove())
    desk.go(f"/hazards/{hazard}")
    page = desk.page
    page.locator('details:has(form[action$="/recheck"]) > summary').click()
    form = page.locator('form[action$="/recheck"]')
    form.locator('[name=passed][value="false"]').check()
    form.locator("[type=file]").set_input_files(
        {"name": "now.jpg", "mimeType": "image/jpeg", "buffer": scenes.a_bicycle()}
    )
    form.locator("[name=reason]").fill("还停在楼道里")
    form.locator("button[type=submit]").click()
    expect(page.locator(".timeline .compare.is-over")).to_have_count(1)

    page.emulate_media(media="print")
    before, now = (one.bounding_box() for one in page.locator(".timeline .compare figure").all())
    assert before
    assert now
    assert before["x"] + before["width"] <= now["x"]
    expect(page.locator(".timeline .compare figure").nth(1)).to_have_css("clip-path", "none")
    expect(page.locator(".timeline .compare input")).to_be_hidden()
    desk.go("/hazards?severity=general")
    expect(page.locator(".print-word")).to_be_visible()
    expect(page.locator("#severity")).to_be_visible()
    for unseen in ("#department", "#search", ".row > .states"):
        expect(page.locator(unseen).first).to_be_hidden()
    expect(page.locator("#hazards .states > :visible")).to_have_text(re.compile("未销号"))
    desk.go("/hazards")
    expect(page.locator("#filters")).to_be_hidden()


def test_on_paper_a_list_of_visits_says_its_days_and_state_and_is_there_to_its_end(
    server: Server, desk: Desk
) -> None:
    record_hazard(server)
    page = desk.page
    page.set_viewport_size(A4)
    page.emulate_media(media="print")
    desk.go("/reviews?hazards=1&since=2020-01-02&until=2099-03-04")

    expect(page.locator("#queue .queue-row").last).to_be_visible()
    expect(page.locator("#queue .states > :visible")).to_have_text(re.compile("待审核"))
    said = page.inner_text("main").replace("\N{WORD JOINER}", "")
    assert all(chosen in said for chosen in ("2020年1月2日", "2099年3月4日", "有隐患"))
    expect(page.locator("label:has([name=hazards])")).to_have_css("color", "rgb(0, 0, 0)")
    for unseen in ("#visit", ".keys", ".more-filters", "label:has([name=photos])"):
        expect(page.locator(unseen).first).to_be_hidden()
