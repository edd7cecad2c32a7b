"""A phone that was out for long: a thousand visits and three thousand photos wait, against the same phone with ten."""

import base64
import io
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

from PIL import Image

from tests.bench.browsers import SLOW, a_phone, slowed, tapped
from tests.bench.figures import Figure, ratios
from tests.journeys.phone import PhoneScreen

DOORS = 5_000
FEW, MANY = 10, 1_000
OPENINGS = 7
WINDOWS, WINDOW = 5, 5
ROUNDS = 3
# The longest task of the page since it began, in milliseconds.
_LONGEST = """
() => {
  window.longest = 0;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration);
  }).observe({ type: "longtask", buffered: true });
}
"""
# As the app leaves finished visits behind, three photos each; written a hundred at a time, since a thousand by hand
# would take longer than what is measured. Every photo has bytes of its own (a comment within the JPEG).
FILL = """
async ([count, text]) => {
  const [{ withStores, meta }, { digestOf, digestOfBytes }, { uuid7 }, { notify }] = await Promise.all(
    ["db", "digest", "ids", "changes"].map((name) => part(`offline/${name}.js`)));
  const picture = Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  const author = (await meta("user")).id;
  const [doors, [list]] = await withStores(["doors", "checklists"], "readonly", async (stores) =>
    [await stores("doors").getAll(), await stores("checklists").getAll()]);
  const now = Date.now();
  const ago = (minutes) => new Date(now - minutes * 60_000).toISOString();
  const photoOf = async (visit, finding) => {
    const mark = crypto.getRandomValues(new Uint8Array(16));
    const bytes = new Uint8Array([...picture.slice(0, 2), 0xff, 0xfe, 0, 18, ...mark, ...picture.slice(2)]).buffer;
    const facts = { id: uuid7(), digest: await digestOfBytes(bytes), size: bytes.byteLength, type: "image/jpeg",
      taken_at: ago(3) };
    const rest = { visit, draft: visit, finding, kind: "full", width: 400, height: 300, state: "waiting", offset: 0,
      location: null, receipt: null, stored_at: null, problem: null, attempts: 0, preview: null };
    return { bytes, facts, row: { ...facts, ...rest } };
  };
  const visitOf = async (door, seq) => {
    const visit = uuid7(), finding = uuid7();
    const photos = [];
    for (let n = 0; n < 3; n++) photos.push(await photoOf(visit, finding));
    const ids = photos.map(({ facts }) => facts.id);
    const body = JSON.stringify({ visit, revision: 1, dwelling: door.id, base_revision: door.revision,
      started_at: ago(6), finished_at: ago(1), outcome: "done", consent: true,
      notice: { version: 1, shown_at: ago(5) },
      checklist: { code: list.code, version: list.version, checked: true },
      findings: [{ id: finding, item: list.items[0].code, action: "notice_left", photos: ids }],
      photos: photos.map(({ facts }) => facts) });
    const record = { id: uuid7(), visit, revision: 1, door: door.id, seq, author, type: "visit.recorded",
      schema: window.newest, recorded_at: ago(1), digest: await digestOf(body), body, photos: ids, state: "waiting",
      problems: [], receipt: null, attempts: 0, saved_at: ago(1), label: door.door };
    return { record, photos };
  };
  window.newest = (await part("offline/upcasts.js")).SCHEMA;
  let seq = (await meta("seq")) ?? 0;
  for (let first = 0; first < count; first += 100) {
    const made = [];
    for (let n = first; n < Math.min(count, first + 100); n++) made.push(await visitOf(doors[n % doors.length], ++seq));
    await withStores(["outbox", "photos", "bytes", "meta"], "readwrite", async (stores) => {
      for (const { record, photos } of made) {
        stores("outbox").put(record);
        for (const { row, bytes } of photos) {
          stores("photos").put(row);
          stores("bytes").put(bytes, row.id);
        }
      }
      await stores("meta").put(seq, "seq");
    });
  }
  notify("outbox");
}
"""
_LEFT = """
const left = async () => {
  const { withStores } = await part("offline/db.js");
  return withStores(["outbox", "photos"], "readonly", async (stores) => ({
    text: await stores("outbox").index("state").getKey("waiting"),
    stored: await stores("photos").index("state").count("stored"),
  }));
};
"""
# When so many photos more were stored than at the beginning, in milliseconds of the page's clock; and when no text
# waited. Those that wait are not counted: that takes the browser longer the more there are.
_WATCH_DRAIN = f"""
async (marks) => {{
  {_LEFT}
  const before = (await left()).stored;
  const from = performance.now();
  const at = [];
  let text = null;
  while (at.length < marks.length) {{
    const now = await left();
    if (now.text === undefined) text ??= performance.now() - from;
    while (at.length < marks.length && now.stored - before >= marks[at.length]) at.push(performance.now() - from);
    if (performance.now() - from > 240_000) throw new Error(`only ${{now.stored - before}} photos went in time`);
    await new Promise((done) => setTimeout(done, 20));
  }}
  return {{ text, at }};
}}
"""


