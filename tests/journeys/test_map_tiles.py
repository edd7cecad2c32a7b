"""The map of a hazard asks the district's own tiles for pictures and nobody else; without tiles it asks for nothing."""

import pytest
from playwright.sync_api import Page, Request, expect

from tests.journeys.desk import Desk
from tests.journeys.records import record_hazard
from tests.journeys.server import Server
from tests.photos import pictures
from tests.waiting import until

TILES = "https://map.district.example"
DRAWN = ".map img.leaflet-tile-loaded"

# In one step: a locator looks elements up first and reads them later, when Leaflet may have taken a tile away and
# emptied it.
SOURCES = "(which) => [...document.querySelectorAll(which)].map((one) => one.src)"


@pytest.fixture
def asked(desk: Desk) -> list[Request]:
    """Every request that the page makes from now on; tiles are answered as the district would."""
    made: list[Request] = []

    def note(request: Request) -> None:
        made.append(request)

    desk.page.on("request", note)
    tile = pictures.saved(pictures.quarters(256, 256), "PNG")
    desk.page.route(f"{TILES}/**", lambda route: route.fulfill(body=tile, content_type="image/png"))
    return made


def open_map(server: Server, desk: Desk) -> Page:
    """The page of a hazard, with its map open."""
    _visit, hazard = record_hazard(server)
    desk.go(f"/hazards/{hazard}")
    desk.page.locator("[data-map] > summary").click()
    expect(desk.page.locator(".map .map-pin")).to_be_visible()
    desk.page.wait_for_load_state("networkidle")
    return desk.page


def elsewhere(server: Server, asked: list[Request]) -> list[Request]:
    """Those that do not go to our own server."""
    ours = (server.address, "data:", "blob:")
    return [one for one in asked if not one.url.startswith(ours)]


def test_pictures_come_from_the_districts_tiles_and_from_nowhere_else(
    server: Server, desk: Desk, asked: list[Request]
) -> None:
    server.kill()
    server.settings = {"FIELD_TILES_URL": TILES + "/{z}/{x}/{y}.png"}
    server.start()
    page = open_map(server, desk)
    until(lambda: page.locator(DRAWN).count() > 0)

    page.locator(".leaflet-control-zoom-in").click()
    page.wait_for_load_state("networkidle")

    abroad = elsewhere(server, asked)
    assert {one.url.split("/")[2] for one in abroad} == {"map.district.example"}
    assert {one.resource_type for one in abroad} == {"image"}
    assert all("referer" not in one.all_headers() for one in abroad), (
        "the tiles do not hear which hazard it is"
    )
    assert {source.split("/")[2] for source in page.evaluate(SOURCES, DRAWN)} == {"map.district.example"}
    assert desk.browser.faults == []


def test_without_tiles_nothing_is_asked_of_anybody(server: Server, desk: Desk, asked: list[Request]) -> None:
    page = open_map(server, desk)
    so_far = len(asked)

    page.locator(".leaflet-control-zoom-out").click()
    page.locator(".map .map-building").first.click(force=True)
    page.wait_for_load_state("networkidle")

    assert elsewhere(server, asked) == []
    assert len(asked) == so_far
    expect(page.locator(".map img")).to_have_count(0)
