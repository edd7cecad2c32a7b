"""The browser stops the worker while it sends in the background: the photo goes on at the byte where it stopped."""

import pytest
from playwright.sync_api import Playwright

from tests.journeys.rig import Rig, a_rig
from tests.photos import pictures
from tests.proxy import Fault
from tests.waiting import until
from tests.wire import Message

_SEND_IN_THE_WORKER = """
navigator.serviceWorker.getRegistration("/phone/").then((one) => one.sync.register("outbox"))
"""
_LONG = 8_000


@pytest.fixture(scope="module")
def rig(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory):
    with a_rig(playwright, tmp_path_factory.mktemp("rig")) as one:
        yield one


class Watched:
    """Where pieces began; the second one stays on its way for long."""

    def __init__(self) -> None:
        self.offsets: list[int] = []

    def choose(self, request: Message) -> Fault | None:
        if request.method != "PATCH":
            return None
        self.offsets.append(int(request.header("Upload-Offset") or 0))
        return Fault("stall", _LONG) if len(self.offsets) == 2 else None


def test_a_worker_that_is_stopped_in_the_middle_of_an_upload_is_followed_at_the_offset(rig: Rig) -> None:
    rig.reset()
    watched = Watched()
    try:
        rig.open()
        rig.proxy.choose = watched.choose
        rig.record({"door": 1, "outcome": "done", "item": 0}, [_a_large_picture()])
        page = rig.phone.page
        page.goto(f"{rig.address}/manifest.webmanifest")  # no page of the app sends
        page.evaluate(_SEND_IN_THE_WORKER)
        until(lambda: len(watched.offsets) == 2, 30)

        tools = rig.tools()
        tools.send("ServiceWorker.enable")
        tools.send("ServiceWorker.stopAllWorkers")
        sent = watched.offsets[-1]
        page.goto(f"{rig.address}/phone/")
        page.wait_for_selector("body[data-on]")
        until(lambda: rig.drain() and rig.phone.waiting() == 0, 60)

        assert sent > 0
        assert watched.offsets == sorted(watched.offsets)
        assert min(watched.offsets[2:], default=sent) >= sent
        assert rig.all_in()
    finally:
        rig.throw_away()


def _a_large_picture() -> bytes:
    return pictures.saved(pictures.noise(1400, 1000), "JPEG", quality=95)
