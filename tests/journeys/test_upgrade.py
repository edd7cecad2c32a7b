"""A phone whose database is of an older release: brought up to date, and killed within that."""

from playwright.sync_api import expect

from tests.journeys.phone import PhoneScreen
from tests.journeys.server import Server
from tests.journeys.test_delivery import assert_everything_arrived
from tests.waiting import until

# The database as its first version made it, with everything of today's that it had a place for.
_AS_OF_THE_FIRST_RELEASE = """
async () => {
  const keys = {
    meta: null, grids: "code", rounds: "id", buildings: "id", doors: "id", occupants: "id", findings: "id",
    returned: "visit", reviews: "visit", checklists: "code", codes: "list", notices: "version", drafts: "id",
    outbox: "id", photos: "id", bytes: null,
  };
  const indexes = {
    doors: ["building"], occupants: ["door"], findings: ["door"], returned: ["door"], drafts: ["door"],
    outbox: ["door", "state", "visit", "queue"], photos: ["visit", "state"],
  };
  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const now = await done(indexedDB.open("doorstep"));
  const reading = now.transaction(Object.keys(keys));
  const rows = await Promise.all(Object.keys(keys).map(async (name) => {
    const store = reading.objectStore(name);
    const [values, names] = await Promise.all([done(store.getAll()), done(store.getAllKeys())]);
    return [name, values, names];
  }));
  now.close();
  await done(indexedDB.deleteDatabase("doorstep"));
  const opening = indexedDB.open("doorstep", 1);
  opening.onupgradeneeded = () => {
    for (const [name, values, names] of rows) {
      const store = opening.result.createObjectStore(name, keys[name] ? {keyPath: keys[name]} : undefined);
      for (const index of indexes[name] ?? []) {
        store.createIndex(index, index === "queue" ? ["state", "seq"] : index);
      }
      values.forEach((value, at) => keys[name] ? store.put(value) : store.put(value, names[at]));
    }
  };
  (await done(opening)).close();
}
"""
# An upgrade that has made its first store and does not come to its end.
_UPGRADE_WITHOUT_END = """
() => {
  const create = IDBDatabase.prototype.createObjectStore;
  IDBDatabase.prototype.createObjectStore = function (...of) {
    const store = create.apply(this, of);
    const again = () => { store.get("nothing").onsuccess = again; };
    if (!window.upgrading) again();
    window.upgrading = true;
    return store;
  };
  void import("/static/js/offline/db.js").then(({open}) => open());
}
"""
_VERSION = """
async () => (await indexedDB.databases()).find(({name}) => name === "doorstep").version
"""


def test_a_browser_killed_while_it_upgrades_its_database_has_everything_at_the_next_start(
    phone_browser: PhoneScreen, server: Server
) -> None:
    newest = phone_browser.page.evaluate(_VERSION)
    server.kill()
    phone_browser.nothing_changed()
    phone_browser.begin_visit()
    phone_browser.shoot(phone_browser.add_hazard(0))
    phone_browser.finish()
    phone_browser.begin_visit()
    phone_browser.note("明天再来")
    elsewhere = f"{phone_browser.address}/elsewhere"  # where nothing of the app holds the database
    phone_browser.page.route(elsewhere, lambda route: route.fulfill(body="", content_type="text/html"))
    phone_browser.page.goto(elsewhere)
    phone_browser.page.evaluate(_AS_OF_THE_FIRST_RELEASE)
    server.start()

    phone_browser.page.evaluate(_UPGRADE_WITHOUT_END)
    until(lambda: phone_browser.page.evaluate("window.upgrading"))
    phone_browser.browser.kill()
    server.kill()
    phone_browser.restart()

    expect(phone_browser.page.locator("[data-visit-note]")).to_have_value("明天再来")
    assert newest > 1
    assert phone_browser.page.evaluate(_VERSION) == newest
    assert [len(record["photos"]) for record in phone_browser.records()] == [1, 0]
    server.start()
    phone_browser.network_returns()
    assert_everything_arrived(phone_browser, server, visits=2, photos=1)
