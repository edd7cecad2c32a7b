"""Door plates: a real code before a camera opens the door, also without a signal."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys import scenes
from tests.journeys.audit import faults_of
from tests.journeys.chromium import PHONE, Chromium
from tests.journeys.phone import PhoneScreen
from tests.journeys.server import Server
from tests.waiting import until

_HAS_READER = """
async () => {
  const parts = ["/static/vendor/qr/decode.js", "/static/vendor/qr/index.js"];
  return (await Promise.all(parts.map((part) => caches.match(part)))).every(Boolean);
}
"""
_FORGET_READER = """
async () => {
  const names = (await caches.keys()).filter((name) => name.startsWith("plates-"));
  await Promise.all(names.map((name) => caches.delete(name)));
}
"""
# What browsers with Google's services bring along: sees what `window.seen` says.
_DETECTOR = """
(formats) => `
  window.BarcodeDetector = class {
    static async getSupportedFormats() { return ${JSON.stringify(formats)}; }
    constructor({formats}) { window.wanted = formats; }
    async detect(video) {
      window.looked = (window.looked ?? 0) + 1;
      return window.seen && video.videoWidth ? [{rawValue: window.seen}] : [];
    }
  };
`
"""
DOOR = """
SELECT d.plate, d.door, b.plate, b.address FROM dwellings d JOIN buildings b ON b.id = d.building_id
WHERE d.plate LIKE '%-301' AND d.unit IS NULL ORDER BY b.position LIMIT 1 OFFSET 2
"""


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """What the camera of the phone sees."""
    return scenes.film(tmp_path / "camera.mjpeg", scenes.a_lane())


@pytest.fixture
def phone(
    server: Server, enrolled: tuple[Path, Path], browser_with: Callable[..., Chromium], film: Path
) -> PhoneScreen:
    """The phone of the demo's worker at its round, with this before its camera."""
    screen = PhoneScreen(browser_with(enrolled[1], camera=film, **PHONE), server.address)
    screen.page.goto(f"{server.address}/phone/")
    screen.see("round")
    return screen


def test_a_plate_before_the_camera_opens_its_door_by_our_own_reader(
    phone: PhoneScreen, server: Server, film: Path
) -> None:
    plate, number, _building, address = server.rows(DOOR)[0]
    scenes.film(film, scenes.a_plate(plate))
    # Chromium on Linux reads no codes by itself.
    assert not phone.page.evaluate("'BarcodeDetector' in window")

    phone.tap("[data-round-scan]")

    phone.see("door")
    expect(phone.page.locator("[data-title]")).to_have_text(f"{address} {number}")
    assert phone.page.evaluate("document.querySelector('[data-scan-live]').srcObject") is None
    assert phone.browser.faults == []


def test_the_first_plate_is_read_without_a_signal(phone: PhoneScreen, server: Server, film: Path) -> None:
    plate, number, _building, address = server.rows(DOOR)[0]
    scenes.film(film, scenes.a_plate(plate))
    until(lambda: phone.page.evaluate(_HAS_READER))
    server.kill()
    phone.page.reload()
    phone.see("round")

    phone.tap("[data-round-scan]")

    phone.see("door")
    expect(phone.page.locator("[data-title]")).to_have_text(f"{address} {number}")


def test_a_second_plate_is_read_without_a_signal_and_a_building_shows_its_doors(
    phone: PhoneScreen, server: Server, film: Path
) -> None:
    plate, _number, building, address = server.rows(DOOR)[0]
    scenes.film(film, scenes.a_plate(plate))
    phone.tap("[data-round-scan]")
    phone.see("door")
    phone.tap("[data-back]")
    phone.see("round")
    server.kill()
    scenes.film(film, scenes.a_plate(building))

    phone.tap("[data-round-scan]")

    expect(phone.at("[data-round-found] a")).to_contain_text(address)
    expect(phone.page.locator("[data-round-found] a:visible").last).to_contain_text(address)


def test_a_plate_of_elsewhere_is_said_to_be_so(phone: PhoneScreen, film: Path) -> None:
    scenes.film(film, scenes.a_plate("https://elsewhere.example/plates/1"))

    phone.tap("[data-round-scan]")

    expect(phone.at("[data-toast-text]")).to_have_text(phone.words("plate_unknown"))


