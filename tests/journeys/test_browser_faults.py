"""What a browser itself can do to the phone's app: clear its storage, refuse to keep it, have no room, lack an API."""

import re
import sqlite3
from contextlib import closing

from playwright.sync_api import Page, expect

from tests.journeys.phone import PhoneScreen
from tests.journeys.server import Server
from tests.journeys.test_delivery import assert_everything_arrived
from tests.waiting import until

# Browsers that run short of space take these, and leave cookies.
_EVICTED = "indexeddb,cache_storage,service_workers,local_storage"
_WITHOUT_SYNC = "delete ServiceWorkerRegistration.prototype.sync; delete globalThis.SyncManager;"

# A try has failed; the next one is put off by so many milliseconds.
_PUT_OFF = """
async (pause) => {
  const [{ withStores }, { sending }, { notify }] = await Promise.all(
    ["db", "backoff", "changes"].map((name) => part(`offline/${name}.js`)));
  const now = await sending();
  if (now.failures === 0) return false;
  await withStores(["meta"], "readwrite", (stores) =>
    stores("meta").put({ ...now, next_attempt_at: Date.now() + pause }, "sending"));
  notify("drain");
  return true;
}
"""

_AN_HOUR = 3_600_000
_TAGS = "navigator.serviceWorker.getRegistration('/phone/').then((one) => one.sync.getTags())"

# As when the doors were given to another grid.
_FORGET_THE_ROUND = """
async () => {
  const { withStores } = await part("offline/db.js");
  await withStores(["doors", "buildings"], "readwrite", (stores) =>
    Promise.all([stores("doors").clear(), stores("buildings").clear()]));
}
"""


def test_a_phone_whose_storage_was_cleared_says_so_to_the_desk_and_goes_on_counting(
    phone_browser: PhoneScreen, server: Server
) -> None:
    phone_browser.nothing_changed()
    until(lambda: server.count("visits") == 1, 45)
    server.kill()
    phone_browser.nothing_changed()
    tools = phone_browser.browser.context.new_cdp_session(phone_browser.page)
    tools.send("Storage.clearDataForOrigin", {"origin": phone_browser.address, "storageTypes": _EVICTED})
    server.start()

    phone_browser.page.goto(f"{phone_browser.address}/phone/")
    phone_browser.start_round()
    phone_browser.browser.faults.clear()  # of what was at the database when it went, a banner had told
    phone_browser.no_answer()

    until(lambda: server.count("visits") == 2, 45)
    assert server.rows("SELECT max(seq), count(*) FROM inbox_events") == [(2, 2)]
    assert server.count("devices", "cleared_at IS NOT NULL") == 1


def test_a_phone_that_may_be_cleared_says_so_and_the_desk_hears_it(
    phone_browser: PhoneScreen, server: Server
) -> None:
    assert not phone_browser.page.evaluate("navigator.storage.persist()"), "this browser refuses"
    phone_browser.nothing_changed()

    phone_browser.go("me")
    expect(phone_browser.page.locator('[data-text="kept"]')).to_have_text(phone_browser.words("kept_no"))
    phone_browser.go("outbox")
    phone_browser.tap("[data-check-all]")

    until(lambda: server.count("devices", "json_extract(state, '$.persisted') = 0") == 1, 45)


def test_two_tabs_that_send_at_the_same_moment_store_everything_once(
    phone_browser: PhoneScreen, server: Server
) -> None:
    server.kill()
    phone_browser.no_answer()
    phone_browser.begin_visit()
    phone_browser.shoot(phone_browser.add_hazard(0))
    phone_browser.finish()
    second = phone_browser.browser.context.new_page()
    second.goto(f"{phone_browser.address}/phone/outbox")
    expect(second.locator('[data-screen="outbox"]')).to_be_visible()
    server.start()

    for tab in (phone_browser.page, second):
        _send_now(tab)

    assert_everything_arrived(phone_browser, server, visits=2, photos=1)


def _send_now(tab: Page) -> None:
    """Begin, and do not wait for it."""
    tab.evaluate("void part('offline/drain.js').then((one) => one.drain('now'))")


