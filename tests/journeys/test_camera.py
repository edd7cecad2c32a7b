"""Photos at the door: looked at before they are kept, covered for good, made small, brought back."""

import io
from typing import Any

from PIL import Image, ImageStat
from playwright.sync_api import Locator, expect

from tests.journeys.audit import faults_of
from tests.journeys.phone import PhoneScreen, a_large_picture
from tests.journeys.test_paper import TWO_FINGERS
from tests.photos import pictures

_BYTES = """
async () => {
  const {withStores} = await part("offline/db.js");
  const all = (name) => withStores([name], "readonly", (stores) => stores(name).getAll());
  const facts = await all("photos");
  const {bytesOf} = await part("offline/photos.js");
  return Promise.all(facts.map(async (photo) => [...new Uint8Array(await bytesOf(photo.id))]));
}
"""
# Some pixels around a place of the canvas on the page.
_PIXELS = """
(canvas, [x, y]) => {
  const per = canvas.width / canvas.getBoundingClientRect().width;
  return [...canvas.getContext("2d").getImageData(x * per - 4, y * per - 4, 8, 8).data].join();
}
"""


def test_what_was_covered_is_not_in_the_bytes(phone_browser: PhoneScreen) -> None:
    card = hazard(phone_browser)
    phone_browser.aim(card, pictures.saved(pictures.noise(800, 600), "JPEG"))
    frame = phone_browser.page.locator("[data-camera-taken]").bounding_box() or {}
    drag(phone_browser, frame, (0.1, 0.5), (0.9, 0.95))

    phone_browser.tap("[data-camera-keep]")
    expect(card.locator(".photo")).to_have_count(1)

    kept = stored(phone_browser)[0]
    wide, high = kept.size
    assert detail(kept.crop((0, 0, wide, high // 3))) > 20
    assert detail(kept.crop((wide // 5, int(high * 0.6), 4 * wide // 5, int(high * 0.85)))) < 8


def test_the_whole_of_a_photo_is_seen_before_it_is_kept(phone_browser: PhoneScreen) -> None:
    phone_browser.aim(hazard(phone_browser), pictures.saved(pictures.quarters(600, 1400), "JPEG"))
    for wide, high in ((360, 740), (740, 360), (320, 568)):
        phone_browser.page.set_viewport_size({"width": wide, "height": high})
        photo = phone_browser.page.locator("[data-camera-taken]").bounding_box() or {}
        view = phone_browser.page.locator("[data-camera-step=look] .camera-view").bounding_box() or {}
        assert view["y"] - 1 <= photo["y"]
        assert photo["y"] + photo["height"] <= view["y"] + view["height"] + 1


def test_covering_can_be_taken_back_and_a_tap_covers_too(phone_browser: PhoneScreen) -> None:
    phone_browser.aim(hazard(phone_browser))
    undo = phone_browser.page.locator("[data-camera-undo]")
    expect(undo).to_be_disabled()
    phone_browser.tap("[data-camera-taken]")
    expect(undo).to_be_enabled()
    assert faults_of(phone_browser.page) == []

    phone_browser.tap("[data-camera-undo]")

    expect(undo).to_be_disabled()


def test_a_second_finger_neither_ends_nor_moves_what_the_first_one_covers(phone_browser: PhoneScreen) -> None:
    phone_browser.aim(hazard(phone_browser), a_large_picture())
    canvas = phone_browser.page.locator("[data-camera-taken]")
    before = [canvas.evaluate(_PIXELS, place) for place in ((40, 30), (155, 90))]

    canvas.evaluate(TWO_FINGERS)

    drawn, beside = (canvas.evaluate(_PIXELS, place) for place in ((40, 30), (155, 90)))
    assert drawn != before[0]
    assert beside == before[1]


def test_the_camera_in_the_app_takes_a_photo(phone_browser: PhoneScreen) -> None:
    card = hazard(phone_browser)
    card.locator("[data-aim]").tap()
    expect(phone_browser.page.locator("[data-camera-shoot]")).to_be_enabled()
    assert faults_of(phone_browser.page) == []

    phone_browser.tap("[data-camera-shoot]")
    phone_browser.tap("[data-camera-keep]")

    expect(card.locator(".photo")).to_have_count(1)
    assert phone_browser.page.evaluate("document.querySelector('[data-camera-live]').srcObject") is None


def test_going_back_from_the_camera_keeps_nothing(phone_browser: PhoneScreen) -> None:
    card = hazard(phone_browser)
    phone_browser.aim(card)

    phone_browser.page.keyboard.press("Escape")

    expect(phone_browser.page.locator("[data-camera]")).to_be_hidden()
    assert stored(phone_browser) == []


def test_a_removed_photo_comes_back_with_undo(phone_browser: PhoneScreen) -> None:
    card = hazard(phone_browser)
    phone_browser.shoot(card)
    card.locator(".photo-remove").tap()
    expect(card.locator(".photo")).to_have_count(0)
    assert stored(phone_browser) == []

    card.locator("[data-undo]").tap()

    expect(card.locator(".photo")).to_have_count(1)
    assert len(stored(phone_browser)) == 1


def test_six_photos_are_enough_for_one_hazard(phone_browser: PhoneScreen) -> None:
    card = hazard(phone_browser)
    for _ in range(6):
        phone_browser.shoot(card)

    expect(card.locator("label.shoot")).to_be_hidden()
    expect(card.locator("[data-photos-full]")).to_be_visible()


def test_a_photo_that_this_phone_cannot_show_says_that_it_is_kept(phone_browser: PhoneScreen) -> None:
    card = hazard(phone_browser)
    with phone_browser.page.expect_file_chooser() as chooser:
        card.locator("label.shoot").tap()
    content = b"\x00\x00\x00\x18ftypheic" + bytes(4000)
    chooser.value.set_files([{"name": "IMG_0002.HEIC", "mimeType": "image/heic", "buffer": content}])
    expect(phone_browser.at("[data-camera-unseen]")).to_be_visible()

    phone_browser.tap("[data-camera-keep]")

    expect(card.locator(".photo [data-unseen]")).to_be_visible()
    expect(card.locator(".photo canvas")).to_be_hidden()
    assert faults_of(phone_browser.page) == []


def hazard(phone: PhoneScreen) -> Locator:
    """An open visit with one finding."""
    phone.begin_visit()
    return phone.add_hazard(0)


def drag(phone: PhoneScreen, frame: Any, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Draw a box, from and to fractions of a frame."""
    mouse = phone.page.mouse
    mouse.move(frame["x"] + start[0] * frame["width"], frame["y"] + start[1] * frame["height"])
    mouse.down()
    mouse.move(frame["x"] + end[0] * frame["width"], frame["y"] + end[1] * frame["height"])
    mouse.up()


def stored(phone: PhoneScreen) -> list[Image.Image]:
    """The pictures on the phone."""
    return [Image.open(io.BytesIO(bytes(row))).convert("RGB") for row in phone.page.evaluate(_BYTES)]


def detail(part: Image.Image) -> float:
    """How much the grey of neighbours differs."""
    return ImageStat.Stat(part.convert("L")).stddev[0]


def test_no_way_leads_to_a_seventh_photo(phone_browser: PhoneScreen) -> None:
    card = hazard(phone_browser)
    for _ in range(6):
        phone_browser.shoot(card)
    card.locator("[data-photos] [data-remove]").first.tap()
    expect(card.locator("[data-undo]")).to_be_visible()
    phone_browser.shoot(card)

    expect(card.locator("[data-undo]")).to_be_hidden()

    card.locator("[data-photos] [data-remove]").last.tap()
    expect(card.locator("[data-undo]")).to_be_visible()
    card.locator("[data-undo]").evaluate("button => { button.click(); button.click(); }")
    expect(card.locator("[data-photo-gone]")).to_have_count(0)
    expect(card).not_to_have_attribute("aria-busy", "true")
    expect(card.locator(".photo")).to_have_count(6)