def waiting(folder: Path) -> list[Figure]:
    """Opening the outbox and the round, and sending, with ten visits waiting and with a thousand; and for how long the
    page of a phone that is not slowed can do nothing else."""
    with a_phone(folder / "waiting", DOORS) as screen:
        few = _measured(screen, FEW)
        screen.page.wait_for_function(
            f"async () => {{ {_LEFT} return (await left()).stored === {FEW * 3}; }}"
        )
        many = _measured(screen, MANY)
    figures = []
    for name, unit in (("outbox", "ms"), ("round", "ms"), ("photo", "ms a photo sent")):
        values, others = many[name], few[name]
        figures += [
            Figure(f"phone_1000_{name}", f"{unit}, sixfold slowed", values),
            Figure(f"phone_10_{name}", f"{unit}, sixfold slowed", others),
            Figure(
                f"phone_1000_{name}_ratio",
                "ratio",
                ratios(sorted(values), sorted(others)),
                "ten waiting",
                "≤ 1.5",
            ),
        ]
    return [
        *figures,
        Figure("phone_1000_longest", "ms, longest task, not slowed", many["longest"], "", "≤ 200"),
        Figure("phone_1000_text", "visits/s until no text waits", many["text"]),
        Figure("phone_10_memory", "MB at most, page and worker, while it sends", few["memory"]),
        Figure("phone_1000_memory", "MB at most, page and worker, while it sends", many["memory"]),
    ]


def _measured(screen: PhoneScreen, number: int) -> dict[str, list[float]]:
    """What takes how long on the slowed phone while so many visits wait."""
    page, network = screen.page, screen.browser.context
    network.set_offline(True)
    page.evaluate(FILL, [number, base64.b64encode(a_small_picture()).decode()])
    tools = slowed(page, SLOW)
    for name in ("me", "outbox", "round"):  # the first time draws what the later ones keep
        tapped(page, f'[data-tab="{name}"]', name)
    found: dict[str, list[float]] = {"outbox": [], "round": []}
    for _opening in range(OPENINGS):
        for name, taken in found.items():
            taken.append(tapped(page, f'[data-tab="{name}"]', name))
    tools.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    longest = [_longest(screen) for _round in range(ROUNDS)]
    tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOW})
    tapped(page, '[data-tab="outbox"]', "outbox")
    tools.send("HeapProfiler.collectGarbage")  # the pictures that this measure has made
    with _most_memory(screen) as memory:
        sent = _drain(screen, number)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    sending = {"photo": sent["photos"], "text": [number / sent["text"] * 1000], "memory": [max(memory)]}
    return found | sending | {"longest": longest}


@contextmanager
def _most_memory(screen: PhoneScreen) -> Iterator[list[float]]:
    """Megabytes of the page and its worker, looked at ten times a second meanwhile."""
    seen, over = [screen.browser.drawing_bytes() / 1e6], threading.Event()

    def look() -> None:
        while not over.wait(0.1):
            seen.append(screen.browser.drawing_bytes() / 1e6)

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield seen
    finally:
        over.set()
        watcher.join()


def _longest(screen: PhoneScreen) -> float:
    """Open the app and every screen, search, and begin a visit. None is finished: that asks the browser to send in the
    background, where the worker would reach the server although the page has no network."""
    screen.page.wait_for_url("**/phone/round")  # the address follows a tap once its screen is drawn
    screen.page.reload()
    screen.see("round")
    screen.page.evaluate(_LONGEST)
    for name in ("outbox", "me", "round"):
        screen.go(name)
    screen.page.fill("#round-search", "测量路 12")
    screen.page.fill("#round-search", "")
    screen.begin_visit()
    longest = float(screen.page.evaluate("window.longest"))
    screen.tap("[data-discard]")
    screen.see("round")
    return longest


def _drain(screen: PhoneScreen, number: int) -> dict[str, Any]:
    """Let the network come back, ask for sending and look on until some photos have gone; milliseconds a photo, window
    by window. Chromium that is steered here does not tell a page that was opened without a network that one has come:
    without the tap the pause before the next attempt would be measured."""
    marks = [1 + WINDOW * count for count in range(WINDOWS + 1)]
    screen.browser.context.set_offline(False)
    screen.tap("[data-send-now]")
    seen = screen.page.evaluate(_WATCH_DRAIN, marks)
    at = seen["at"]
    steps = [(later - earlier) / WINDOW for earlier, later in pairwise(at)]
    return {"photos": steps, "text": seen["text"]}


def a_small_picture() -> bytes:
    """About 20 KB: what grows with the number is looked for, not what grows with the size."""
    chance = random.Random(5)
    file = io.BytesIO()
    small = Image.frombytes("RGB", (100, 75), chance.randbytes(100 * 75 * 3))
    small.resize((400, 300), Image.Resampling.BICUBIC).save(file, "JPEG", quality=80)
    return file.getvalue()
