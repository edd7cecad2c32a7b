// How far each record has come, kept in memory: read once, then only what was named.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { notify, onChange } from "../../../static/js/offline/changes.js";
import { setMeta } from "../../../static/js/offline/db.js";
import { drain } from "../../../static/js/offline/drain.js";
import { adoptEpoch } from "../../../static/js/offline/epoch.js";
import { uuid7 } from "../../../static/js/offline/ids.js";
import { newest, standings, unsentOf, withPhotos } from "../../../static/js/offline/standing.js";
import { aPhone, aRecord, get, NEXT_EPOCH, put, withKeys } from "./phone.js";
import { json, Server } from "./server.js";

const MANY = 450;
const GONE = { result: "gone" };
let server;

beforeEach(async () => {
  await aPhone();
  server = new Server().start();
});

/** So many visits with three photos each, which wait. */
async function waiting(count) {
  const first = await aRecord({ pictures: 3 });
  const photos = await withPhotos((await standings()).slice(-1)).then(([one]) => one.photos);
  const record = await get("outbox", first.id);
  for (let n = 1; n < count; n++) {
    const ids = [uuid7(), uuid7(), uuid7()];
    await put("outbox", { ...record, id: uuid7(), visit: uuid7(), seq: record.seq + n, photos: ids });
    for (const [at, id] of ids.entries()) await put("photos", { ...photos[at], id });
  }
  notify("outbox");
  return first;
}

/** How many rows the stores give while `work` runs. */
async function rowsRead(context, work) {
  let count = 0;
  for (const owner of [IDBObjectStore.prototype, IDBIndex.prototype]) {
    for (const name of ["get", "getAll"]) {
      const real = owner[name];
      context.mock.method(owner, name, function read(...rest) {
        const request = real.apply(this, rest);
        request.addEventListener("success", () => {
          count += Array.isArray(request.result) ? request.result.length : 1;
        });
        return request;
      });
    }
  }
  await work();
  context.mock.restoreAll();
  return count;
}

const counts = async () => unsentOf(await standings());

test("all that waits is counted, portion by portion", async () => {
  await waiting(MANY);

  assert.deepEqual(await counts(), { records: MANY, photos: 3 * MANY });
});

test("a look at the outbox reads a handful of rows, however much waits, and so does a change", async (context) => {
  const first = await waiting(MANY);
  await counts();

  const look = await rowsRead(context, counts);
  await put("outbox", { ...(await get("outbox", first.id)), state: "accepted" });
  await put("photos", { ...(await get("photos", first.photos[0])), state: "stored" });
  notify("outbox", { records: [first.id], photos: [first.photos[0]] });
  const change = await rowsRead(context, counts);

  assert.ok(look <= 3, `${look} rows`);
  assert.ok(change <= 6, `${change} rows`);
  assert.deepEqual(await counts(), { records: MANY, photos: 3 * MANY - 1 });
});

test("what was made of a thousand records is made again only when something is new", async () => {
  const { id, photos } = await waiting(3);
  const reviews = new Map();
  const look = async () => {
    const records = await standings();
    return [records, await unsentOf(records), await newest(records, 2, reviews)];
  };
  const isSame = (one, other) => one.map((part, at) => part === other[at]);
  const before = await look();
  assert.deepEqual(isSame(before, await look()), [true, true, true]);

  await put("photos", { ...(await get("photos", photos[0])), state: "stored" });
  notify("outbox", { photos: [photos[0]] });
  const afterPhoto = await look();
  assert.deepEqual(isSame(before, afterPhoto), [true, false, false]);
  assert.equal(afterPhoto[1].photos, 8);

  await put("outbox", { ...(await get("outbox", id)), state: "accepted" });
  notify("outbox", { records: [id] });
  assert.deepEqual(isSame(afterPhoto, await look()), [false, false, false]);
  const [records] = await look();
  assert.equal((await newest(records, 3, reviews)).length, 3);
  const { visit, revision } = records[0];
  const approved = new Map([[visit, { revision, state: "approved" }]]);
  assert.equal((await newest(records, 3, approved)).at(-1).review.state, "approved");
  await setMeta({ user: { id: "somebody else" } });
  assert.deepEqual(await standings(), []);
});

test("what is sent, finished, offered again or erased is known at once", async () => {
  const [first, second] = [await aRecord({ pictures: 2 }), await aRecord()];
  assert.deepEqual(await counts(), { records: 2, photos: 2 });
  server.faults.announce = () => json({ code: "unavailable" }, 503);
  await drain("now");
  const states = async () => (await standings()).map(({ id, state }) => [id, state]);
  assert.deepEqual(await states(), [
    [first.id, "accepted"],
    [second.id, "accepted"],
  ]);
  assert.deepEqual(await counts(), { records: 1, photos: 2 });

  delete server.faults.announce;
  await drain("now");
  assert.deepEqual(await counts(), { records: 0, photos: 0 });

  await adoptEpoch(NEXT_EPOCH);
  assert.deepEqual(await counts(), { records: 2, photos: 2 });

  const third = await aRecord();
  server.faults["after:batch"] = async (_request, answer) => {
    const said = await answer.json();
    return json({
      ...said,
      results: said.results.map(({ id, ...one }) => ({ id, ...(id === first.id ? GONE : one) })),
    });
  };
  await drain("now");
  assert.deepEqual(
    (await states()).map(([id]) => id),
    [second.id, third.id],
  );
  assert.deepEqual((await withKeys("outbox")).sort(), [second.id, third.id]);
});

test("another tab of an older release says only that something changed, and all is read again", async () => {
  const record = await aRecord();
  await counts();
  await put("outbox", { ...(await get("outbox", record.id)), state: "accepted" });
  const other = new BroadcastChannel("doorstep");
  const told = new Promise((done) => onChange(done));

  other.postMessage("outbox");
  await told;

  assert.deepEqual(await counts(), { records: 0, photos: 0 });
  other.close();
});

test("a record of the first releases has its outcome in its body only", async () => {
  const { id } = await aRecord();
  const { outcome, ...record } = await get("outbox", id);
  assert.equal(outcome, "done");
  await put("outbox", record);
  notify("outbox", { records: [id] });

  assert.equal((await standings())[0].outcome, "done");
});
