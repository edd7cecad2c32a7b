// The text lane: what an answer must be before a record counts as received, and what every other answer leaves behind.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { nextAttemptAt, sending } from "../../../static/js/offline/backoff.js";
import { setMeta } from "../../../static/js/offline/db.js";
import { drain } from "../../../static/js/offline/drain.js";
import { aPhone, aRecord, get, NEXT_EPOCH, put, rows, SECOND, theOutbox, withNavigator } from "./phone.js";
import { json, lost, portal, problem, Server } from "./server.js";

/** @type {Server} */
let server;

beforeEach(async () => {
  await aPhone();
  server = new Server().start();
});

const states = async () => (await rows("outbox")).map(({ state }) => state);

test("a finished visit is sent and shows its receipt", async () => {
  const record = await aRecord();

  const result = await drain("finish");

  assert.deepEqual(result, { sent: 1, photos: 0, next_attempt_at: null, problem: null });
  const kept = await get("outbox", record.id);
  assert.equal(kept.state, "accepted");
  assert.equal(kept.receipt.number, "ABCD2345");
  assert.equal(kept.answered_at, server.now);
  assert.equal(server.events.get(record.id).body, record.body);
});

test("a record sent twice keeps one receipt and is no error", async () => {
  const record = await aRecord();
  await drain("finish");
  await put("outbox", { ...(await get("outbox", record.id)), state: "waiting", receipt: null });

  await drain("now");

  assert.equal((await get("outbox", record.id)).state, "accepted");
  assert.equal(server.events.size, 1);
});

test("when the reply is lost after the commit the record stays waiting and the next attempt is a duplicate", async () => {
  await aRecord();
  server.faults["after:batch"] = lost;

  const failed = await drain("finish");

  assert.equal(failed.problem, "offline");
  assert.deepEqual(await states(), ["waiting"]);
  assert.equal(server.events.size, 1);
  server.faults = {};
  assert.equal((await drain("timer")).problem, null);
  assert.deepEqual(await states(), ["accepted"]);
  assert.equal(server.events.size, 1);
});

test("a captive portal that answers the probe with 200 and HTML changes nothing", async () => {
  await aRecord();
  const before = await rows("outbox");
  server.faults.probe = portal;

  const result = await drain("now");

  assert.equal(result.problem, "portal");
  assert.deepEqual(await rows("outbox"), before);
  assert.equal(server.batches.length, 0);
});

test("a captive portal that begins after the probe deletes nothing and accepts nothing", async () => {
  await aRecord();
  server.faults.batch = portal;

  assert.equal((await drain("now")).problem, "portal");
  assert.deepEqual(await states(), ["waiting"]);
});

test("a probe that names no epoch is not our server", async () => {
  await aRecord();
  server.faults.probe = () => json({ doorstep: "welcome" });

  assert.equal((await drain("now")).problem, "portal");
  assert.equal(server.batches.length, 0);
});

for (const [name, body] of Object.entries({
  "no results": { epoch: "e", now: "2026-11-24T08:00:00Z" },
  "results that are no list": { epoch: "e", now: "2026-11-24T08:00:00Z", results: {} },
  "a list": [],
  nothing: null,
})) {
  test(`an answer with ${name} means that nothing happened`, async () => {
    await aRecord();
    server.faults.batch = () => json(body);

    assert.equal((await drain("now")).problem, "portal");
    assert.deepEqual(await states(), ["waiting"]);
  });
}

test("an answer with another status than 200 is no receipt, whatever it says", async () => {
  await aRecord();
  server.faults["after:batch"] = async (_request, answer) => json(await answer.json(), 203);

  assert.equal((await drain("now")).problem, "portal");
  assert.deepEqual(await states(), ["waiting"]);
});

