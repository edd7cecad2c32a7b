// "All in" is said only after the server has confirmed every id and digest; clearing needs a backup and three days.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { meta, setMeta } from "../../../static/js/offline/db.js";
import { drain } from "../../../static/js/offline/drain.js";
import { reconcile, reconcileSeldom } from "../../../static/js/offline/reconcile.js";
import { sweep } from "../../../static/js/offline/sweeping.js";
import { aPhone, aRecord, get, NEXT_EPOCH, put, rows, withdraw, withNavigator } from "./phone.js";
import { json, portal, problem, Server } from "./server.js";

const HOUR = 3_600_000;
/** @type {Server} */
let server;

beforeEach(async () => {
  await aPhone();
  server = new Server().start();
});

const states = async (name = "outbox") => (await rows(name)).map(({ state }) => state);

test("all is in when the server misses nothing", async () => {
  await aRecord({ pictures: 1 });
  await drain("now");

  const { all_in, missing } = await reconcile();

  assert.deepEqual([all_in, missing], [true, 0]);
  assert.equal(server.held.visits.length, 1);
  assert.deepEqual(Object.keys(server.held.photos[0]), ["id", "kind", "digest"]);
});

test("the lead hears what is unsent, and since when", async () => {
  const record = await aRecord({ pictures: 1, bytes: 500 });

  const { all_in, missing } = await reconcile();

  assert.deepEqual([all_in, missing], [false, 2]);
  const { unsent, oldest_at, photos_unsent, bytes_unsent, build } = server.held.state;
  assert.deepEqual(
    [unsent, oldest_at, photos_unsent, bytes_unsent, build],
    [1, record.saved_at, 1, 500, "b1"],
  );
});

const estimate = async () => ({ quota: 9000, usage: 2000 });
for (const [what, storage, told] of [
  ["is promised", { estimate, persisted: async () => true }, [7000, true]],
  ["is not promised", { estimate, persisted: async () => false }, [7000, false]],
  ["cannot be told", undefined, [null, null]],
]) {
  test(`the lead hears how much room is left, and whether it is kept, where that ${what}`, async (context) => {
    withNavigator(context, { storage });

    await reconcile();

    assert.deepEqual([server.held.state.free_bytes, server.held.state.persisted], told);
  });
}

test("a phone compares by itself once an hour, also while something waits", async (context) => {
  context.mock.timers.enable({ apis: ["Date"], now: Date.parse("2026-11-24T08:00:00Z") });
  const compared = () => server.asked.filter((one) => one.endsWith("/sync/reconciliation")).length;
  await aRecord();
  await reconcileSeldom();
  await reconcileSeldom();
  assert.deepEqual([compared(), server.held.state.unsent], [1, 1]);

  context.mock.timers.setTime(Date.parse("2026-11-24T09:00:00Z"));
  await reconcileSeldom();
  assert.equal(compared(), 2);

  context.mock.timers.setTime(Date.parse("2016-11-24T09:00:00Z")); // somebody has turned the clock back
  await reconcileSeldom();
  assert.equal(compared(), 3);
});

test("what a lead has let through is heard without a tap", async () => {
  const record = await aRecord();
  await put("outbox", { ...record, state: "quarantined" });
  server.events.set(record.id, record);

  assert.equal(await reconcileSeldom(), true);
  assert.deepEqual(await states(), ["waiting"]);
});

test("a comparison that did not come through is made again", async () => {
  server.faults.reconciliation = () => problem(503, "busy");
  await assert.rejects(reconcileSeldom());
  delete server.faults.reconciliation;

  await reconcileSeldom();

  assert.ok(server.held);
});

test("a phone that nobody has enrolled compares nothing", async () => {
  await setMeta({ device: undefined });

  assert.equal(await reconcileSeldom(), false);
  assert.deepEqual(server.asked, []);
});

test("what the server has lost after its receipt waits again, and is sent", async () => {
  const record = await aRecord({ pictures: 1 });
  await drain("now");
  server.events.clear();
  server.photos.clear();

  const { missing } = await reconcile();

  assert.equal(missing, 2);
  assert.deepEqual([await states(), await states("photos")], [["waiting"], ["waiting"]]);
  await drain("now");
  assert.ok(server.events.has(record.id));
  assert.equal((await reconcile()).all_in, true);
});

test("what was set aside counts again when the answer comes from another epoch", async () => {
  await aRecord({ pictures: 1 });
  await drain("now");
  const [photo] = await rows("photos");
  await put("photos", { ...photo, state: "unusable", problem: "incomplete" });
  server.photos.clear();
  server.epoch = NEXT_EPOCH;

  const { all_in, missing } = await reconcile();

  assert.deepEqual([all_in, missing], [false, 1]);
});

