"""Every page of a lead, on a laptop and on a phone."""

from playwright.sync_api import Locator, expect

from tests.journeys.album import Album
from tests.journeys.chromium import DESK
from tests.journeys.desk import Desk

NARROW = {"width": 360, "height": 740}
# Pages that need nothing looked up.
_OTHERS = {
    "/hazards/board": "board",
    "/reviews/clean": "clean",
    "/merges": "merges",
    "/referrals": "referrals",
    "/coverage": "coverage",
    "/phones": "phones",
    "/set-aside": "set-aside",
    "/rescue": "rescue",
    "/proposals": "proposals",
    "/notifications": "notifications",
    "/plates": "plates",
}


def take_desk(album: Album, desk: Desk) -> None:
    """Sign in as the lead and open page after page."""
    desk.go("/sign-in")
    album.keep(desk, "desk-sign-in")
    desk.sign_in("lead")
    for name, path in _pages_of(desk).items():
        for width, window in (("desk", DESK["viewport"]), ("narrow", NARROW)):
            desk.page.set_viewport_size(window)
            desk.go(path)
            if name == "reviews" and width == "desk":
                _with_hazards(desk).click()
                expect(desk.page.locator("#visit a[data-photo]")).to_have_count(2)
            desk.page.wait_for_load_state("networkidle")
            album.keep(desk, f"{width}-{name}")


def _pages_of(desk: Desk) -> dict[str, str]:
    """The pages by name: the queue, the visit with hazards, the list of hazards, one of them, the others."""
    desk.go("/reviews")
    visit = _with_hazards(desk).get_attribute("href") or ""
    desk.go("/hazards")
    hazard = desk.page.locator("#hazards tbody a").first.get_attribute("href") or ""
    desk.go("/plates")
    building = desk.page.locator(".pairs a").first.get_attribute("href") or ""
    plates = {"plate": building, "plate-sheet": f"{building}/sheet"}
    own = plates | {"reviews": "/reviews", "visit": visit, "hazards": "/hazards", "hazard": hazard}
    return own | {name: path for path, name in _OTHERS.items()}


def _with_hazards(desk: Desk) -> Locator:
    """The visit in the queue that found something."""
    rows = desk.page.locator("#queue .queue-row")
    return rows.filter(has=desk.page.locator(".is-hazard")).locator("a").first
