// What stands in the way of the rest: a record, a preview or a photo that never goes, a weak link, a phone without room.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { nextAttemptAt, sending } from "../../../static/js/offline/backoff.js";
import { drain } from "../../../static/js/offline/drain.js";
import { aPhone, aRecord, get, rows } from "./phone.js";
import { lost, problem, Server } from "./server.js";

let server;

beforeEach(async () => {
  await aPhone();
  server = new Server().start();
});

const strangers = (status) => () => new Response("<html>", { status });

/** Whether a batch carries one of some records. */
function carries(request, ids) {
  const packed = request.headers.get("Content-Encoding") === "gzip";
  const { events } = JSON.parse(packed ? gunzipSync(request.body) : request.body);
  return events.some(({ id }) => ids.includes(id));
}

/** Batches with some records are answered otherwise. */
function spoil(ids, answer) {
  server.faults.batch = (request) => (carries(request, ids) ? answer() : undefined);
}

async function drained(times) {
  for (let count = 0; count < times; count += 1) await drain("now");
}

async function states() {
  return (await rows("outbox")).map(({ state }) => state);
}

for (const [what, answer] of [
  ["ends in a proxy's 502", strangers(502)],
  ["a firewall forbids", strangers(403)],
  ["breaks the connection", lost],
]) {
  test(`a record that always ${what} holds up no other, and no photo`, async () => {
    const bad = await aRecord();
    for (let count = 0; count < 3; count += 1) await aRecord({ pictures: 1 });
    spoil([bad.id], answer);

    await drained(6);

    assert.deepEqual((await states()).sort(), ["accepted", "accepted", "accepted", "waiting"]);
    assert.equal(server.photos.size, 3);
    server.faults = {};
    await drained(1);
    assert.equal((await get("outbox", bad.id)).state, "accepted");
  });
}

test("five records in a row that the server cannot take hold up nothing behind them for good", async () => {
  const bad = [];
  for (let count = 0; count < 5; count += 1) bad.push((await aRecord()).id);
  const good = await aRecord({ pictures: 1 });
  spoil(bad, () => problem(500, "unexpected"));

  await drained(4);

  assert.equal((await get("outbox", good.id)).state, "accepted");
  assert.equal(server.photos.size, 1);
});

test("on a link that breaks batches become smaller until they go through", async () => {
  for (let count = 0; count < 50; count += 1) await aRecord();
  const sizes = [];
  server.faults.batch = ({ body }) => {
    sizes.push(body.length);
    return body.length > 3000 ? lost() : undefined;
  };

  await drained(4);

  assert.ok((await states()).includes("accepted"), sizes.join());
  assert.ok(sizes[1] < sizes[0]);
});

test("a network that is gone between two records makes neither wait for the other", async () => {
  const [first, second] = [await aRecord(), await aRecord()];
  server.faults.batch = lost;
  await drained(8);
  server.faults = {};

  await drained(1);

  assert.deepEqual(
    server.batches.flatMap(({ events }) => events.map(({ id }) => id)).sort(),
    [first.id, second.id].sort(),
  );
  assert.deepEqual(await states(), ["accepted", "accepted"]);
});

test("a preview that never goes keeps no photo waiting, and is left to its photo in the end", async () => {
  const first = await aRecord({ pictures: 1, preview: 3000, bytes: 5000 });
  await aRecord({ pictures: 1, preview: 3000, bytes: 5000 });
  const marks = [btoa("preview"), btoa(first.photos[0])];
  const spoilt = (text) => marks.every((mark) => text.includes(mark));
  server.faults.announce = ({ headers }) => (spoilt(headers.get("Upload-Metadata")) ? lost() : undefined);

  await drained(1);

  assert.deepEqual(
    (await rows("photos")).map(({ state }) => state),
    ["stored", "stored"],
  );
  await drained(3);
  assert.equal((await sending()).problem, null);
});

test("a phone without room sends all the same, says so, and does not ask every second", async (context) => {
  const [first, second] = [await aRecord({ pictures: 1 }), await aRecord()];
  const real = IDBObjectStore.prototype.put;
  let full = true;
  context.mock.method(IDBObjectStore.prototype, "put", function (...facts) {
    if (full) throw new DOMException("full", "QuotaExceededError");
    return real.apply(this, facts);
  });

  const result = await drain("now");

  assert.equal(result.problem, "storage");
  assert.deepEqual([...server.events.keys()].sort(), [first.id, second.id].sort());
  assert.equal(server.photos.size, 1);
  assert.ok((await nextAttemptAt()) - Date.now() > 400);
  full = false;
  await drain("now");
  assert.deepEqual(await states(), ["accepted", "accepted"]);
  assert.equal((await get("photos", first.photos[0])).state, "stored");
  assert.equal((await sending()).problem, null);
});

test("pictures that can be fetched again make way for what was answered", async (context) => {
  const record = await aRecord();
  const real = IDBObjectStore.prototype.put;
  let room = false;
  context.mock.method(IDBObjectStore.prototype, "clear", function () {
    room ||= this.name === "pictures";
    return this.count();
  });
  context.mock.method(IDBObjectStore.prototype, "put", function (...facts) {
    if (!room && this.name === "outbox") throw new DOMException("full", "QuotaExceededError");
    return real.apply(this, facts);
  });

  const result = await drain("now");

  assert.equal(result.problem, null);
  assert.equal((await get("outbox", record.id)).state, "accepted");
});

test("a half-sent photo of a phone that is not known any more asks for its enrolment: HEAD has no body", async () => {
  const record = await aRecord({ pictures: 1, bytes: 2_500_000 });
  let pieces = 0;
  server.faults.piece = () => (++pieces > 1 ? lost() : undefined);
  await drain("finish");
  const unknown = { "Doorstep-Problem": "device-unknown" };
  const known = () => server.enrolments.length > 0;
  server.faults = {
    ask: () => (known() ? undefined : new Response(null, { status: 401, headers: unknown })),
  };

  await drain("visible");

  assert.equal(server.enrolments.length, 1);
  assert.equal((await get("photos", record.photos[0])).state, "stored");
});

test("a proxy's 429 is no network that asks for a sign-in", async () => {
  await aRecord();
  server.faults.batch = strangers(429);

  assert.equal((await drain("now")).problem, "busy");
});
