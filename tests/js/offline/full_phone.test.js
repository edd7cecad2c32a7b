// A phone without room whose server was restored: it sends what waits, and lets nothing go that the server may have lost.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { meta, StorageFailure, setMeta } from "../../../static/js/offline/db.js";
import { drain } from "../../../static/js/offline/drain.js";
import { reconcile } from "../../../static/js/offline/reconcile.js";
import { aPhone, aRecord, EPOCH, get, NEXT_EPOCH, rows } from "./phone.js";
import { Server } from "./server.js";

/** @type {Server} */
let server;

beforeEach(async () => {
  await aPhone();
  server = new Server().start();
});

/** The store takes nothing that `refuses` says, until there is room again. */
function full(context, refuses = (_store, _facts) => true) {
  const real = IDBObjectStore.prototype.put;
  const disk = { full: true };
  context.mock.method(IDBObjectStore.prototype, "put", function (...facts) {
    if (disk.full && refuses(this, facts)) throw new DOMException("full", "QuotaExceededError");
    return real.apply(this, facts);
  });
  return disk;
}

const theEpoch = (store, [_value, key]) => store.name === "meta" && key === "epoch";
const sentIds = () => [...server.events.keys()].sort();

/** A record that the server had answered for, and the server without it, under another epoch. */
async function restored() {
  const old = await aRecord();
  await drain("now");
  server.events.clear();
  server.epoch = NEXT_EPOCH;
  return old;
}

test("what waits is sent also when the new epoch finds no room, and the rest once there is some", async (context) => {
  const old = await restored();
  const fresh = await aRecord({ pictures: 1 });
  const disk = full(context);

  const result = await drain("now");

  assert.equal(result.problem, "storage");
  assert.deepEqual([sentIds(), server.photos.size], [[fresh.id], 1]);
  assert.equal(await meta("epoch"), EPOCH);

  disk.full = false;
  assert.equal((await drain("now")).problem, null);
  assert.deepEqual(sentIds(), [old.id, fresh.id].sort());
  assert.equal(await meta("epoch"), NEXT_EPOCH);
  assert.deepEqual(
    (await rows("outbox")).map(({ state }) => state),
    ["accepted", "accepted"],
  );
});

test("until the new epoch is noted nothing is let go, whatever backup its receipts tell of", async (context) => {
  const old = await restored();
  server.now = "2026-11-28T08:00:00Z";
  server.durable_through = "2026-11-28T03:00:00Z";
  const fresh = await aRecord();
  const disk = full(context, theEpoch);

  assert.equal((await drain("now")).problem, "storage");

  assert.equal((await get("outbox", fresh.id)).state, "accepted");
  assert.equal((await get("outbox", old.id)).state, "accepted");
  assert.equal(await meta("durable_through"), undefined);

  disk.full = false;
  await aRecord();
  await drain("now");
  assert.ok(server.events.has(old.id));
});

test("a backup of before the restore lets nothing go either: an older one may be what was restored", async (context) => {
  const old = await restored();
  await setMeta({ durable_through: "2026-11-25T03:00:00Z" });
  server.now = "2026-11-28T08:00:00Z";
  await aRecord();
  full(context, theEpoch);

  await drain("now");

  assert.equal((await get("outbox", old.id)).state, "accepted");
});

test("nothing is called all in while the new epoch finds no room", async (context) => {
  await restored();
  full(context, theEpoch);

  await assert.rejects(reconcile(), StorageFailure);
});

test("a new epoch that finds room in the middle of a run is noted in it", async (context) => {
  const old = await restored();
  await aRecord();
  const disk = full(context, theEpoch);
  server.faults.batch = () => {
    disk.full = false;
  };

  await drain("now");

  assert.equal(await meta("epoch"), NEXT_EPOCH);
  assert.ok(server.events.has(old.id));
});
