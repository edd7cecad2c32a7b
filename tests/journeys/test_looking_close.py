"""Photos looked at closely: what is brought nearer stays in view, whatever its shape and however it is turned."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.desk import Desk
from tests.journeys.records import record_hazard
from tests.journeys.server import Server
from tests.photos import pictures

TALL, WIDE = ((600, 1200), (1200, 600))
# Where a photo stands in its pane: both as left, top, right, bottom.
_BOXES = """(name) => ["", " img"].map((part) => {
  const box = document.querySelector(`[data-pane=${name}]${part}`).getBoundingClientRect();
  return [box.left, box.top, box.right, box.bottom];
})"""


def _picture(size: tuple[int, int]) -> bytes:
    return pictures.saved(pictures.quarters(*size), "JPEG", quality=80)


@pytest.fixture
def page(server: Server, desk: Desk, request: pytest.FixtureRequest) -> Page:
    """The page of a visit with two photos, the first of them open."""
    visit, _hazard = record_hazard(server, *(_picture(size) for size in (TALL, WIDE)))
    desk.go(f"/visits/{visit}")
    desk.page.wait_for_load_state("networkidle")
    desk.page.locator("#visit a[data-photo]").first.click()
    expect(desk.page.locator("[data-pane=shown] img")).to_have_js_property("naturalWidth", TALL[0])
    return desk.page


def _boxes(page: Page, name: str = "shown") -> Any:
    return page.evaluate(_BOXES, name)


def _share_of_pane(page: Page) -> float:
    """How much of the pane the photo covers."""
    pane, photo = _boxes(page)
    wide, high = (
        max(0, min(pane[side + 2], photo[side + 2]) - max(pane[side], photo[side])) for side in (0, 1)
    )
    return float(wide * high / ((pane[2] - pane[0]) * (pane[3] - pane[1])))


def _middle_of_pane(page: Page, name: str = "shown") -> list[float]:
    """Which place of the photo is in the pane's middle, as parts of it."""
    pane, photo = _boxes(page, name)
    return [
        round(((pane[side] + pane[side + 2]) / 2 - photo[side]) / (photo[side + 2] - photo[side]), 3)
        for side in (0, 1)
    ]


def _press(page: Page, *names: str) -> None:
    for name in names:
        page.locator(f"#lightbox [data-do={name}]").click()


def test_a_tall_photo_that_is_brought_nearer_keeps_its_middle_in_view(page: Page) -> None:
    whole = _share_of_pane(page)

    _press(page, "nearer", "nearer")

    assert _share_of_pane(page) > 2.5 * whole
    assert _middle_of_pane(page) == [0.5, 0.5]
    _press(page, "turn")
    assert _share_of_pane(page) > 0.95


def test_a_turned_photo_fits_its_pane(page: Page) -> None:
    for _quarter in range(4):
        _press(page, "turn")
        pane, photo = _boxes(page)
        assert all(photo[side] >= pane[side] - 1 for side in (0, 1))
        assert all(photo[side] <= pane[side] + 1 for side in (2, 3))
        assert max(photo[2] - photo[0] - pane[2] + pane[0], photo[3] - photo[1] - pane[3] + pane[1]) > -1


def test_the_photo_comes_nearer_to_what_lies_under_the_pointer_and_is_dragged(page: Page) -> None:
    pane, photo = _boxes(page)
    x, y = photo[0] + (photo[2] - photo[0]) * 0.75, photo[1] + (photo[3] - photo[1]) * 0.25

    page.mouse.move(x, y)
    for _turn in range(3):
        page.mouse.wheel(0, -200)
    expect(page.locator("#lightbox")).to_have_attribute("data-near", "")

    assert _middle_of_pane(page)[1] < 0.45
    before = _boxes(page)[1]
    page.mouse.move((pane[0] + pane[2]) / 2, (pane[1] + pane[3]) / 2)
    page.mouse.down()
    page.mouse.move((pane[0] + pane[2]) / 2, (pane[1] + pane[3]) / 2 - 60, steps=4)
    page.mouse.up()
    assert abs(_boxes(page)[1][1] - (before[1] - 60)) < 2


def test_near_a_photo_the_arrows_and_buttons_move_it_and_no_edge_comes_in(page: Page) -> None:
    expect(page.locator("[data-moves]")).to_be_hidden()
    _press(page, "nearer", "nearer")

    page.keyboard.press("ArrowDown")
    lower = _middle_of_pane(page)[1]
    _press(page, "ArrowUp")

    assert lower > 0.5
    assert _middle_of_pane(page) == [0.5, 0.5]
    for _step in range(30):
        page.keyboard.press("ArrowDown")
    pane, photo = _boxes(page)
    assert abs(photo[3] - pane[3]) < 1
    page.keyboard.press("0")
    expect(page.locator("[data-moves]")).to_be_hidden()
    assert page.evaluate("document.activeElement.dataset.do") == "nearer"
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-caption]")).to_contain_text("2 / 2")


def test_photos_that_are_compared_are_looked_at_in_step(page: Page) -> None:
    _press(page, "compare", "nearer", "nearer", "nearer", "ArrowRight", "ArrowDown")

    assert _middle_of_pane(page, "kept") == _middle_of_pane(page, "shown")
    assert _middle_of_pane(page)[1] > 0.5
