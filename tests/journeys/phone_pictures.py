"""A morning on the phone, pictured screen by screen: from the icon to what waits, each screen in every look."""

from datetime import date
from pathlib import Path

from playwright.sync_api import Locator, expect

from field.demo import numbers
from tests.journeys import scenes
from tests.journeys.album import Album
from tests.journeys.phone import PhoneScreen
from tests.journeys.server import Server
from tests.journeys.torch import give_torch

NEWCOMER = numbers.identity_number(date(1991, 3, 9), 21)
# A name as a finger writes it, in fractions of the pad.
_STROKES = (
    ((0.20, 0.30), (0.34, 0.28), (0.27, 0.75)),
    ((0.18, 0.55), (0.38, 0.52)),
    ((0.46, 0.25), (0.44, 0.72), (0.58, 0.70), (0.60, 0.30)),
    ((0.68, 0.35), (0.84, 0.32), (0.70, 0.72), (0.88, 0.70)),
)


class Walk:
    """One worker, one language, one album."""

    def __init__(self, album: Album, phone: PhoneScreen, server: Server, camera: Path) -> None:
        self.album = album
        self.phone = phone
        self.server = server
        self.camera = camera

    def shoot(self, name: str, *, top: Locator | None = None, whole: bool = False) -> None:
        """Picture what is shown, in every look."""
        self.album.looks(self.phone, name, top=top, whole=whole)

    def at(self, mark: str) -> Locator:
        """An element of the page."""
        return self.phone.page.locator(mark)

    def _camera_opens(self) -> None:
        """The shutter may still be that of the time before, until the camera says that it opens."""
        expect(self.at("[data-camera-live]")).to_be_visible()
        expect(self.phone.page.locator("[data-camera-wait]")).to_be_hidden()
        expect(self.at("[data-camera-shoot]")).to_be_enabled()


