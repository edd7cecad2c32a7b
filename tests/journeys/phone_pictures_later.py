"""What comes after a morning without a signal, pictured like it: all is in, what came back, searching, help."""

from playwright.sync_api import expect

from tests.journeys import scenes
from tests.journeys.desk import Desk
from tests.journeys.phone_pictures import Walk
from tests.journeys.torch import give_torch
from tests.waiting import until

_SHOW_BANNERS = """
(shown) => document
  .querySelectorAll("[data-banner], [data-update-now]")
  .forEach((one) => { one.hidden = !shown; })
"""
_NO_ROOM = """
(() => {
  const {little_room} = JSON.parse(document.querySelector("#texts").textContent);
  document.querySelector("[data-room]").textContent = little_room.replace("{size}", "18 MB");
})()
"""


class Afternoon(Walk):
    """From the first signal to what must not be overlooked."""

    def all_in(self, desk: Desk) -> None:
        """Everything arrives; the lead returns a visit; the round is fetched."""
        phone = self.phone
        self.server.start()
        phone.network_returns()
        until(lambda: phone.waiting() == 0, 60)
        phone.go("outbox")
        phone.tap("[data-check-all]")
        expect(self.at("[data-outbox-head]")).to_contain_text(phone.words("all_in"))
        self.shoot("outbox", whole=True)
        reason = {
            "zh": "卧室的取暖炉没有拍到，请补拍",
            "en": "The stove in the bedroom is missing, please photograph it",
        }
        desk.sign_in("lead")
        desk.send_back(phone.records()[1]["visit"], reason[phone.language()])
        phone.go("me")
        phone.tap("[data-me-refresh]")
        expect(phone.at("[data-toast-text]")).to_be_visible()
        phone.go("round")
        self.shoot("round", whole=True)

    def second_look(self) -> None:
        """The hazards of before, with their pictures; what came back."""
        phone = self.phone
        phone.tap("[data-round-first] a.is-returned")
        phone.see("door")
        self.shoot("door-returned", whole=True)
        phone.tap("[data-back]")
        until(lambda: bool(phone.pictures()), 30)
        phone.tap(self.at(".cell:has(.cell-hazard):visible").first)
        phone.see("door")
        self.shoot("door-hazards", whole=True)
        self._paper_again()
        phone.start_visit()
        scenes.film(self.camera, scenes.a_stove(0.9))
        row = self.at("[data-recheck]").first
        row.locator("[data-results] .chip").nth(0).tap()
        self.shoot("recheck", top=self.at("[data-open-before]"))
        row.locator("[data-aim]").tap()
        self._camera_opens()
        self.shoot("camera-ghost")
        phone.tap("[data-camera-close]")
        phone.tap("[data-back]")
        phone.see("door")
        self.shoot("door-open-visit")
        phone.tap("[data-back]")

    def _paper_again(self) -> None:
        again = self.at("[data-door-papers] button")
        if again.count():
            again.first.tap()
            self.shoot("paper-again", top=self.at("[data-sheet-said]"))
            self.phone.tap("[data-sheet] .sheet-bar [type=submit]")

    def search(self) -> None:
        """Looking for a door, reading a plate, adding a door."""
        phone = self.phone
        phone.page.fill("#round-search", "rmlu 30")
        rows = phone.page.locator("[data-round-found] a:visible")
        until(lambda: all("30" in text for text in rows.all_inner_texts()))  # the lower ones come later
        self.shoot("search")
        phone.page.fill("#round-search", "rml 399")
        self.shoot("search-none")
        phone.page.fill("#round-search", "")
        scenes.film(self.camera, scenes.a_lane())
        give_torch(phone.page)
        phone.tap("[data-round-scan]")
        expect(self.at("[data-scan-hint]")).to_have_text(phone.words("scan_hint"))
        self.shoot("scan")
        phone.tap("[data-scan-close]")
        phone.tap("[data-round-add]")
        phone.page.fill("[data-new-door] [name=door]", "301A")
        self.shoot("new-door")
        phone.page.select_option("[data-new-door] [name=building]", "")
        self.shoot("new-house")
        phone.tap("[data-new-door-close]")

    def rest(self) -> None:
        """Help, and what must not be overlooked."""
        phone = self.phone
        phone.go("me")
        phone.tap('a[href="/phone/help"]')
        phone.see("help")
        phone.page.evaluate("for (const fold of document.querySelectorAll('.help')) fold.open = true")
        self.shoot("help", whole=True)
        phone.tap("[data-back]")
        phone.see("me")
        phone.go("round")
        phone.page.evaluate(_NO_ROOM)
        phone.page.evaluate(_SHOW_BANNERS, True)
        phone.page.evaluate("scrollTo(0, 0)")
        self.shoot("banners")
        phone.page.evaluate(_SHOW_BANNERS, False)
