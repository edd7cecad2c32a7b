"""What a worker does on the phone, by the shell's own marks, so that no step depends on the language."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from playwright.sync_api import FilePayload, Locator, Page, expect
from playwright.sync_api import TimeoutError as TooLate

from field.demo.cast import PASSWORD
from tests.journeys.chromium import Chromium
from tests.journeys.server import Server
from tests.photos import pictures

ORIENTATION = 6  # lies on its side; upright, the red quarter is at the top right

# The stores themselves, not what the screens make of them; of whoever is signed in, newest first.
_RECORDS = """
async () => {
  const { withStores } = await part("offline/db.js");
  return withStores(["outbox", "photos", "meta"], "readonly", async (stores) => {
    const [records, photos, user] = await Promise.all(
      [stores("outbox").getAll(), stores("photos").getAll(), stores("meta").get("user")]);
    const photoOf = new Map(photos.map((photo) => [photo.id, photo]));
    return records.filter(({ author }) => author === user?.id).reverse()
      .map((record) => ({ ...record, photos: record.photos.map((id) => photoOf.get(id)).filter(Boolean) }));
  });
}
"""

_IS_NOTED = """
async (text) => {
  const { all } = await part("offline/drafts.js");
  return (await all()).some(({ body }) => body.note === text);
}
"""


class PhoneScreen:
    """A phone in the hand: `browser` may be killed and opened again, and the page is found anew each time."""

    def __init__(self, browser: Chromium, address: str) -> None:
        self.browser = browser
        self.address = address
        self._aim = 1

    @property
    def page(self) -> Page:
        """The page that is open."""
        return self.browser.page

    def at(self, mark: str) -> Locator:
        """The first visible element that a selector names."""
        return self.page.locator(f"{mark}:visible").first

    def tap(self, mark: str | Locator) -> None:
        """One tap of a finger."""
        self._aim_anew()
        (self.at(mark) if isinstance(mark, str) else mark).tap()

    def _aim_anew(self) -> None:
        """Quicker than a finger: without this, the next tap could count as the second half of the last one."""
        self._aim = 3 - self._aim
        self.page.mouse.move(self._aim, self._aim)

    # --- the first start, and later ones

    def sign_in(self, username: str) -> None:
        """From nothing to a phone that says it is ready."""
        self.page.goto(f"{self.address}/phone/")
        self.tap('[data-setup="sign-in"] a')
        self.give_password(username)
        # The round is fetched meanwhile.
        # It installs the whole app and fetches the round: seconds, and more where the machine is busy.
        expect(self.at('[data-setup="ready"]')).to_be_visible(timeout=60_000)

    def give_password(self, username: str) -> None:
        """Fill in the form of the sign-in page."""
        self.page.fill("#username", username)
        self.page.fill("#password", PASSWORD)
        self.tap("form.card button[type=submit]")

    def start_round(self) -> None:
        """Leave the first start behind."""
        self.tap("[data-setup-start]")
        self.see("round")

    def restart(self) -> None:
        """Open the browser again after it was closed or killed, at the address of its icon."""
        self.browser.open()
        self.page.goto(f"{self.address}/phone/")

    def see(self, screen: str) -> None:
        """Wait until a screen is shown, and its address written down right after it."""
        expect(self.page.locator(f'[data-screen="{screen}"]')).to_be_visible()
        expect(self.page.locator("body")).to_have_attribute("data-on", screen)
        expect(self.page).to_have_url(re.compile(rf"/phone/{screen}\b"))
        self._aim_anew()

    def go(self, tab: str) -> None:
        """To round, outbox or me, from any screen."""
        if not self.page.locator("[data-tabs]").is_visible():
            self.tap("[data-back]")
        self.tap(f'[data-tab="{tab}"]')
        self.see(tab)

    # --- the round and the door

    def doors(self, state: str = "todo") -> Locator:
        """The doors in the open buildings that are in this state."""
        return self.page.locator(f".cell.is-{state}:visible")

    def open_door(self, number: int = 0) -> str:
        """Tap a door that waits; answers its number."""
        cell = self.doors().nth(number)
        name = cell.locator(".cell-door").inner_text()
        cell.tap()
        self.see("door")
        return name

    def start_visit(self) -> None:
        """They agreed."""
        self.tap("[data-door-start]")
        self.see("visit")

    def begin_visit(self) -> str:
        """Begin a visit at the next door that waits; answers the door's number."""
        name = self.open_door()
        self.start_visit()
        return name

    def finish(self) -> None:
        """Finish the visit; back at the round the phone says that it is saved."""
        self.tap("[data-finish]")
        self.see("round")
        expect(self.at("[data-toast-text]")).to_be_visible()

    def no_answer(self) -> str:
        """Knock in vain."""
        name = self.open_door()
        self.tap('[data-end="no_answer"]')
        self.see("round")
        return name

    def nothing_changed(self) -> str:
        """A visit at which all is as known."""
        name = self.begin_visit()
        self.tap("[data-unchanged]")
        expect(self.at("[data-unchanged]")).to_have_attribute("aria-pressed", "true")
        self.finish()
        return name

    # --- parts of a visit

    def show_notice(self) -> None:
        """Hold the phone so that the end of the privacy notice can be read."""
        end = self.page.locator("[data-visit-notice]")
        end.evaluate("(fold) => scrollBy(0, fold.getBoundingClientRect().bottom - innerHeight / 2)")

    def add_hazard(self, number: int, action: str = "notice_left") -> Locator:
        """Tap an item of the checklist and say what was done; answers the card of the finding."""
        self.tap(self.page.locator("[data-groups] .item:visible").nth(number))
        card = self.page.locator("[data-groups] [data-finding]:visible").last
        order = ["fixed_on_site", "notice_left", "refer"].index(action)
        card.locator("[data-actions] .chip").nth(order).tap()
        return card

    def shoot(self, card: Locator, picture: bytes | None = None) -> None:
        """Take a photo for a finding with the phone's own camera; comes back when the phone has it."""
        before = card.locator(".photo").count()
        self.aim(card, picture)
        self.tap("[data-camera-keep]")
        expect(card.locator(".photo")).to_have_count(before + 1)

    def aim(self, card: Locator, picture: bytes | None = None) -> None:
        """Press the phone's own shutter; the photo is looked at and not kept yet."""
        with self.page.expect_file_chooser() as chooser:
            self.tap(card.locator("label.shoot"))
        content = a_picture() if picture is None else picture
        photo: FilePayload = {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": content}
        chooser.value.set_files([photo])
        expect(self.at("[data-camera-taken]")).to_have_attribute("width", re.compile(r"\d+"))

    def add_person(self, name: str, number: str, phone: str) -> Locator:
        """Type a new occupant; answers the form."""
        self.tap("[data-add-person]")
        form = self.page.locator("[data-added] .person-form").last
        expect(form.locator("[name=name]")).to_be_focused()
        self.page.keyboard.type(name)
        form.locator("[name=document_number]").tap()
        self.press(form, number)
        form.locator("[name=phone]").tap()
        self.page.keyboard.type(phone)
        form.locator("[name=moved_in_on]").tap()
        form.locator("[name=moved_in_on]").fill("2026-11-01")
        return form

    def press(self, form: Locator, number: str) -> None:
        """Type on the phone's own number keys."""
        for sign in number:
            form.locator(".key").get_by_text(sign, exact=True).tap()

    def note(self, text: str) -> None:
        """Write the note of the visit, and wait until it is stored: "kept" may stand there of what was kept before."""
        self.page.fill("[data-visit-note]", text)
        self.page.wait_for_function(_IS_NOTED, arg=text)
        expect(self.page.locator("[data-saved]")).to_have_text(self.words("draft_saved"))

    # --- the outbox, and what is stored

    def records(self) -> list[dict[str, Any]]:
        """The records of the outbox with their photos, as the phone keeps them."""
        found: list[dict[str, Any]] = self.page.evaluate(_RECORDS)
        return found

    def waiting(self) -> int:
        """How many records or photos are not at the desk yet."""
        return sum(
            (record["state"] == "waiting")
            + sum(photo["state"] in {"waiting", "sending"} for photo in record["photos"])
            for record in self.records()
        )

    def pictures(self) -> list[str]:
        """The hazards of which the phone holds the earlier picture."""
        script = """
        part("offline/db.js").then(({withStores}) =>
          withStores(["pictures"], "readonly", (stores) => stores("pictures").getAllKeys()))
        """
        found: list[str] = self.page.evaluate(script)
        return found

    def language(self) -> str:
        """The language that the phone speaks: zh or en."""
        return str(self.page.evaluate("document.documentElement.lang"))[:2]

    def network_returns(self) -> None:
        """What the browser tells its pages when it has found a network."""
        self.browser.context.set_offline(True)
        self.browser.context.set_offline(False)

    def words(self, key: str) -> Any:
        """A text of the shell as a pattern; {names} are anything."""
        script = 'JSON.parse(document.getElementById("texts").textContent)'
        text: str = self.page.evaluate(script)[key]
        return re.compile(re.sub(r"\\\{\w+\\\}", ".+", re.escape(text)))

    def is_cut_sending(self, server: Server, method: str = "PATCH", path: str = "/sync/photos/") -> None:
        """End a visit with a large photo without a network, and let the server be killed at that request of it."""
        server.kill()
        self.begin_visit()
        self.shoot(self.add_hazard(0), a_large_picture())
        self.finish()
        server.start()
        server.die_at(method, path)
        self.network_returns()
        server.wait_for_death()

    def send_now(self) -> None:
        """Send what waits, unless it has gone by itself meanwhile: then there is nothing to tap."""
        with suppress(TooLate):
            self.page.locator("[data-send-now]").tap(timeout=3000)

    @contextmanager
    def at_most(self, taps: int) -> Iterator[None]:
        """Count the taps in between; more of them than the budget is a failure."""
        before = self._taps()
        yield
        spent = self._taps() - before
        assert 0 < spent <= taps, f"{spent} taps instead of {taps} at most"

    def _taps(self) -> int:
        return int(self.page.evaluate("window.taps"))


def a_picture(width: int = 800, height: int = 600) -> bytes:
    """A camera's JPEG: a position and a camera in its EXIF, and lying on its side."""
    return pictures.saved(pictures.quarters(width, height), "JPEG", exif=pictures.exif(ORIENTATION))


def a_large_picture() -> bytes:
    """A picture that takes several pieces to send, however small the phone makes it."""
    return pictures.saved(pictures.noise(2000, 1500), "JPEG", quality=70, exif=pictures.exif(ORIENTATION))
