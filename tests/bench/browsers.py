"""The phone in a real browser, slowed down as a cheap phone is: opening without a signal, taps, search, pictures."""

import io
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles
from typing import Any

from PIL import Image
from playwright.sync_api import CDPSession, Page, expect, sync_playwright

from tests.bench import filling, pages
from tests.bench.figures import Figure, ratios
from tests.journeys.chromium import PHONE, Chromium
from tests.journeys.phone import PhoneScreen
from tests.journeys.server import Server, free_port

DOORS, MANY_DOORS = 2_000, 5_000
STARTS = 7
# As a day of forty visits has: the p95 of a score of taps is its worst, and tells what else the machine did.
TAPS, TABS, KEYS = 40, 20, 120
PATIENCE = 120_000
SLOW, LESS_SLOW = 6, 4
# Says when the round was first painted, in milliseconds of the page's own clock.
_WATCH = """
window.roundShown = new Promise((done) => {
  window.noteShown = () => requestAnimationFrame(() => setTimeout(() => {
    if (document.body?.dataset.on === "round") done(performance.now());
  }));
});
document.addEventListener("DOMContentLoaded", () => {
  const { noteShown } = window;
  new MutationObserver(noteShown).observe(document.body, { attributes: true, attributeFilter: ["data-on"] });
  noteShown();
});
"""
# Nobody taps before they have seen where: the eye and the hand take longer than this, and so the page has come to rest.
_LOOK = """
() => new Promise((done) => setTimeout(() => requestIdleCallback(done), 300))
"""
_TAP = """
async ([mark, screen]) => {
  const seen = () => [...document.querySelectorAll(mark)].find((one) => one.checkVisibility());
  const shut = () => document.querySelector("[data-round-buildings] details:not([open]) > summary");
  for (let waits = 0; waits < 500 && !seen(); waits++) {
    if (document.body.dataset.on === "round") shut()?.click();
    await new Promise((done) => setTimeout(done, 20));
  }
  const target = seen();
  if (!target) throw new Error(`no ${mark} on ${document.body.dataset.on}`);
  const shown = new Promise((done) => {
    const look = () => document.body.dataset.on === screen && done();
    new MutationObserver(look).observe(document.body, { attributes: true, attributeFilter: ["data-on"] });
  });
  const from = performance.now();
  target.click();
  await shown;
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  return performance.now() - from;
}
"""
_HOME = """
async () => {
  for (let steps = 0; steps < 4 && document.body.dataset.on !== "round"; steps++) {
    const was = document.body.dataset.on;
    history.back();
    for (let waits = 0; waits < 200 && document.body.dataset.on === was; waits++)
      await new Promise((done) => setTimeout(done, 20));
  }
  return document.body.dataset.on;
}
"""
_TYPE = """
async (typed) => {
  const field = document.querySelector("#round-search");
  // As fast as a thumb types; what is drawn after a key is drawn by then.
  await new Promise((done) => setTimeout(done, 200));
  const from = performance.now();
  field.value = typed;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  return performance.now() - from;
}
"""
# As from the phone's own camera: a file, of which the page holds no bytes.
_CHOICE = """
() => document.body.append(Object.assign(document.createElement("input"), { type: "file", id: "measured" }))
"""
_SHRINK = """
async () => {
  const [file] = document.querySelector("#measured").files;
  const { shrink } = await import("/static/js/phone/shrink.js");
  let longest = 0;
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
  });
  await new Promise((done) => setTimeout(done, 300));
  observer.observe({ type: "longtask" });
  const from = performance.now();
  const small = await shrink(file);
  const took = performance.now() - from;
  await new Promise((done) => setTimeout(done, 300));
  observer.disconnect();
  return { size: small.bytes.byteLength, took, longest };
}
"""


