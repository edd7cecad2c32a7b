"""Chromium as a worker's phone and as a desk: profiles that outlive the browser, and a browser that can be killed."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import BrowserContext, Error, Page, Playwright

from field.pwa.bundling import modules_of
from field.pwa.precache import page_script, queue_script

PHONE = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "has_touch": True,
    "is_mobile": True,
    "locale": "zh-CN",
    "timezone_id": "Asia/Shanghai",
}
DESK = {"viewport": {"width": 1280, "height": 800}, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
PATIENCE = 15_000
_STATIC = Path(__file__).parents[2] / "static"
_SCRIPTS = {script.address: modules_of(script) for script in (queue_script(_STATIC), page_script(_STATIC))}
# A module of the queue as it runs in the phone's page, also without a signal: part("offline/db.js").
_PART = f"""
const scripts = {json.dumps(_SCRIPTS)};
window.part = async (name) => {{
  for (const [address, modules] of Object.entries(scripts)) {{
    const place = modules.indexOf(`js/${{name}}`);
    if (place < 0) continue;
    const named = document.querySelector(`script[src^="${{address}}?"], link[href^="${{address}}?"]`);
    const whole = await import(named.src || named.href);
    return whole.default[place] || whole;
  }}
  throw new Error(`${{name}} cannot be looked into`);
}};
"""
# Each tap of a finger is one; what the finger types on the number keys is typing, what it does within the camera (the
# shutter, the look afterwards) is the camera: the budget says "6 plus the camera".
_COUNT_TAPS = """
window.taps = 0;
const uncounted = "[data-keypad], [data-camera]";
addEventListener("pointerdown", ({target}) => { if (!target.closest(uncounted)) window.taps += 1; }, true);
"""


@contextmanager
def no_room(page: Page, address: str) -> Iterator[None]:
    """As long as this lasts an app has no room. Begin before it has written anything: Chromium remembers for half a
    minute how much room there was."""
    tools = page.context.new_cdp_session(page)
    tools.send("Storage.overrideQuotaForOrigin", {"origin": address, "quotaSize": 1})
    yield
    tools.send("Storage.overrideQuotaForOrigin", {"origin": address})
    tools.detach()


class Chromium:
    """One browser with one profile; `kill()` ends it as a dying phone would, `open()` starts it again."""

    def __init__(
        self, playwright: Playwright, profile: Path, *, camera: Path | None = None, **facts: Any
    ) -> None:
        self._playwright = playwright
        self._profile = profile
        # A film that its camera sees, over and over; read anew each time a page opens the camera.
        self._camera = camera
        self._facts = facts
        self._context: BrowserContext | None = None
        self.faults: list[str] = []

    def open(self) -> "Chromium":
        """Start the browser."""
        self._context = self._playwright.chromium.launch_persistent_context(
            str(self._profile),
            executable_path=shutil.which("chromium"),
            args=[
                "--no-sandbox",
                "--host-resolver-rules=MAP * ~NOTFOUND,EXCLUDE 127.0.0.1",
                "--use-fake-device-for-media-stream",
                "--use-fake-ui-for-media-stream",
                *([f"--use-file-for-fake-video-capture={self._camera}"] if self._camera else []),
            ],
            **self._facts,
        )
        self._context.set_default_timeout(PATIENCE)
        self._context.add_init_script(_COUNT_TAPS)
        self._context.add_init_script(_PART)
        self._context.on("weberror", lambda fault: self.faults.append(str(fault.error)))
        return self

    @property
    def context(self) -> BrowserContext:
        """The running browser's context."""
        assert self._context is not None, "the browser is closed"
        return self._context

    @property
    def page(self) -> Page:
        """The tab that is open."""
        return self.context.pages[0]

    def close(self) -> None:
        """End it in good order, as when it is swiped away."""
        if self._context is not None:
            with suppress(Error):
                self._context.close()
            self._context = None

    def kill(self) -> None:
        """SIGKILL the browser and all its processes; its profile stays as it is on the disk."""
        doomed = self._processes()
        assert doomed, "no browser runs on this profile"
        for process in doomed:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(doomed, timeout=10)
        self.close()
        # What a killed browser leaves behind to keep a second one out.
        for name in ("SingletonLock", "SingletonSocket", "SingletonCookie"):
            (self._profile / name).unlink(missing_ok=True)

    def drawing_bytes(self) -> int:
        """Memory of the processes in which pages and workers run, what they share with others in proportion."""
        family = {child for one in self._processes() for child in one.children(recursive=True)}
        return sum(_memory(one) for one in family)

    def _processes(self) -> list[psutil.Process]:
        mark = f"--user-data-dir={self._profile}"
        return [one for one in psutil.process_iter(["cmdline"]) if mark in (one.info["cmdline"] or [])]


def _memory(process: psutil.Process) -> int:
    with suppress(psutil.NoSuchProcess):
        if "--type=renderer" in process.cmdline():
            return int(process.memory_full_info().pss)
    return 0