test("a record that a lead has let through is offered again to hear its receipt", async () => {
  const record = await aRecord();
  await put("outbox", { ...record, state: "quarantined", problems: [{ code: "place" }] });
  server.events.set(record.id, {});

  assert.equal((await reconcile()).all_in, true);
  assert.deepEqual(await states(), ["waiting"]);
});

test("a record that the lead still looks at stays as it is, and is in", async () => {
  const record = await aRecord();
  await put("outbox", { ...record, state: "quarantined" });
  server.events.set(record.id, {});
  server.faults["after:reconciliation"] = async (_request, answer) =>
    json({ ...(await answer.json()), quarantined: [record.id] });

  assert.equal((await reconcile()).all_in, true);
  assert.deepEqual(await states(), ["quarantined"]);
});

test("a record in conflict is not asked about: it stands there with another digest", async () => {
  await put("outbox", { ...(await aRecord()), state: "conflict" });

  assert.equal((await reconcile()).all_in, true);
  assert.deepEqual(server.held.visits, []);
});

test("more than five thousand records are compared in parts", async () => {
  const record = await aRecord();
  for (let count = 0; count < 5001; count++)
    await put("outbox", { ...record, id: `id-${count}`, state: "accepted" });
  let asked = 0;
  /** @type {number[]} */
  const parts = [];
  server.faults["after:reconciliation"] = () => {
    asked += server.held.visits.length;
    parts.push(server.held.part);
    assert.ok(server.held.visits.length <= 5000);
    return null;
  };

  await reconcile();

  assert.equal(asked, 5002);
  assert.deepEqual(parts, [0, 1]);
});

test("a captive portal confirms nothing", async () => {
  server.faults.reconciliation = portal;

  await assert.rejects(reconcile(), { code: "portal" });
});

test("another epoch is noticed here too", async () => {
  await aRecord();
  await drain("now");
  server.epoch = NEXT_EPOCH;

  await reconcile();

  assert.deepEqual(await states(), ["waiting"]);
});

/** A record that is in, with its photo, at 08:00; and a backup up to the given time. */
async function received(durable_through, pictures = 1) {
  const record = await aRecord({ pictures });
  await drain("now");
  await put("meta", durable_through ?? undefined, "durable_through");
  return record;
}

const ARRIVED = Date.parse("2026-11-24T08:00:00Z");
const LATER = ARRIVED + 73 * HOUR;

test("a received record goes, with its photo bytes, once a backup holds it and 72 hours have passed", async () => {
  await received("2026-11-24T09:00:00Z");

  assert.equal(await sweep(LATER), 1);
  for (const name of ["outbox", "photos", "bytes"]) assert.deepEqual(await rows(name), []);
});

for (const [name, durable, now] of [
  ["before 72 hours have passed", "2026-11-24T09:00:00Z", ARRIVED + 71 * HOUR],
  ["while no backup is known", null, LATER],
  ["while the newest backup is older than it", "2026-11-24T07:59:59Z", LATER],
  ["while the time of the backup has not come", "2027-01-01T00:00:00Z", LATER],
]) {
  test(`a received record stays ${name}`, async () => {
    await received(durable);

    assert.equal(await sweep(now), 0);
    assert.deepEqual([(await rows("outbox")).length, (await rows("bytes")).length], [1, 1]);
  });
}

for (const state of ["waiting", "sending", "unusable"]) {
  test(`a record stays while a photo of it is ${state}`, async () => {
    const record = await received("2026-11-24T09:00:00Z");
    await put("photos", { ...(await get("photos", record.photos[0])), state });

    assert.equal(await sweep(LATER), 0);
  });
}

test("a photo that came after the backup keeps its record", async () => {
  const record = await received("2026-11-24T09:00:00Z");
  await put("photos", { ...(await get("photos", record.photos[0])), stored_at: "2026-11-24T10:00:00Z" });

  assert.equal(await sweep(LATER), 0);
});

for (const state of ["waiting", "quarantined", "conflict"]) {
  test(`a record that is ${state} is never cleared`, async () => {
    const record = await received("2026-11-24T09:00:00Z");
    await put("outbox", { ...(await get("outbox", record.id)), state });

    assert.equal(await sweep(LATER + 10_000 * HOUR), 0);
  });
}