test("an event without a result stays waiting while the others are settled", async () => {
  const [first, second] = [await aRecord(), await aRecord()];
  const judge = server.judge.bind(server);
  server.judge = (event) => (event.id === first.id ? null : judge(event));

  const result = await drain("now");

  assert.equal(result.problem, "refused");
  assert.ok(result.next_attempt_at > Date.now());
  assert.equal((await get("outbox", first.id)).state, "waiting");
  assert.equal((await get("outbox", second.id)).state, "accepted");
  assert.equal(server.batches.length, 1);
});

test("an acceptance without a receipt is none", async () => {
  await aRecord();
  server.judge = ({ id }) => ({ id, result: "accepted", problems: [] });

  await drain("now");

  assert.deepEqual(await states(), ["waiting"]);
});

test("a result for a record that was not asked about is ignored", async () => {
  const accepted = await aRecord();
  const answer = (id) => ({ id, result: "gone", problems: [] });
  await drain("now");
  const waiting = await aRecord();
  server.judge = () => answer(accepted.id);

  await drain("now");

  assert.equal((await get("outbox", accepted.id)).state, "accepted");
  assert.equal((await get("outbox", waiting.id)).state, "waiting");
});

test("results are matched by id, in whatever order they come", async () => {
  const [first, second] = [await aRecord(), await aRecord()];
  server.faults.batch = () =>
    json({
      epoch: server.epoch,
      now: server.now,
      results: [
        { id: second.id, result: "quarantined", problems: [{ code: "place", detail: "x" }] },
        { id: first.id, result: "accepted", receipt: server.receipt(), problems: [] },
      ],
    });

  await drain("now");

  assert.equal((await get("outbox", first.id)).state, "accepted");
  assert.deepEqual((await get("outbox", second.id)).problems, [{ code: "place", detail: "x" }]);
  assert.equal((await get("outbox", second.id)).state, "quarantined");
});

test("a conflict is shown and not sent again", async () => {
  const record = await aRecord();
  server.judge = ({ id }) => ({ id, result: "conflict", problems: [{ code: "conflict" }] });

  await drain("now");
  await drain("now");

  assert.equal((await get("outbox", record.id)).state, "conflict");
  assert.equal(server.batches.length, 1);
});

test("a record that was erased at the desk is forgotten with its photos", async () => {
  await aRecord({ pictures: 1 });
  server.judge = ({ id }) => ({ id, result: "gone", problems: [] });

  await drain("now");

  for (const name of ["outbox", "photos", "bytes"]) assert.deepEqual(await rows(name), []);
});

test("records go in the order of their numbers, at most fifty in a batch", async () => {
  for (let count = 0; count < 53; count++) await aRecord();

  await drain("now");

  assert.deepEqual(
    server.batches.map(({ events }) => events.length),
    [50, 3],
  );
  const order = server.batches.flatMap(({ events }) => events.map(({ seq }) => seq));
  assert.deepEqual(
    order,
    Array.from({ length: 53 }, (_, index) => index + 1),
  );
});

test("a batch never grows over 256 KiB", async () => {
  for (let count = 0; count < 12; count++) {
    const record = await aRecord();
    const body = JSON.stringify({ note: "里".repeat(15_000) });
    await put("outbox", { ...record, body });
  }

  await drain("now");

  assert.equal(server.batches.flatMap(({ events }) => events).length, 12);
  for (const batch of server.batches) assert.ok(Buffer.byteLength(JSON.stringify(batch)) <= 256 * 1024);
});

test("401 pauses the sender, keeps everything, and asks for nothing by itself", async () => {
  await aRecord({ pictures: 1 });
  server.faults.batch = () => problem(401, "device-unknown");
  server.faults.enrolment = () => problem(401, "sign-in-needed");

  const result = await drain("now");

  assert.equal(result.problem, "enrol");
  assert.equal(result.next_attempt_at, null);
  assert.deepEqual(await states(), ["waiting"]);
  const asked = server.asked.length;
  assert.equal((await drain("timer")).problem, "enrol");
  assert.equal((await drain("sync")).problem, "enrol");
  assert.equal(server.asked.length, asked);
});