class Morning(Walk):
    """From the icon to signing out without a signal."""

    def start(self) -> None:
        """From the icon to the round."""
        phone = self.phone
        phone.page.goto(f"{phone.address}/phone/")
        expect(phone.at('[data-setup="sign-in"]')).to_be_visible()
        self.shoot("first-start")
        phone.tap('[data-setup="sign-in"] a')
        expect(self.at("#username")).to_be_visible()
        self.album.keep(phone, "phone-sign-in")
        phone.give_password("worker")
        expect(phone.at('[data-setup="ready"]')).to_be_visible(timeout=60_000)
        self.shoot("ready")
        phone.start_round()
        self.shoot("round-fresh", whole=True)

    def first_doors(self) -> None:
        """Nobody opens, then three quiet visits."""
        phone = self.phone
        phone.no_answer()
        self.shoot("undo")
        for _ in range(3):
            phone.nothing_changed()
        phone.tap(self.at(".cell.is-done:visible").first)
        phone.see("door")
        self.shoot("door-guarded", whole=True)
        phone.tap("[data-back]")
        phone.see("round")
        phone.open_door(1)
        phone.tap('[data-end="rescheduled"]')
        phone.see("round")
        self.shoot("come-again")
        phone.tap("[data-toast-undo]")

    def visit(self) -> None:
        """A visit with everything; it stays open."""
        phone = self.phone
        phone.open_door(2)
        self.shoot("door", whole=True)
        phone.start_visit()
        notice = self.at("[data-visit-notice]")
        if notice.get_attribute("open") is None:
            notice.locator("summary").tap()
        self.shoot("notice", top=notice)
        notice.locator("summary").tap()
        self.shoot("visit", whole=True)
        self._outcomes()
        self._hazards()
        self._people()
        self._folds()
        self._paper()

    def _outcomes(self) -> None:
        fold = self.at("[data-visit-outcome]")
        fold.locator("summary").tap()
        self.shoot("outcome", top=fold)
        fold.locator("summary").tap()

    def _hazards(self) -> None:
        phone = self.phone
        scenes.film(self.camera, scenes.a_bicycle())
        for number, picture in ((0, scenes.a_stove()), (2, scenes.a_bicycle())):
            card = phone.add_hazard(number, "notice_left")
            phone.aim(card, picture)
            if number:
                phone.tap("[data-camera-taken]")
                self.shoot("camera-look")
            phone.tap("[data-camera-keep]")
            expect(card.locator(".photo")).to_have_count(1)
            card.locator("[data-spot]").fill(
                {"zh": "二楼楼道", "en": "Stairs, second floor"}[phone.language()]
            )
        self.shoot("hazard", top=card)
        give_torch(phone.page)
        card.locator("[data-aim]").tap()
        self._camera_opens()
        self.shoot("camera")
        phone.tap("[data-camera-close]")
        self._grave()

    def _grave(self) -> None:
        """A hazard that only a department can judge."""
        phone = self.phone
        phone.tap(self.at("[data-groups] .item:has(svg:not([hidden])):visible").first)
        card = self.at("[data-finding].is-stop:visible, [data-finding].is-major:visible").first
        self.shoot("hazard-grave", top=card)
        card.locator("[data-remove]").first.tap()
        self.shoot("hazard-removed")

    def _people(self) -> None:
        phone = self.phone
        form = phone.add_person("演示·新来一", NEWCOMER[:-1] + "1", "15400009999")
        form.locator("[name=document_number]").blur()
        number = form.locator("[name=document_number]")
        self.shoot("occupant-wrong", top=number)
        form.locator("[name=document_number]").fill(NEWCOMER)
        form.locator("[name=document_number]").tap()
        self.shoot("occupant", top=number)
        form.locator("[name=phone]").tap()
        self.shoot("occupants", top=self.at("[data-visit-occupants]"))

    def _folds(self) -> None:
        """Work, dwelling and requests, each open."""
        phone = self.phone
        work, home, wishes = (
            self.at(f"[data-visit-{name}]") for name in ("workplaces", "dwelling", "requests")
        )
        for fold in (work, home, wishes):
            if fold.get_attribute("open") is None:
                fold.locator("> summary").tap()
        phone.tap("[data-add-workplace]")
        form = self.at("[data-added-workplaces] .person-form").last
        form.locator("[name=name]").fill("演示·修理铺")
        form.locator('[data-chips="kind"] .chip').nth(1).tap()
        form.locator("[name=credit_code]").fill("91620402MA7AAAAA1K")
        form.locator("[name=contact_name]").tap()
        self.shoot("workplace", top=work, whole=False)
        self.shoot("workplace-more", top=form.locator("[name=credit_code]"))
        phone.tap(home.locator(".why > summary").first)
        self.shoot("dwelling", top=home)
        self.shoot("dwelling-more", top=home.locator('[data-fact-chips="heating"]'))
        phone.tap(wishes.locator("[data-requests] .chip").nth(1))
        self.shoot("requests", top=wishes)
        self.shoot("visit-end", top=self.at("#visit-note"))
        work.locator(".person-form [data-remove]").tap()

    def _paper(self) -> None:
        phone = self.phone
        phone.tap("[data-paper-open]")
        self.shoot("paper")
        pad = self.at("[data-pad]")
        pad.scroll_into_view_if_needed()
        self._sign(pad)
        self.shoot("paper-sign", top=self.at("#sign-title"))
        phone.tap("[data-paper-sign]")
        self.shoot("paper-signed", top=self.at("[data-paper]"))

    def _sign(self, pad: Locator) -> None:
        frame, mouse = pad.bounding_box() or {}, self.phone.page.mouse
        for first, *others in _STROKES:
            for move, (x, y) in ((mouse.down, first), *((None, one) for one in others)):
                mouse.move(frame["x"] + x * frame["width"], frame["y"] + y * frame["height"], steps=6)
                if move:
                    move()
            mouse.up()

    def without_signal(self) -> None:
        """What waits, the person's own page, signing out with unsent work, the rescue file."""
        phone = self.phone
        self.server.kill()
        phone.finish()
        self.shoot("saved")
        phone.tap("[data-toast-undo]")
        phone.see("visit")
        self.shoot("visit-own")
        phone.tap("[data-discard]")
        phone.see("round")
        phone.go("outbox")
        self.shoot("outbox-waiting", whole=True)
        phone.go("me")
        self.shoot("me", whole=True)
        phone.tap("[data-sign-out]")
        self.shoot("sign-out")
        phone.tap("[data-sign-out-stay]")
        phone.tap("[data-rescue-write]")
        expect(self.at("[data-rescue-link]")).to_be_visible()
        self.shoot("rescue", top=self.at("[data-rescue]"))
