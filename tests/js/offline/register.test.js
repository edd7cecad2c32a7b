// Reading the pack: by index, in one look, and only what belongs to whoever holds the phone.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { withStores } from "../../../static/js/offline/db.js";
import * as drafts from "../../../static/js/offline/drafts.js";
import { AT_ONCE } from "../../../static/js/offline/due.js";
import { finish } from "../../../static/js/offline/outbox.js";
import * as register from "../../../static/js/offline/register.js";
import { aDoor, aDraft, aPhone, aRecord, BUILDING, DOOR, put, SECOND } from "./phone.js";

beforeEach(aPhone);

test("a door is read with its building, people, hazards, draft and records of its own", async () => {
  await put("occupants", { id: "o1", door: DOOR });
  await put("occupants", { id: "o2", door: "elsewhere" });
  await put("findings", { id: "f1", door: DOOR });
  const record = await aRecord();
  const draft = await aDraft();

  const view = await register.door(DOOR);

  assert.deepEqual([view.door.id, view.building.id, view.draft.id], [DOOR, BUILDING, draft.id]);
  assert.deepEqual([view.occupants.map(({ id }) => id), view.findings.map(({ id }) => id)], [["o1"], ["f1"]]);
  assert.deepEqual(
    view.records.map(({ id }) => id),
    [record.id],
  );
});

test("a visit goes on to its end when its door has left the round", async () => {
  const draft = await aDraft({ note: "in the middle" });
  await withStores(["doors", "buildings"], "readwrite", (stores) =>
    Promise.all([stores("doors").delete(DOOR), stores("buildings").delete(BUILDING)]),
  );

  const { view } = await register.openVisit(draft.id);

  assert.deepEqual([view.door.id, view.door.gone], [DOOR, true]);
  assert.equal(view.building.address, "9 Example Road 2-301");
  assert.equal((await finish(draft.id)).label, "9 Example Road 2-301");
});

test("somebody else's draft and records are not shown at a door", async () => {
  await aRecord();
  await aDraft();
  await put("meta", SECOND, "user");

  const view = await register.door(DOOR);

  assert.deepEqual([view.draft, view.records], [null, []]);
});

test("a visit that is being written comes before one that ends by itself", async () => {
  const ending = await drafts.start(DOOR, { outcome: "no_answer" });
  await drafts.save(ending.id, { screen: { ending: true } });
  const open = await aDraft();

  assert.equal((await register.door(DOOR)).draft.id, open.id);
});

test("an unknown door is null, not an error", async () => {
  assert.equal((await register.door("nowhere")).door, null);
});

test("a door is found without reading the others", async (context) => {
  await withStores(["doors"], "readwrite", async (stores) => {
    for (let n = 0; n < 5000; n++) {
      void stores("doors").put(aDoor({ id: `d${n}`, building: `b${n % 100}` }));
    }
  });
  const whole = context.mock.method(IDBObjectStore.prototype, "getAll");

  assert.equal((await register.door("d7")).door.building, "b7");

  const scanned = whole.mock.calls.map(({ this: store }) => store.name);
  assert.ok(!scanned.includes("doors"), scanned.join());
});

test("doors with an open hazard are named once, with the day from when on they wait for the grid, and the one that was in vain", async () => {
  const rows = {
    f1: ["d1", "notified", "2026-11-30"],
    f2: ["d1", "recheck_failed", "2026-11-20"],
    f3: ["d2", "referred", "2026-11-01"],
    f4: ["d3", "notified", "2026-11-20"],
    f5: ["d3", "recheck_due", "2026-12-20"],
    f6: ["d4", "awaiting_photo", "2026-11-01"],
    f7: ["d5", "notified", "2026-12-20", true], // this worker was sent to look
  };
  for (const [id, [door, status, due_on, yours]] of Object.entries(rows))
    await put("findings", { id, door, status, due_on, yours });

  assert.deepEqual(
    [...(await register.doorsWithHazards())],
    [
      ["d1", { day: "2026-11-20", failed: "2026-11-20" }],
      ["d2", { day: "", failed: "" }],
      ["d3", { day: AT_ONCE, failed: "" }],
      ["d4", { day: "", failed: "" }],
      ["d5", { day: AT_ONCE, failed: "" }],
    ],
  );
});

test("the round is the one that runs today, else the one that began last", async () => {
  assert.equal(await register.round(), null);
  await put("rounds", { id: "a", starts_on: "2020-01-01", ends_on: "2020-02-01" });
  await put("rounds", { id: "b", starts_on: "2019-01-01", ends_on: "2019-02-01" });
  assert.equal((await register.round()).id, "a");

  await put("rounds", { id: "c", starts_on: "2018-01-01" });

  assert.equal((await register.round()).id, "c");
});

test("buildings come in the order of walking", async () => {
  for (const [id, grid, position] of [
    ["x", "g1", 2],
    ["y", "g1", 1],
    ["z", "g0", 9],
  ]) {
    await put("buildings", { id, grid, position });
  }

  assert.deepEqual(
    (await register.buildings()).map(({ id }) => id),
    ["z", BUILDING, "y", "x"],
  );
});

test("lists that have not come yet are empty, not errors", async () => {
  assert.deepEqual(
    [await register.codes("heating"), await register.checklist(), await register.notice()],
    [[], null, null],
  );
});