test("a 401 without our words is not ours: sending goes on by itself when the portal has gone", async () => {
  await aRecord();
  server.faults.probe = () => new Response("<html>Sign in</html>", { status: 401 });
  server.faults.enrolment = () => problem(401, "sign-in-needed");
  assert.equal((await drain("finish")).problem, "portal");
  delete server.faults.probe;

  const result = await drain("timer");

  assert.equal(result.problem, null);
  assert.deepEqual(await states(), ["accepted"]);
});

test("a phone that the server takes again sends when somebody asks for it, also without a sign-in", async () => {
  await aRecord();
  server.faults.batch = () => problem(401, "device-unknown");
  server.faults.enrolment = () => problem(401, "sign-in-needed");
  await drain("now");
  delete server.faults.batch;

  assert.equal((await drain("timer")).problem, "enrol");
  assert.equal((await drain("now")).problem, null);
  assert.deepEqual(await states(), ["accepted"]);
});

test("somebody else's wish to be left alone for an hour is granted for a minute", async () => {
  await aRecord();
  server.faults.probe = () => new Response("<html>", { status: 503, headers: { "Retry-After": "3600" } });

  const { next_attempt_at: at } = await drain("now");

  assert.ok(at - Date.now() <= 60_000);
});

test("after somebody has signed in again the phone enrols itself and goes on", async () => {
  await aRecord();
  let known = false;
  server.faults.batch = () => (known ? null : problem(401, "device-unknown"));
  server.faults.enrolment = () => (known ? null : problem(401, "sign-in-needed"));
  await drain("now");
  known = true;

  const result = await drain("start");

  assert.equal(result.problem, null);
  assert.deepEqual(await states(), ["accepted"]);
});

test("413 halves the batch until it fits", async () => {
  for (let count = 0; count < 10; count++) await aRecord();
  let largest = 0;
  server.faults["after:batch"] = () => {
    const { events } = server.batches.at(-1);
    if (events.length > 3) {
      for (const { id } of events) server.events.delete(id);
      return problem(413, "too-large");
    }
    largest = Math.max(largest, events.length);
    return null;
  };

  assert.equal((await drain("now")).problem, null);
  assert.equal(server.events.size, 10);
  assert.ok(largest <= 3);
});

test("one record that is too large, or breaks the server, stays waiting and holds up nobody", async () => {
  const bad = await aRecord();
  for (let count = 0; count < 5; count++) await aRecord({ pictures: 1 });
  server.faults["after:batch"] = () =>
    server.batches.at(-1).events.some(({ id }) => id === bad.id) ? problem(500, "unexpected") : null;

  const result = await drain("now");

  assert.equal(result.problem, "refused");
  assert.equal((await get("outbox", bad.id)).state, "waiting");
  assert.equal((await states()).filter((state) => state === "accepted").length, 5);
  assert.equal(result.photos, 5);
});

test("a server that refuses everything is left alone after a few tries", async () => {
  for (let count = 0; count < 50; count++) await aRecord();
  server.faults.batch = () => problem(500, "unexpected");

  const result = await drain("now");

  assert.equal(result.problem, "busy");
  assert.ok(server.asked.length < 20, String(server.asked.length));
  assert.deepEqual(new Set(await states()), new Set(["waiting"]));
});

for (const [status, code] of [
  [429, "too-many-requests"],
  [503, "busy"],
]) {
  test(`${status} obeys Retry-After, whoever asks meanwhile`, async () => {
    await aRecord();
    server.faults.batch = () => problem(status, code, { "Retry-After": "120" });

    const result = await drain("now");

    assert.equal(result.problem, "busy");
    assert.ok(result.next_attempt_at - Date.now() > 119_000);
    const asked = server.asked.length;
    server.faults = {};
    for (const reason of ["now", "online", "timer"]) assert.equal((await drain(reason)).problem, "busy");
    assert.equal(server.asked.length, asked);
    await setMeta({ sending: { ...(await sending()), not_before: Date.now() - 1 } });
    assert.equal((await drain("timer")).problem, null);
  });
}

