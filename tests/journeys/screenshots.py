"""Pictures of every page, taken from the running demo: `make screenshots`.

All go to build/screenshots/<language>/; those that the README shows also to docs/pictures/.
"""

import shutil
import sqlite3
import sys
import tempfile
from contextlib import closing
from datetime import date
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Playwright, expect, sync_playwright

from field.demo import numbers
from tests.journeys.chromium import DESK, PHONE, Chromium
from tests.journeys.desk import Desk
from tests.journeys.phone import PhoneScreen
from tests.journeys.scenes import a_bicycle, a_stove
from tests.journeys.server import ROOT, Server, free_port, prepare
from tests.waiting import until

OUT = ROOT / "build" / "screenshots"
README = ROOT / "docs" / "pictures"
SHOWN = {
    "zh/phone-round.png": "round.png",
    "zh/phone-hazard.png": "visit.png",
    "zh/phone-outbox.png": "outbox.png",
    "zh/desk-reviews.png": "reviews.png",
    "en/phone-round.png": "round-en.png",
    "en/desk-reviews.png": "reviews-en.png",
}
# How each screen of the phone is shown once more: what is chosen under Me.
LOOKS = {"dark": "doorstep.theme", "sunlight": "doorstep.theme", "largest": "doorstep.text"}
USUAL = {"doorstep.theme": "light", "doorstep.text": "normal"}
# Pages of a lead that need nothing looked up.
OTHERS = {
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
}
LOCALES = {"zh": "zh-CN", "en": "en-GB"}
NARROW = {"width": 360, "height": 740}
COLOURS = 128
NEWCOMER = numbers.identity_number(date(1991, 3, 9), 21)


class Album:
    """Where the pictures of one language go."""

    def __init__(self, language: str) -> None:
        self.folder = OUT / language
        self.folder.mkdir(parents=True, exist_ok=True)

    def keep(self, on: PhoneScreen | Desk, name: str) -> None:
        """Take a picture of what is in the window, once nothing moves any more."""
        on.page.evaluate(
            "Promise.allSettled(document.getAnimations()"
            ".filter((one) => one instanceof CSSTransition).map((one) => one.finished))"
        )
        on.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        on.page.screenshot(path=self.folder / f"{name}.png")


def main() -> None:
    """Take every picture in both languages."""
    shutil.rmtree(OUT, ignore_errors=True)
    with sync_playwright() as playwright:
        for language in LOCALES:
            with tempfile.TemporaryDirectory() as folder:
                take(playwright, language, Path(folder))
    publish()
    sys.stdout.write(f"{len(list(OUT.rglob('*.png')))} pictures in {OUT.relative_to(ROOT)}\n")


def take(playwright: Playwright, language: str, folder: Path) -> None:
    """Serve a fresh demo, work through a morning on the phone, and look at it from the desk."""
    data = folder / "data"
    data.mkdir()
    prepare(data)
    let_everybody_speak(language, data)
    server = Server(data, free_port())
    server.start()
    locale = {"locale": LOCALES[language]}
    phone = PhoneScreen(Chromium(playwright, folder / "phone", **{**PHONE, **locale}).open(), server.address)
    desk = Desk(Chromium(playwright, folder / "desk", **{**DESK, **locale}).open(), server.address)
    try:
        album = Album(language)
        take_start(album, phone)
        take_visits(album, phone)
        take_rest(album, phone, server)
        take_looks(album, phone)
        take_desk(album, desk)
    finally:
        phone.browser.close()
        desk.browser.close()
        server.kill()


def let_everybody_speak(language: str, data: Path) -> None:
    """The language is the account's, whatever browser somebody borrows."""
    with closing(sqlite3.connect(data / "doorstep.sqlite3")) as connection, connection:
        connection.execute("UPDATE users SET language = ?", (language,))


def take_start(album: Album, phone: PhoneScreen) -> None:
    """From the icon to the round."""
    phone.page.goto(f"{phone.address}/phone/")
    expect(phone.at('[data-setup="sign-in"]')).to_be_visible()
    album.keep(phone, "phone-first-start")
    phone.tap('[data-setup="sign-in"] a')
    expect(phone.page.locator("#username")).to_be_visible()
    album.keep(phone, "phone-sign-in")
    phone.give_password("worker")
    expect(phone.at('[data-setup="ready"]')).to_be_visible()
    album.keep(phone, "phone-ready")
    phone.start_round()
    album.keep(phone, "phone-round-fresh")


def take_visits(album: Album, phone: PhoneScreen) -> None:
    """Some visits, the last one with everything."""
    phone.no_answer()
    album.keep(phone, "phone-undo")
    for _ in range(3):
        phone.nothing_changed()
    phone.open_door(2)
    album.keep(phone, "phone-door")
    phone.start_visit()
    close_notice(phone)
    album.keep(phone, "phone-visit")
    take_hazards(album, phone)
    form = phone.add_person("演示·新来一", NEWCOMER, "15400009999")
    form.locator("[name=document_number]").tap()
    album.keep(phone, "phone-occupant")
    form.locator("[name=phone]").tap()
    form.locator("h3").scroll_into_view_if_needed()
    album.keep(phone, "phone-occupants")


