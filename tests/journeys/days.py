"""A day of a phone's real browser, drawn from a seed: visits, deaths, a bad network; then all must be at the desk."""

import sqlite3
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from random import Random
from typing import Any

from playwright.sync_api import Error, Page

from field.core.ids import short_code
from tests.journeys.rig import Rig, steadily
from tests.photos import pictures
from tests.proxy import Fault
from tests.sim.network import Weather, place_of
from tests.steps import STEPS
from tests.waiting import until
from tests.wire import Message

# What a browser says that is not so, or cannot do, from its next start on.
ODDITIES = {
    "nothing odd": "",
    "onLine says no": "Object.defineProperty(Navigator.prototype, 'onLine', {get: () => false});",
    "onLine says yes": "Object.defineProperty(Navigator.prototype, 'onLine', {get: () => true});",
    "no Background Sync": "delete ServiceWorkerRegistration.prototype.sync; delete globalThis.SyncManager;",
    "clock ten years ahead": "{const real = Date.now; Date.now = () => real() + 315_576_000_000;"
    "globalThis.Date = class extends Date {constructor(...of) {of.length ? super(...of) : super(Date.now());}};}",
}
# Another version of the database is wanted while a tab holds this one; given up again, so that the app goes on.
_BLOCK = """
() => new Promise((done) => {
  const holding = indexedDB.open("doorstep");
  holding.onsuccess = () => {
    const wanted = indexedDB.open("doorstep", 99);
    wanted.onupgradeneeded = () => wanted.transaction.abort();
    wanted.onblocked = () => setTimeout(() => holding.result.close(), 150);
    wanted.onerror = () => done(true);
  };
})
"""
_UPDATE = (
    "navigator.serviceWorker.getRegistration().then((one) => one.update()).then(() => true, () => false)"
)
_STORED = "SELECT id, digest FROM visit_revisions"
_PHOTOS = "SELECT photo_id, state, digest FROM photos WHERE kind = 'full'"
_PREVIEWS = (
    "SELECT photo_id, count(*) FROM photos WHERE kind = 'preview' GROUP BY photo_id HAVING count(*) > 1"
)
# What the app does when a visit is finished; the browser wakes the worker at once when it believes in a network.
_SEND_IN_THE_WORKER = """
navigator.serviceWorker.getRegistration("/phone/").then((one) => one?.sync?.register("outbox")).catch(() => null)
"""