test("a later receipt tells of the backup, and the sender clears by the server's clock", async () => {
  const old = await aRecord();
  await drain("now");
  server.now = "2026-11-28T08:00:00Z";
  server.durable_through = "2026-11-28T03:00:00Z";
  const fresh = await aRecord();

  await drain("now");

  assert.equal(await get("outbox", old.id), undefined);
  assert.equal((await get("outbox", fresh.id)).state, "accepted");
});

test("a phone that has nothing to send hears of the backup too, and clears", async () => {
  const old = await aRecord({ pictures: 1 });
  await drain("now");
  server.now = "2026-11-28T08:00:00Z";
  server.durable_through = "2026-11-28T03:00:00Z";

  assert.equal((await reconcile()).all_in, true);

  assert.equal(await get("outbox", old.id), undefined);
  assert.deepEqual(await rows("bytes"), []);
});

test("what a comparison finds missing is not cleared by it", async () => {
  const old = await aRecord();
  await drain("now");
  server.now = "2026-11-28T08:00:00Z";
  server.durable_through = "2026-11-28T03:00:00Z";
  server.events.clear();

  assert.equal((await reconcile()).missing, 1);

  assert.equal((await get("outbox", old.id)).state, "waiting");
});

test("a comparison that tells of no backup, or of one at no time, changes nothing of what is known", async () => {
  const old = await aRecord();
  await drain("now");
  await setMeta({ durable_through: "2026-11-28T03:00:00Z" });
  server.now = "2026-11-24T09:00:00Z";
  for (const told of [null, undefined, "soon", "2026-11-27T03:00:00Z"]) {
    server.durable_through = told;
    await reconcile();
  }

  assert.equal(await meta("durable_through"), "2026-11-28T03:00:00Z");
  assert.equal((await get("outbox", old.id)).state, "accepted");
});

test("a kill in the middle of clearing leaves the record whole", async (context) => {
  await received("2026-11-24T09:00:00Z");
  const real = IDBObjectStore.prototype.delete;
  let count = 0;
  context.mock.method(IDBObjectStore.prototype, "delete", function remove(key) {
    if (++count === 3) throw new DOMException("killed", "AbortError");
    return real.call(this, key);
  });

  await assert.rejects(sweep(LATER));

  for (const name of ["outbox", "photos", "bytes"]) assert.equal((await rows(name)).length, 1);
});

for (const [what, spoil] of [
  ["lost", (id) => withdraw("bytes", id)],
  ["damaged", (id) => put("bytes", new Uint8Array([1, 2, 3]).buffer, id)],
]) {
  test(`a photo that the browser has ${what} is not all in, and the desk hears of it`, async () => {
    const record = await aRecord({ pictures: 1 });
    await spoil(record.photos[0]);
    await drain("now");

    const { all_in, missing, lost } = await reconcile();

    assert.deepEqual([all_in, missing, lost], [false, 0, 1]);
    assert.deepEqual(
      [server.held.state.photos_lost, server.held.state.photos_unsent, server.held.state.unsent],
      [1, 0, 0],
    );
    assert.equal((await get("photos", record.photos[0])).state, "unusable");
  });
}

test("a photo that the server takes in no form is not all in, and the desk hears of it", async () => {
  const record = await aRecord({ pictures: 1 });
  server.faults.announce = () => problem(413, "too-large");
  await drain("now");

  const { all_in, missing, lost } = await reconcile();

  assert.equal((await get("photos", record.photos[0])).state, "unusable");
  assert.deepEqual([all_in, missing, lost], [false, 0, 1]);
  const { photos_refused, photos_unsent, photos_lost } = server.held.state;
  assert.deepEqual([photos_refused, photos_unsent, photos_lost], [1, 0, 0]);
});

test("a photo that was lost here after it had arrived is all in", async () => {
  const record = await aRecord({ pictures: 1 });
  await drain("now");
  await put("photos", {
    ...(await get("photos", record.photos[0])),
    state: "unusable",
    problem: "bytes-missing",
  });

  assert.equal((await reconcile()).all_in, true);
});

test("a photo that the server had set aside and judged good since gets its receipt", async () => {
  const record = await aRecord({ pictures: 1 });
  const unusable = () => problem(422, "photo-unusable", {}, { reason: "too_slow" });
  server.faults["after:announce"] = unusable; // it took the photo, and could not use it then
  await drain("now");
  assert.equal((await get("photos", record.photos[0])).state, "unusable");
  server.faults = {};

  await reconcile();
  await drain("now");

  const photo = await get("photos", record.photos[0]);
  assert.deepEqual([photo.state, Boolean(photo.receipt)], ["stored", true]);
});
