"""Pictures of every page, taken from the running demo: `make screenshots`.

All go to build/screenshots/<language>/; those that the README shows also to docs/pictures/. `ONLY=zh` takes one
language, `ONLY=phone`, `ONLY=desk` or `ONLY=weeks` (every page of every role, with weeks of work behind it) one part.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Playwright, sync_playwright

from tests.journeys import scenes
from tests.journeys.album import Album
from tests.journeys.chromium import DESK, PHONE, Chromium
from tests.journeys.desk import Desk
from tests.journeys.desk_pictures import take_desk
from tests.journeys.desk_weeks import take_weeks
from tests.journeys.phone import PhoneScreen
from tests.journeys.phone_pictures import Morning
from tests.journeys.phone_pictures_later import Afternoon
from tests.journeys.server import ROOT, Server, free_port, let_everybody_speak, prepare

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
PARTS = ("phone", "desk", "weeks")
LOCALES = {"zh": "zh-CN", "en": "en-GB"}
COLOURS = 128
# What the README shows is no longer than a window; high by wide.
WINDOW = {
    name: facts["viewport"]["height"] / facts["viewport"]["width"]
    for name, facts in (("phone", PHONE), ("desk", DESK))
}


def main() -> None:
    """Take every picture in both languages."""
    faults: list[str] = []
    with sync_playwright() as playwright:
        for language in LOCALES:
            if wanted(language, LOCALES):
                shutil.rmtree(OUT / language, ignore_errors=True)
                with tempfile.TemporaryDirectory() as folder:
                    if wanted("phone", PARTS) or wanted("desk", PARTS):
                        faults += take(playwright, language, Path(folder))
                    if wanted("weeks", PARTS):
                        take_weeks(Album(OUT / language), playwright, language, Path(folder))
    publish()
    sys.stdout.write(f"{len(list(OUT.rglob('*.png')))} pictures in {OUT.relative_to(ROOT)}\n")
    if faults:
        sys.exit("\n".join(faults))


def wanted(name: str, among: object) -> bool:
    """Whether this is to be taken: all of it, unless ONLY names something of its kind."""
    chosen = [one for one in os.environ.get("ONLY", "").split(",") if one in tuple(among)]  # type: ignore[arg-type]
    return not chosen or name in chosen


def take(playwright: Playwright, language: str, folder: Path) -> list[str]:
    """Serve a fresh demo, work through a morning on the phone, look at it from the desk; says what does not fit."""
    data = folder / "data"
    data.mkdir()
    prepare(data)
    let_everybody_speak(language, data)
    server = Server(data, free_port())
    server.start()
    locale = {"locale": LOCALES[language]}
    camera = scenes.film(folder / "camera.mjpeg", scenes.a_bicycle())
    lens = Chromium(playwright, folder / "phone", camera=camera, **{**PHONE, **locale})
    phone = PhoneScreen(lens.open(), server.address)
    desk = Desk(Chromium(playwright, folder / "desk", **{**DESK, **locale}).open(), server.address)
    try:
        album = Album(OUT / language)
        morning = Morning(album, phone, server, camera)
        morning.start()
        morning.first_doors()
        morning.visit()
        morning.without_signal()
        afternoon = Afternoon(album, phone, server, camera)
        afternoon.all_in(desk)
        afternoon.second_look()
        afternoon.search()
        afternoon.rest()
        desk.browser.context.clear_cookies()
        if wanted("desk", PARTS):
            take_desk(album, desk)
        return album.faults
    finally:
        phone.browser.close()
        desk.browser.close()
        server.kill()


def publish() -> None:
    """Keep small copies of some for the README."""
    README.mkdir(parents=True, exist_ok=True)
    for source, name in SHOWN.items():
        if (OUT / source).exists():
            with Image.open(OUT / source) as picture:
                high = round(picture.width * WINDOW[source.split("/")[1].split("-")[0]])
                window = picture.crop((0, 0, picture.width, min(high, picture.height)))
                few = window.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
                few.save(README / name, optimize=True)


if __name__ == "__main__":
    main()