def test_a_number_can_be_typed_instead_and_the_scanner_lets_go_of_the_camera(phone: PhoneScreen) -> None:
    phone.tap("[data-round-scan]")
    expect(phone.at("[data-scan-hint]")).to_have_text(phone.words("scan_hint"))
    assert faults_of(phone.page) == []

    phone.tap("[data-scan-type]")

    expect(phone.page.locator("[data-scan]")).to_be_hidden()
    expect(phone.page.locator("#round-search")).to_be_focused()
    expect(phone.page.locator("[data-scan-live]")).to_have_js_property("srcObject", None)


def test_the_code_of_a_new_house_can_be_typed_instead(phone: PhoneScreen) -> None:
    phone.tap("[data-round-add]")
    phone.page.select_option("[data-new-door] [name=building]", "")
    phone.tap("[data-new-plate-scan]")

    phone.tap("[data-scan-type]")

    expect(phone.page.locator("[data-scan]")).to_be_hidden()
    expect(phone.page.locator("[data-new-door] [name=plate]")).to_be_focused()


def test_a_browser_that_reads_codes_by_itself_is_asked_and_ours_is_not_fetched(
    phone: PhoneScreen, server: Server
) -> None:
    plate, number, _building, address = server.rows(DOOR)[0]
    page = phone.page
    page.add_init_script(page.evaluate(_DETECTOR, ["ean_13", "qr_code"]))
    fetched: list[str] = []
    page.on("request", lambda one: fetched.append(one.url))
    page.reload()
    phone.see("round")
    phone.tap("[data-round-scan]")
    until(lambda: page.evaluate("window.looked > 1"))
    expect(phone.at("[data-scan-hint]")).to_have_text(phone.words("scan_hint"))

    page.evaluate("(plate) => { window.seen = plate; }", plate)

    phone.see("door")
    expect(page.locator("[data-title]")).to_have_text(f"{address} {number}")
    assert page.evaluate("window.wanted") == ["qr_code"]
    assert not [url for url in fetched if "/vendor/qr/" in url]

    # Of a code that is longer than the register takes, the end.
    phone.tap("[data-back]")
    phone.see("round")
    phone.tap("[data-round-add]")
    page.select_option("[data-new-door] [name=building]", "")
    code = "620402001005" * 11
    page.evaluate("(code) => { window.seen = code; }", code)
    phone.tap("[data-new-plate-scan]")
    expect(page.locator("[data-new-door] [name=plate]")).to_have_value(code[-120:])


def test_a_browser_that_reads_other_codes_only_gets_our_reader(
    phone: PhoneScreen, server: Server, film: Path
) -> None:
    plate, number, _building, address = server.rows(DOOR)[0]
    scenes.film(film, scenes.a_plate(plate))
    phone.page.add_init_script(phone.page.evaluate(_DETECTOR, ["ean_13"]))
    phone.page.reload()
    phone.see("round")

    phone.tap("[data-round-scan]")

    phone.see("door")
    expect(phone.page.locator("[data-title]")).to_have_text(f"{address} {number}")
    assert phone.page.evaluate("window.looked === undefined")


def test_where_no_reader_has_come_yet_it_is_said_what_is_missing_and_the_next_signal_brings_it(
    phone: PhoneScreen, server: Server, film: Path
) -> None:
    plate, number, _building, address = server.rows(DOOR)[0]
    until(lambda: phone.page.evaluate(_HAS_READER))
    phone.page.evaluate(_FORGET_READER)
    server.kill()
    phone.page.reload()
    phone.see("round")
    phone.tap("[data-round-scan]")
    expect(phone.at("[data-scan-hint]")).to_have_text(phone.words("scan_needs_signal"))
    phone.tap("[data-scan-close]")

    server.start()
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    until(lambda: phone.page.evaluate(_HAS_READER), 30)
    scenes.film(film, scenes.a_plate(plate))
    phone.tap("[data-round-scan]")

    phone.see("door")
    expect(phone.page.locator("[data-title]")).to_have_text(f"{address} {number}")