def test_a_browser_without_background_sync_sends_from_the_page(
    phone_browser: PhoneScreen, server: Server
) -> None:
    phone_browser.browser.context.add_init_script(_WITHOUT_SYNC)
    phone_browser.page.goto(f"{phone_browser.address}/phone/")
    phone_browser.see("round")
    assert not phone_browser.page.evaluate("'sync' in ServiceWorkerRegistration.prototype")
    server.kill()
    phone_browser.nothing_changed()
    server.start()

    phone_browser.network_returns()

    assert_everything_arrived(phone_browser, server, visits=1, photos=0)


def test_a_finished_visit_asks_the_browser_to_wake_the_worker_as_long_as_it_waits(
    phone_browser: PhoneScreen, server: Server
) -> None:
    server.kill()

    phone_browser.nothing_changed()

    phone_browser.page.wait_for_function(_PUT_OFF, arg=_AN_HOUR)
    assert phone_browser.page.evaluate(_TAGS) == ["outbox"]


def test_when_it_is_tried_next_is_counted_down(phone_browser: PhoneScreen, server: Server) -> None:
    server.kill()
    phone_browser.nothing_changed()
    phone_browser.page.wait_for_function(_PUT_OFF, arg=80_000)

    phone_browser.go("outbox")

    line = phone_browser.page.locator("[data-outbox-next]")
    expect(line).to_have_text(re.compile(r"\d+"))
    first = _number_in(line.inner_text())
    assert 60 < first <= 80
    until(lambda: 0 < _number_in(line.inner_text()) <= first - 3, 20)


def _number_in(text: str) -> int:
    return int("".join(re.findall(r"\d", text)) or 0)


def test_a_visit_is_finished_although_its_door_has_left_the_round(
    phone_browser: PhoneScreen, server: Server
) -> None:
    phone_browser.begin_visit()
    phone_browser.page.evaluate(_FORGET_THE_ROUND)

    phone_browser.page.goto(f"{phone_browser.address}/phone/")

    expect(phone_browser.at("[data-visit-gone]")).to_be_visible()
    phone_browser.finish()
    assert_everything_arrived(phone_browser, server, visits=1, photos=0)


def test_another_kind_of_connection_is_tried_at_once_by_a_phone_that_was_online_all_along(
    phone_browser: PhoneScreen, server: Server
) -> None:
    phone_browser.browser.context.add_init_script(_WITHOUT_SYNC)
    phone_browser.page.goto(f"{phone_browser.address}/phone/")
    phone_browser.see("round")
    server.kill()
    phone_browser.nothing_changed()
    phone_browser.page.wait_for_function(_PUT_OFF, arg=_AN_HOUR)
    server.start()
    assert phone_browser.page.evaluate("navigator.onLine")

    _connect(phone_browser.page, milliseconds=600)

    assert_everything_arrived(phone_browser, server, visits=1, photos=0)


def _connect(page: Page, milliseconds: int) -> None:
    """Another kind of connection, as Chromium tells them apart: by how long an answer takes."""
    conditions = {"offline": False, "latency": milliseconds, "downloadThroughput": -1, "uploadThroughput": -1}
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", conditions)


def test_after_an_update_the_desk_hears_of_the_version_that_runs(
    phone_browser: PhoneScreen, server: Server
) -> None:
    phone_browser.nothing_changed()
    until(lambda: server.count("visits") == 1, 45)
    ((before,),) = server.rows("SELECT build FROM devices")
    server.kill()
    server.release("the next one")
    server.start()
    phone_browser.page.evaluate("navigator.serviceWorker.getRegistration().then((one) => one.update())")
    with phone_browser.page.expect_navigation():
        phone_browser.tap("[data-update-now]")
    phone_browser.see("round")

    phone_browser.nothing_changed()

    until(lambda: server.count("visits") == 2, 45)
    ((after,),) = server.rows("SELECT build FROM devices")
    held = phone_browser.page.evaluate("caches.keys()")
    assert before != after
    assert [name for name in held if name.endswith(after)]


def test_a_half_sent_photo_of_a_phone_that_was_shut_out_and_let_in_again_goes_on(
    phone_browser: PhoneScreen, server: Server
) -> None:
    phone_browser.is_cut_sending(server)
    with closing(sqlite3.connect(server.data / "doorstep.sqlite3", timeout=10)) as database:
        database.execute("UPDATE devices SET revoked_at = datetime('now')")
        database.commit()
    server.start()

    phone_browser.network_returns()

    until(
        lambda: [row[0] for row in server.rows("SELECT state FROM photos WHERE kind = 'full'")] == ["stored"],
        60,
    )
