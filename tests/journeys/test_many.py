"""A phone with a large round on which a thousand visits wait: what a screen costs is counted, not timed. How long the
page's thread is held is measured by `make bench ONLY=phone`."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import expect

from tests.bench import waiting_phone
from tests.journeys.phone import PhoneScreen
from tests.journeys.server import Server

DOORS, WAITING, PHOTOS = 5_000, 1_000, 3_000
PER_BUILDING = 20
# What any screen may read, and what it may draw, however much there is.
ROWS, NODES = 60, 2_200
# Buildings beyond those of the demo, as the pack brings them.
_FILL_ROUND = """
async ([doors, each]) => {
  const [{ withStores }, { notify }] = await Promise.all(["db", "changes"].map((name) => part(`offline/${name}.js`)));
  const [grid] = await withStores(["grids"], "readonly", (stores) => stores("grids").getAll());
  await withStores(["buildings", "doors"], "readwrite", (stores) => {
    for (let n = 0; n < doors; n++) {
      const at = n % each, building = `building-${Math.floor(n / each)}`;
      const street = { id: building, grid: grid.code, position: 1000 + n, address: `测量路 ${n / each}号` };
      if (at === 0) stores("buildings").put(street);
      const floor = Math.floor(at / 4) + 1, door = `${floor}0${at % 4 + 1}`;
      stores("doors").put({ id: `door-${n}`, building, unit: null, floor, door, revision: 1 });
    }
  });
  notify("pack");
}
"""
# Counts the rows that IndexedDB gives this page, and the nodes that it adds to itself.
_COUNT = """
window.costs = { rows: 0, nodes: 0 };
for (const owner of [IDBObjectStore.prototype, IDBIndex.prototype]) {
  for (const name of ["get", "getAll", "openCursor"]) {
    const real = owner[name];
    owner[name] = function (...rest) {
      const request = real.apply(this, rest);
      request.addEventListener("success", () => {
        window.costs.rows += Array.isArray(request.result) ? request.result.length : 1;
      });
      return request;
    };
  }
}
const added = (node) => 1 + (node.querySelectorAll?.("*").length ?? 0);
new MutationObserver((list) => {
  for (const one of list) for (const node of one.addedNodes) window.costs.nodes += added(node);
}).observe(document, { childList: true, subtree: true });
"""


def test_no_screen_costs_more_because_a_thousand_visits_wait(
    phone_browser: PhoneScreen, server: Server
) -> None:
    page = phone_browser.page
    server.kill()
    page.evaluate(_FILL_ROUND, [DOORS, PER_BUILDING])
    picture = base64.b64encode(waiting_phone.a_small_picture()).decode()
    page.evaluate(waiting_phone.FILL, [WAITING, picture])
    page.context.add_init_script(_COUNT)
    page.reload()
    phone_browser.see("round")
    expect(phone_browser.at("[data-unsent]")).to_have_text(str(WAITING))
    # The buildings below the screen are drawn between two frames.
    expect(page.locator("[data-round-buildings] > li").nth(DOORS // PER_BUILDING)).to_be_attached()
    # Each once: doors, records, the facts of photos, and little else.
    assert page.evaluate("window.costs.rows") < 1.1 * (DOORS + WAITING + PHOTOS)

    for screen in ("outbox", "me", "round", "outbox"):
        with at_most(phone_browser, screen):
            phone_browser.go(screen)
    expect(page.locator("[data-records] .record")).to_have_count(40)
    phone_browser.go("round")
    with at_most(phone_browser, "search"):
        page.fill("#round-search", "测量路 12")
        expect(page.locator("[data-round-found] li:visible").first).to_be_visible()
    page.fill("#round-search", "")
    with at_most(phone_browser, "door"):
        phone_browser.open_door()
    with at_most(phone_browser, "visit"):
        phone_browser.start_visit()
    phone_browser.tap("[data-unchanged]")
    with at_most(phone_browser, "finished visit"):
        phone_browser.finish()
        expect(phone_browser.at("[data-unsent]")).to_have_text(str(WAITING + 1))


@contextmanager
def at_most(phone: PhoneScreen, what: str) -> Iterator[None]:
    """Look what is read and drawn in between."""
    phone.page.evaluate("window.costs = { rows: 0, nodes: 0 }")
    yield
    costs = phone.page.evaluate("window.costs")
    assert costs["rows"] <= ROWS, f"{what} reads {costs['rows']} rows"
    assert costs["nodes"] <= NODES, f"{what} draws {costs['nodes']} nodes"
