"""A link on which an answer never comes: the phone goes on being a phone while it waits for it."""

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.journeys.phone import PhoneScreen
from tests.journeys.rig import Rig, a_rig
from tests.proxy import Fault
from tests.waiting import until
from tests.wire import Message

_LONG = 25_000
# A frame is drawn, and a timer fires after it: whoever waits for the network on the main thread does neither.
_GOES_ON = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"


@pytest.fixture(scope="module")
def rig(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory):
    with a_rig(playwright, tmp_path_factory.mktemp("rig")) as one:
        yield one


class Stalled:
    """From the first request of a kind on, every answer but that to the probe stays on its way."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.held: list[str] = []

    def choose(self, request: Message) -> Fault | None:
        begins = request.path.startswith(self.kind) and request.method == "POST"
        if not (begins or self.held):
            return None
        self.held.append(f"{request.method} {request.path}")
        return Fault("stall", _LONG)


@pytest.mark.parametrize("kind", ["/sync/batches", "/sync/photos"])
def test_visits_are_opened_filled_and_ended_while_an_answer_hangs(rig: Rig, kind: str) -> None:
    rig.reset()
    stalled = Stalled(kind)
    try:
        rig.open()
        phone = rig.phone
        phone.see("round")
        rig.proxy.choose = stalled.choose
        phone.begin_visit()
        phone.shoot(phone.add_hazard(0))
        phone.finish()
        until(lambda: bool(stalled.held), 30)

        _work_on(phone)

        assert phone.waiting() > 0, "it hung all the while"
        rig.proxy.choose = lambda _request: None
        until(lambda: rig.drain() and phone.waiting() == 0, 90)
        assert rig.all_in()
    finally:
        rig.throw_away()


def _work_on(phone: PhoneScreen) -> None:
    """What a worker does between two doors, within the waits that every journey has."""
    _goes_on(phone.page)
    phone.begin_visit()
    phone.note("信号不好")
    phone.add_hazard(1)
    phone.finish()
    phone.no_answer()
    for tab in ("outbox", "me", "round"):
        phone.go(tab)
    expect(phone.page.locator("[data-tabs]")).to_be_visible()
    phone.page.reload()
    phone.see("round")
    phone.nothing_changed()
    phone.go("outbox")
    expect(phone.page.locator(".record:visible")).to_have_count(4)
    _goes_on(phone.page)


def _goes_on(page: Page) -> None:
    page.evaluate(_GOES_ON)
