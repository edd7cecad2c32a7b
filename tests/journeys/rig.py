"""A phone's browser behind a network of ours, before a server that starts in a moment and dies of SIGKILL."""

import base64
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from playwright.sync_api import CDPSession, Error, Page, Playwright

from tests.journeys.chromium import PHONE, Chromium, no_room
from tests.journeys.phone import PhoneScreen
from tests.journeys.server import environment, prepare
from tests.proxy import Proxy
from tests.sim.databases import Sqlite
from tests.sim.serving import Server

# A visit as the screens record it, by the phone's own modules; null when the phone said that it was not saved.
_RECORD = """
async ({door, outcome, pictures, item}) => {
  const [drafts, photos, outbox, register] = await Promise.all(
    ["drafts", "photos", "outbox", "register"].map((name) => part(`offline/${name}.js`)));
  const [buildings, known] = await Promise.all([register.buildings(), register.doorsByBuilding()]);
  const doors = buildings.flatMap(({id}) => (known.get(id) ?? []).sort((a, b) => (a.id < b.id ? -1 : 1)));
  const draft = await drafts.start(doors[door % doors.length].id, {outcome});
  const listed = await register.checklist();
  const finding = crypto.randomUUID();
  const found = {findings: [{id: finding, item: listed.items[item % listed.items.length].code, action: "notice_left"}],
    checklist: {code: listed.code, version: listed.version, checked: true}};
  await drafts.save(draft.id, {body: {...draft.body, ...(pictures.length ? found : {}), consent: true}});
  for (const text of pictures) {
    const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0)).buffer;
    await photos.add(draft.id, finding, {bytes, type: "image/jpeg", width: 8, height: 8});
  }
  return (await outbox.finish(draft.id)).id;
}
"""
_RECORD_OR_REFUSE = f"""
(what) => ({_RECORD})(what).catch((error) => {{ if (error.name !== "StorageFailure") throw error; }})
"""
_DRAIN = "(reason) => part('offline/drain.js').then(({drain}) => drain(reason))"
_COMPARE = "part('offline/reconcile.js').then(({reconcile}) => reconcile())"


T = TypeVar("T")
_REFUSED = '"status": 50'
_LEFT = "Execution context was destroyed"


def steadily(page: Page, work: Callable[[], T]) -> T:
    """Ask a page once more that went to a newer version of itself meanwhile, as it does soon after its start."""
    try:
        return work()
    except Error as error:
        if _LEFT not in str(error):
            raise
        page.wait_for_selector("body[data-on]")
        return work()


class Rig:
    """Server, network and the browser of a phone that is ready; `reset()` begins anew with all of it."""

    def __init__(
        self, playwright: Playwright, folder: Path, data: Path, server: Server, database: Sqlite
    ) -> None:
        self._playwright, self._folder, self._data = playwright, folder, data
        self.server, self.database = server, database
        self.proxy = Proxy(server.connect)
        self.address = f"http://127.0.0.1:{self.proxy.port}"
        self._profiles = 0
        self.phone: PhoneScreen

    def make_ready(self) -> None:
        """From nothing to a phone of the demo's worker; what is there then is where `reset` begins."""
        self._put_back()
        phone = PhoneScreen(Chromium(self._playwright, self._folder / "ready", **PHONE).open(), self.address)
        try:
            phone.sign_in("worker")
            phone.start_round()
        finally:
            phone.browser.close()  # in good order: Chromium keeps cookies in memory for up to 30 s
            self.server.kill()
        self.database.remember()

    def reset(self) -> None:
        """Another phone like the first one, closed; a server that has seen nothing since; no fault on the way."""
        self._put_back()
        self._profiles += 1
        profile = self._folder / f"profile-{self._profiles}"
        shutil.copytree(self._folder / "ready", profile, symlinks=True)
        self.phone = PhoneScreen(Chromium(self._playwright, profile, **PHONE), self.address)

    def _put_back(self) -> None:
        self.proxy.choose = lambda _request: None
        self.server.kill()
        self.server.control.reset()
        self.server.plants.clear()
        self.database.reset()
        for kept in ("whole", "parts", "copies"):
            shutil.rmtree(self._data / "photos" / kept, ignore_errors=True)
            (self._data / "photos" / kept).mkdir(parents=True)
        self.server.start()

    def throw_away(self) -> None:
        """End the browser and forget its profile; what it sent ends here, or it would come to the next server."""
        self.phone.browser.close()
        self.proxy.come_to_an_end()
        shutil.rmtree(self._folder / f"profile-{self._profiles}", ignore_errors=True)

    def open(self, *scripts: str) -> None:
        """Start the browser; the scripts run before those of each page."""
        self.phone.browser.open()
        self._begin(*scripts)

    @contextmanager
    def full(self, *scripts: str) -> Iterator[None]:
        """Start the browser, and as long as this lasts the phone has no room."""
        self.phone.browser.open()
        with no_room(self.phone.page, self.address):
            self._begin(*scripts)
            yield

    def _begin(self, *scripts: str) -> None:
        for script in scripts:
            self.phone.browser.context.add_init_script(script)
        self.phone.page.goto(f"{self.address}/phone/")
        self.phone.page.wait_for_selector("body[data-on]")

    def record(self, facts: dict[str, Any], pictures: list[bytes], page: Page | None = None) -> str | None:
        """Record a visit; answers the event's id once the phone has called it saved, None when it would not."""
        texts = [base64.b64encode(one).decode() for one in pictures]
        shown = page or self.phone.page
        saved: str | None = steadily(
            shown, lambda: shown.evaluate(_RECORD_OR_REFUSE, facts | {"pictures": texts})
        )
        return saved

    def drain(self, reason: str = "now", page: Page | None = None) -> dict[str, Any]:
        """Send what waits."""
        shown = page or self.phone.page
        done: dict[str, Any] = steadily(shown, lambda: shown.evaluate(_DRAIN, reason))
        return done

    def all_in(self) -> bool:
        """Compare everything with the server."""
        return bool(steadily(self.phone.page, lambda: self.phone.page.evaluate(_COMPARE))["all_in"])

    def records(self) -> list[dict[str, Any]]:
        """The outbox, as the phone keeps it."""
        return steadily(self.phone.page, self.phone.records)

    def tools(self) -> CDPSession:
        """The browser's own tools, on its first page."""
        return self.phone.browser.context.new_cdp_session(self.phone.page)

    def refusals(self) -> str:
        """What the server refused of late, from its log: whoever waits in vain wants to know why."""
        lines = (self._data / "server.log").read_text(errors="replace").splitlines()
        return "\n".join([line for line in lines if '"level": "info"' not in line or _REFUSED in line][-12:])

    def close(self) -> None:
        """End everything."""
        self.server.close()
        self.proxy.close()


@contextmanager
def a_rig(playwright: Playwright, folder: Path) -> Iterator[Rig]:
    """A rig over the demo, ready to be reset."""
    data = folder / "data"
    data.mkdir()
    prepare(data)
    database = Sqlite(data)
    database.remember()
    settings = {name: value for name, value in environment(data).items() if name.startswith("FIELD_")}
    rig = Rig(playwright, folder, data, Server(data, settings), database)
    try:
        rig.make_ready()
        yield rig
    finally:
        rig.close()