test("507 is said as full, and tried again later", async () => {
  await aRecord({ pictures: 1 });
  server.faults.batch = () => problem(507, "storage-full");

  const result = await drain("now");

  assert.equal(result.problem, "full");
  assert.ok(result.next_attempt_at > Date.now());
  assert.deepEqual(await states(), ["waiting"]);
});

test("failures in a row pause longer, and a success ends them", async () => {
  await aRecord();
  server.faults.probe = lost;
  for (let count = 0; count < 3; count++) await drain("now");
  assert.equal((await sending()).failures, 3);
  server.faults = {};

  await drain("now");

  assert.equal((await sending()).failures, 0);
  assert.equal(await nextAttemptAt(), null);
});

test("an answer that never comes ends by its own time limit", async (context) => {
  await aRecord();
  context.mock.method(AbortSignal, "timeout", () => AbortSignal.abort());
  globalThis.fetch = (_path, { signal }) =>
    new Promise((_resolve, reject) => (signal.aborted ? reject(signal.reason) : undefined));

  assert.equal((await drain("now")).problem, "offline");
  assert.deepEqual(await states(), ["waiting"]);
});

test("a network that comes back while a run is failing is tried as soon as that run has ended", async () => {
  await aRecord();
  let fail;
  server.faults.probe = () => {
    server.faults = {};
    return new Promise((_done, reject) => {
      fail = () => reject(new TypeError("Failed to fetch"));
    });
  };
  const failing = drain("timer");
  while (!fail) await new Promise(setImmediate);

  const told = await drain("online");
  await drain("visible");
  fail();

  assert.equal((await failing).problem, "offline");
  assert.deepEqual([told.sent, told.problem], [0, null]);
  while ((await states())[0] !== "accepted") await new Promise(setImmediate);
  assert.equal(server.batches.length, 1);
});

test("a network that has come and is not there yet is tried again soon, however often it failed before", async () => {
  await aRecord();
  server.faults.probe = lost;
  for (let count = 0; count < 12; count++) await drain("timer");
  assert.equal((await sending()).failures, 12);

  await drain("online");

  const { failures, next_attempt_at } = await sending();
  assert.equal(failures, 1);
  assert.ok(next_attempt_at <= Date.now() + 2000);
});

test("two drains at once make one sender", async () => {
  await aRecord();

  const results = await Promise.all([drain("finish"), drain("online"), drain("visible")]);

  assert.equal(server.batches.length, 1);
  assert.deepEqual(results.map(({ sent }) => sent).sort(), [0, 0, 1]);
});

test("with Web Locks a sender in another tab keeps this one still", async (context) => {
  await aRecord();
  const request = async (_name, options, work) => {
    assert.equal(options.ifAvailable, true);
    return work(null);
  };
  withNavigator(context, { locks: { request } });

  const result = await drain("now");

  assert.deepEqual([result.sent, result.problem], [0, null]);
  assert.deepEqual(server.asked, []);
});

test("a visit finished while another is being sent is sent by the same run", async () => {
  await aRecord();
  let second;
  server.faults["after:batch"] = async () => {
    second ??= aRecord();
    await second;
    return null;
  };

  await drain("finish");

  assert.deepEqual(await states(), ["accepted", "accepted"]);
});

test("what was finished after the last look is due at once", async () => {
  await aRecord();
  await drain("now");
  await aRecord();

  const at = await nextAttemptAt();
  assert.ok(at !== null && at <= Date.now());
});

test("another epoch makes everything wait again, and it is sent in the same run", async () => {
  const old = await aRecord({ pictures: 1 });
  await drain("now");
  server.epoch = NEXT_EPOCH;
  server.events.clear();
  server.photos.clear();
  await aRecord();

  const result = await drain("now");

  assert.equal(result.problem, null);
  assert.ok(server.events.has(old.id));
  assert.equal(server.photos.size, 1);
  assert.equal(await get("meta", "epoch"), NEXT_EPOCH);
});