def take_hazards(album: Album, phone: PhoneScreen) -> None:
    """Two hazards, each with a photo; the first is looked at, the camera in the app is shown."""
    for number, picture in ((0, a_stove()), (2, a_bicycle())):
        card = phone.add_hazard(number, "notice_left")
        phone.aim(card, picture)
        album.keep(phone, "phone-camera")
        phone.tap("[data-camera-keep]")
        expect(card.locator(".photo")).to_have_count(1)
        card.locator("[data-spot]").fill("二楼楼道")
        card.evaluate("(card) => scrollBy(0, card.getBoundingClientRect().top - 210)")
    album.keep(phone, "phone-hazard")


def take_rest(album: Album, phone: PhoneScreen, server: Server) -> None:
    """What waits, what has arrived, the round afterwards, and the person's own page."""
    server.kill()
    phone.finish()
    phone.go("outbox")
    album.keep(phone, "phone-outbox-waiting")
    server.start()
    phone.network_returns()
    until(lambda: phone.waiting() == 0, 60)
    phone.tap("[data-check-all]")
    expect(phone.page.locator("[data-outbox-head]")).to_contain_text(phone.words("all_in"))
    album.keep(phone, "phone-outbox")
    phone.go("round")
    album.keep(phone, "phone-round")
    phone.go("me")
    album.keep(phone, "phone-me")
    phone.tap("[data-sign-out]")
    album.keep(phone, "phone-sign-out")
    phone.tap("[data-sign-out-stay]")
    take_help(album, phone, "phone")
    phone.go("round")
    phone.page.fill("#round-search", "rmlu 30")
    album.keep(phone, "phone-search")
    phone.page.fill("#round-search", "")


def take_looks(album: Album, phone: PhoneScreen) -> None:
    """Every screen again: dark, for sunlight, in the largest letters."""
    for look, key in LOOKS.items():
        dress(phone, key, look)
        phone.go("round")
        album.keep(phone, f"{look}-round")
        phone.page.fill("#round-search", "rmlu 30")
        album.keep(phone, f"{look}-search")
        phone.page.fill("#round-search", "")
        phone.open_door()
        album.keep(phone, f"{look}-door")
        phone.start_visit()
        close_notice(phone)
        album.keep(phone, f"{look}-visit")
        take_camera(album, phone, look)
        phone.tap("[data-back]")
        phone.see("door")
        for screen in ("outbox", "me"):
            phone.go(screen)
            album.keep(phone, f"{look}-{screen}")
        take_help(album, phone, look)
        dress(phone, key, USUAL[key])


def dress(phone: PhoneScreen, key: str, value: str) -> None:
    """What a tap under Me does."""
    script = "([key, value]) => { localStorage[key] = value; dispatchEvent(new Event('doorstep:dress')); }"
    phone.page.evaluate(script, [key, value])


def take_camera(album: Album, phone: PhoneScreen, look: str) -> None:
    """A hazard, the camera in the app, and a photo that is looked at."""
    card = phone.add_hazard(0, "fixed_on_site")
    phone.aim(card, a_bicycle())
    phone.tap("[data-camera-taken]")
    album.keep(phone, f"{look}-camera")
    phone.tap("[data-camera-keep]")
    expect(card.locator(".photo")).to_have_count(1)
    card.evaluate("(card) => scrollBy(0, card.getBoundingClientRect().top - 90)")
    album.keep(phone, f"{look}-hazard")


def take_help(album: Album, phone: PhoneScreen, look: str) -> None:
    """The page of help, from the person's own."""
    phone.tap('a[href="/phone/help"]')
    phone.see("help")
    album.keep(phone, f"{look}-help")
    phone.tap("[data-back]")
    phone.see("me")


def close_notice(phone: PhoneScreen) -> None:
    """Fold the notice that opens by itself at a first visit."""
    notice = phone.page.locator("[data-visit-notice]")
    if notice.get_attribute("open") is not None:
        notice.locator("summary").tap()
    phone.page.evaluate("scrollTo(0, 0)")


def take_desk(album: Album, desk: Desk) -> None:
    """Every page of the desk, on a laptop and on a phone."""
    desk.go("/sign-in")
    album.keep(desk, "desk-sign-in")
    desk.sign_in("lead")
    for name, path in pages_of(desk).items():
        for width, window in (("desk", DESK["viewport"]), ("narrow", NARROW)):
            desk.page.set_viewport_size(window)
            desk.go(path)
            if name == "reviews" and width == "desk":
                with_hazards(desk).click()
                expect(desk.page.locator("#visit a[data-photo]")).to_have_count(2)
            desk.page.wait_for_load_state("networkidle")
            album.keep(desk, f"{width}-{name}")


def pages_of(desk: Desk) -> dict[str, str]:
    """The pages of a lead by name: the queue, the visit with hazards, the list of hazards, one of them."""
    desk.go("/reviews")
    visit = with_hazards(desk).get_attribute("href") or ""
    desk.go("/hazards")
    hazard = desk.page.locator("#hazards tbody a").first.get_attribute("href") or ""
    own = {"reviews": "/reviews", "visit": visit, "hazards": "/hazards", "hazard": hazard}
    return own | {name: path for path, name in OTHERS.items()}


def with_hazards(desk: Desk) -> Locator:
    """The visit in the queue that found something."""
    rows = desk.page.locator("#queue .queue-row")
    return rows.filter(has=desk.page.locator(".is-hazard")).locator("a").first


def publish() -> None:
    """Keep small copies of some for the README."""
    README.mkdir(parents=True, exist_ok=True)
    for source, name in SHOWN.items():
        if (OUT / source).exists():
            with Image.open(OUT / source) as picture:
                few = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
                few.save(README / name, optimize=True)


if __name__ == "__main__":
    main()