class Day:
    """What happens under one seed; `run()` plays it and answers what was wrong, nothing when all is well."""

    def __init__(self, rig: Rig, seed: int) -> None:
        self.rig, self.chance = rig, Random(seed)
        self.saved: set[str] = set()
        self.met: Counter[str] = Counter()
        self._small = pictures.saved(pictures.noise(120, 90), "JPEG")
        self._large = pictures.saved(pictures.noise(460, 400), "JPEG", quality=92)
        self._oddity = self.chance.choice(list(ODDITIES))
        self._last: object = None

    def run(self) -> list[str]:
        """Play the day, let everything heal, and compare."""
        self.rig.reset()
        before = Counter(self.rig.proxy.met)
        try:
            self._open()
            if self.chance.random() < 0.7:
                self._change_weather()
            self._work()
            actions, weights = zip(*self._actions().items(), strict=True)
            for _ in range(self.chance.randint(3, 6)):
                self.chance.choices(actions, weights)[0]()
            self._heal()
            return [*self._what_is_wrong()]
        finally:
            self.met.update(
                {f"network: {kind}": count for kind, count in (self.rig.proxy.met - before).items()}
            )
            self.rig.throw_away()

    def _actions(self) -> dict[Callable[[], object], float]:
        return {
            self._work: 5,
            self._send: 4,
            self._change_weather: 4,
            self._behind_a_portal: 0.8,
            self._kill_browser: 1.2,
            self._stop_worker: 1,
            self._two_tabs: 1,
            self._kill_server: 1,
            self._die_at_a_step: 2,
            self._no_room: 0.8,
            self._upgrade_blocked: 0.5,
            self._update_the_app: 0.5,
        }

    def _count(self, what: str) -> None:
        self.met[what] += 1

    # --- the phone

    def _open(self) -> None:
        self._count(self._oddity)
        self.rig.open(ODDITIES[self._oddity])

    def _work(self, page: Page | None = None) -> str | None:
        shots = self.chance.choice([[], [], [self._small], [self._large], [self._small, self._large]])
        outcome = "done" if shots else self.chance.choice(["no_answer", "done", "vacant"])
        remarked = [shot[:2] + pictures.part(0xFE, self.chance.randbytes(8)) + shot[2:] for shot in shots]
        facts = {"door": self.chance.randrange(500), "outcome": outcome, "item": self.chance.randrange(5)}
        event = self.rig.record(facts, remarked, page)
        if event is not None:
            self.saved.add(event)
        return event

    def _ask(self, script: str, page: Page | None = None) -> None:
        shown = page or self.rig.phone.page
        steadily(shown, lambda: shown.evaluate(script))

    def _send(self) -> None:
        self._count("sent")
        self.rig.drain(self.chance.choice(["now", "start", "timer"]))

    def _kill_browser(self) -> None:
        """While it sends, as often as not."""
        self._count("browser killed")
        if self.chance.random() < 0.6:
            self._count("browser killed while it sent")
            self._ask("void part('offline/drain.js').then((one) => one.drain('now'))")
        self.rig.phone.browser.kill()
        self._open()

    def _stop_worker(self) -> None:
        """While it sends in the background, as often as not."""
        self._count("worker stopped")
        tools = self.rig.tools()
        if self.chance.random() < 0.6:
            self._count("worker stopped while it sent")
            self._work()
            self._ask(_SEND_IN_THE_WORKER)
            self.rig.phone.page.wait_for_timeout(self.chance.randrange(80))
        tools.send("ServiceWorker.enable")
        tools.send("ServiceWorker.stopAllWorkers")
        tools.detach()

    def _two_tabs(self) -> None:
        """Both record and send at the same moment."""
        self._count("two tabs")
        first, second = self.rig.phone.page, self.rig.phone.browser.context.new_page()
        second.goto(f"{self.rig.address}/phone/")
        second.wait_for_selector("body[data-on]")
        self._work(second)
        start = "void part('offline/drain.js').then((one) => one.drain('now'))"
        self._ask(start, second)
        self._ask(start, first)
        self._work()
        if self.chance.random() < 0.7:
            second.close()

    def _no_room(self) -> None:
        """What is refused was not called saved; what was saved before stands."""
        self._count("no room")
        self.rig.phone.browser.kill()
        with self.rig.full(ODDITIES[self._oddity]):
            if self._work() is None:
                self._count("no room was said")

    def _upgrade_blocked(self) -> None:
        self._count("upgrade blocked")
        other = self.rig.phone.browser.context.new_page()
        other.goto(f"{self.rig.address}/manifest.webmanifest")
        other.evaluate(f"void ({_BLOCK})()")
        self._work()
        other.close()

    def _update_the_app(self) -> None:
        """A newer version comes while a visit is open; the visit is where it was."""
        self._count("app updated")
        self.rig.server.plants[:] = ["newer app"]
        self.rig.server.kill()
        self.rig.server.start()
        served = self.rig.phone.browser.context.request.get(f"{self.rig.address}/phone/")
        assert "<!-- newer -->" in served.text()
        self._ask(_UPDATE)
        self._work()

    # --- the network and the server

    def _change_weather(self) -> None:
        weather, chance, lock = Weather.drawn(self.chance), Random(self.chance.random()), threading.Lock()

        def choose(request: Message) -> Fault | None:
            with lock:
                if not request.path.startswith("/sync") or chance.random() >= weather.rate + 0.2:
                    return None
                kind = chance.choice(weather.kinds)
                if kind == "flip" and request.method != "PATCH":  # an envelope is under TLS alone
                    return None
                return Fault(kind, place_of(kind, chance))

        self.rig.proxy.choose = choose

    def _behind_a_portal(self) -> None:
        """Whatever is asked for, somebody's page for signing in comes back; then there is other weather."""
        self._count("behind a portal")
        self.rig.proxy.choose = lambda _request: Fault("portal")
        self._send()
        self._change_weather()

    def _kill_server(self) -> None:
        self._count("server killed")
        self.rig.server.kill()
        if self.chance.random() < 0.6:
            self._send()
        self.rig.server.start()

    def _die_at_a_step(self) -> None:
        step = self.chance.choice(STEPS)
        self._work()
        self.rig.server.control.kill_at(step, self.chance.choice([1, 1, 2, 3]))
        self._send()
        if self.rig.server.control.killed:
            self._count(f"killed at {step}")
        self.rig.server.control.disarm()
        self.rig.server.revive()

    # --- the end

    def _heal(self) -> None:
        self.rig.proxy.choose = lambda _request: None
        self.rig.server.control.disarm()
        self.rig.server.revive()
        self.rig.proxy.deliver_late()
        for tab in self.rig.phone.browser.context.pages[1:]:
            tab.close()
        if self.chance.random() < 0.3:
            self.rig.phone.page.reload()
        self.saved |= {record["id"] for record in self.rig.records()}
        try:
            until(self._drained, 120)  # the server may have asked it to wait for half a minute
        except AssertionError as error:
            said = f"what waits is not sent: {self._last}, {dict(self.met)}\n{self.rig.refusals()}"
            raise AssertionError(said) from error

    def _drained(self) -> bool:
        """By tapping "send now" as long as it takes."""
        try:
            self._last = self.rig.drain()
            return self.rig.phone.waiting() == 0 and self.rig.all_in()
        except Error as error:  # the page goes to a newer version of itself
            self._last = error
            return False

    def _what_is_wrong(self) -> list[str]:
        """Everything that was called saved is at the desk once, with its bytes and its receipt."""
        wrong: list[str] = []
        records = {record["id"]: record for record in self.rig.records()}
        stored, shots = self._rows(_STORED), self._rows(_PHOTOS)
        if records.keys() != self.saved:
            wrong.append(f"the outbox does not hold {self.saved ^ records.keys()}")
        if Counter(row[0] for row in stored) != Counter(_bare(name) for name in self.saved):
            wrong.append(
                f"saved {sorted(map(_bare, self.saved))}, at the desk {sorted(row[0] for row in stored)}"
            )
        digests = dict(stored)
        for name, record in records.items():
            receipt = (record["receipt"] or {}).get("number")
            if (record["state"], digests.get(_bare(name))) != ("accepted", record["digest"]):
                wrong.append(f"record {name} is {record['state']}, {record['problems']}")
            elif receipt != short_code(name, record["digest"]):
                wrong.append(f"record {name} has the receipt {receipt}")
        held = [photo for record in records.values() for photo in record["photos"]]
        if {photo["state"] for photo in held} - {"stored"}:
            wrong.append(f"photos are {[(photo['state'], photo['problem']) for photo in held]}")
        expected = Counter((_bare(photo["id"]), "stored", photo["digest"]) for photo in held)
        if Counter(shots) != expected:
            wrong.append(f"photos at the desk: {shots}, on the phone: {expected}")
        if twice := self._rows(_PREVIEWS):
            wrong.append(f"previews are there twice: {twice}")
        return wrong

    def _rows(self, statement: str) -> list[Any]:
        with closing(sqlite3.connect(self.rig.database.url.removeprefix("sqlite:///"), timeout=10)) as one:
            return one.execute(statement).fetchall()


def _bare(name: str) -> str:
    return name.replace("-", "")