for (const state of ["quarantined", "conflict"]) {
  test(`another epoch offers again also what was ${state}: the desk that had it is gone`, async () => {
    const record = await aRecord();
    await put("outbox", { ...record, state, problems: [{ code: "place" }] });
    server.epoch = NEXT_EPOCH;
    await aRecord();

    await drain("now");

    assert.ok(server.events.has(record.id));
    const { state: now, problems } = await get("outbox", record.id);
    assert.deepEqual([now, problems], ["accepted", []]);
  });
}

test("the author of a record is whoever was signed in when it was recorded", async () => {
  const first = await aRecord();
  await setMeta({ user: SECOND });
  const second = await aRecord();

  await drain("now");

  const authors = Object.fromEntries(server.batches[0].events.map(({ id, author }) => [id, author]));
  assert.equal(authors[first.id], first.author);
  assert.equal(authors[second.id], SECOND.id);
  assert.deepEqual(
    (await theOutbox()).map(({ id }) => id),
    [second.id],
    "nobody reads somebody else's records",
  );
});

test("bodies are packed only where the browser can", async (context) => {
  for (let count = 0; count < 5; count++) await aRecord();
  const packed = [];
  server.faults.batch = ({ headers }) => void packed.push(headers.get("Content-Encoding"));
  await drain("now");
  for (let count = 0; count < 5; count++) await aRecord();
  const { CompressionStream } = globalThis;
  context.after(() => Object.assign(globalThis, { CompressionStream }));
  delete globalThis.CompressionStream;
  await drain("now");

  assert.deepEqual(packed, ["gzip", null]);
  assert.equal(server.events.size, 10);
});

test("nothing to send asks nothing of the network", async () => {
  assert.deepEqual(await drain("start"), { sent: 0, photos: 0, next_attempt_at: null, problem: null });
  assert.deepEqual(server.asked, []);
});

test("every request has a time limit, and slow links get time for large batches", async (context) => {
  for (let count = 0; count < 50; count++) await aRecord({ pictures: count ? 0 : 1, bytes: 3_000_000 });
  const { CompressionStream } = globalThis;
  context.after(() => Object.assign(globalThis, { CompressionStream }));
  delete globalThis.CompressionStream;
  const limits = context.mock.method(AbortSignal, "timeout");

  await drain("now");

  const [probe, batch, announce, piece] = limits.mock.calls.map(({ arguments: [ms] }) => ms);
  assert.equal(limits.mock.callCount(), server.asked.length);
  assert.ok(probe <= 10_000 && announce <= 60_000 && piece <= 60_000);
  assert.ok(batch > 30_000 && batch < 180_000, String(batch));
});

test("a kill at any step of sending loses nothing and stores nothing twice", async (context) => {
  const real = IDBObjectStore.prototype.put;
  for (let number = 1; ; number++) {
    await aPhone();
    server = new Server().start();
    const record = await aRecord({ pictures: 1 });
    let writes = 0;
    context.mock.method(IDBObjectStore.prototype, "put", function write(...all) {
      if (++writes >= number) throw new DOMException("killed", "AbortError");
      return real.apply(this, all);
    });
    const done = await drain("now").then(
      () => true,
      () => false,
    );
    context.mock.restoreAll();

    const [kept] = await rows("outbox");
    assert.deepEqual(
      [kept.body, (await rows("photos")).length, (await rows("bytes")).length],
      [record.body, 1, 1],
    );
    if (kept.state === "accepted") assert.equal(kept.receipt.number, "ABCD2345");
    if (done) break;
    assert.equal((await drain("start")).problem, null, `after a kill at write ${number}`);
    assert.deepEqual([server.events.size, server.photos.size], [1, 1]);
    assert.deepEqual(
      [(await rows("outbox"))[0].state, (await rows("photos"))[0].state],
      ["accepted", "stored"],
    );
  }
});