@contextmanager
def a_phone(folder: Path, doors: int) -> Iterator[PhoneScreen]:
    """A phone of the demo's worker whose first grid holds so many doors; it has fetched everything."""
    with pages.program(folder / "data"):
        filling.a_full_grid(doors, doors * 5 // 2)
    server = Server(folder / "data", free_port())
    server.start()
    try:
        with sync_playwright() as playwright:
            screen = PhoneScreen(Chromium(playwright, folder / "profile", **PHONE).open(), server.address)
            screen.browser.context.set_default_timeout(PATIENCE)
            expect.set_options(timeout=PATIENCE)
            screen.browser.context.add_init_script(_WATCH)
            screen.sign_in("worker")
            screen.start_round()
            yield screen
            screen.browser.close()
    finally:
        server.kill()


def slowed(page: Page, times: int) -> CDPSession:
    """Let the page's processor be so many times slower."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": times})
    return session


def offline(folder: Path) -> list[Figure]:
    """Cold starts, taps and search at 2,000 and 5,000 doors without a signal, sixfold slowed."""
    with a_phone(folder / "few", DOORS) as screen:
        screen.browser.context.set_offline(True)
        slowed(screen.page, SLOW)
        starts = [_start(screen) for _ in range(STARTS)]
        empty = [_empty(screen.page) for _ in range(STARTS)]
        _start(screen)
        # Tabs first: the taps leave forty visits begun, which no day has, and the round tells of each.
        tabs, taps = _tabs(screen.page), _taps(screen)
    with a_phone(folder / "many", MANY_DOORS) as screen:
        screen.browser.context.set_offline(True)
        slowed(screen.page, SLOW)
        _start(screen)
        keys = _search(screen.page)
    return [
        Figure("cold_offline", "s, sixfold slowed", [one / 1000 for one in starts], "", "≤ 1.5"),
        Figure("cold_offline_ratio", "ratio", ratios(sorted(starts), sorted(empty)), "an empty page"),
        Figure("tap_to_screen_p95", "ms, sixfold slowed", [_p95(taps)], "", "≤ 100"),
        Figure("tap_to_screen", "ms, sixfold slowed", taps),
        Figure("tap_to_tab_p95", "ms, sixfold slowed", [_p95(tabs)], "", "≤ 100"),
        Figure("tap_to_tab", "ms, sixfold slowed", tabs),
        Figure("search_offline_p95", "ms, sixfold slowed", [_p95(keys)], "", "≤ 50"),
        Figure("search_offline", "ms, sixfold slowed", keys),
    ]


def _start(screen: PhoneScreen) -> float:
    """Milliseconds from opening the address of the icon until the round is painted; no worker runs yet, as after a
    night."""
    tools = screen.page.context.new_cdp_session(screen.page)
    tools.send("ServiceWorker.enable")
    tools.send("ServiceWorker.stopAllWorkers")
    tools.detach()
    screen.page.goto(f"{screen.address}/phone/", wait_until="commit")
    return float(screen.page.evaluate("window.roundShown"))


def _empty(page: Page) -> float:
    page.goto("data:text/html,<title>empty</title><p>.", wait_until="load")
    wait = "new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now()))))"
    return float(page.evaluate(wait))


def _taps(screen: PhoneScreen) -> list[float]:
    found = []
    for _tap_of in range(TAPS):
        found.append(tapped(screen.page, ".cell.is-todo", "door"))
        found.append(tapped(screen.page, "[data-door-start]", "visit"))
        assert screen.page.evaluate(_HOME) == "round"
    return found


def _tabs(page: Page) -> list[float]:
    """From one of the three tabs to the next, and back to the round."""
    names = ("outbox", "me", "round")
    return [tapped(page, f'[data-tab="{name}"]', name) for _turn in range(TABS) for name in names]


def tapped(page: Page, mark: str, screen: str) -> float:
    """Milliseconds from a tap until the screen it leads to is painted; somebody has looked at the one before."""
    page.evaluate(_LOOK)
    return float(page.evaluate(_TAP, [mark, screen]))


def _search(page: Page) -> list[float]:
    page.evaluate(_LOOK)
    words = [
        "测量路",
        "测",
        "12",
        "101",
        "205",
        "测量路 3 301",
        "3号 402",
        "nothing",
        "5",
        "50",
        "cll",
        "cllu12",
    ]
    words += ["12号3单元 301号", "测量路12号3楼"]
    return [float(page.evaluate(_TYPE, words[count % len(words)])) for count in range(KEYS)]


def _p95(values: list[float]) -> float:
    return quantiles(values, n=20)[-1]


def shrinking(folder: Path) -> list[Figure]:
    """Pictures of 12 megapixels made small, fourfold slowed, and whether the page could be used meanwhile."""
    picture = folder / "twelve.jpg"
    picture.write_bytes(_twelve_megapixels())
    with a_phone(folder / "shrink", 100) as screen:
        screen.page.evaluate(_CHOICE)
        screen.page.set_input_files("#measured", picture)
        slowed(screen.page, LESS_SLOW)
        done: list[dict[str, Any]] = [screen.page.evaluate(_SHRINK) for _ in range(5)]
    return [
        Figure(
            "photo_shrink_longest",
            "ms, longest task of the page",
            [one["longest"] for one in done],
            "",
            "≤ 200",
        ),
        Figure("photo_shrink_size", "KB", [one["size"] / 1000 for one in done], "", "≤ 300"),
        Figure("photo_shrink_took", "ms, fourfold slowed", [one["took"] for one in done]),
    ]


def _twelve_megapixels() -> bytes:
    chance = random.Random(12)
    small = Image.frombytes("RGB", (220, 165), chance.randbytes(220 * 165 * 3))
    file = io.BytesIO()
    small.resize((4000, 3000), Image.Resampling.BICUBIC).save(file, "JPEG", quality=88)
    return file.getvalue()
