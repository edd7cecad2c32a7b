// Finishing a visit: whole or not at all, in strict transactions, read back before it is called saved.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { meta, StorageFailure } from "../../../static/js/offline/db.js";
import { digestOf } from "../../../static/js/offline/digest.js";
import * as drafts from "../../../static/js/offline/drafts.js";
import * as outbox from "../../../static/js/offline/outbox.js";
import * as photos from "../../../static/js/offline/photos.js";
import { sweep } from "../../../static/js/offline/sweeping.js";
import {
  aDoor,
  aDraft,
  aPhone,
  aPicture,
  aRecord,
  DOOR,
  get,
  put,
  rows,
  SECOND,
  theOutbox,
  WORKER,
} from "./phone.js";

beforeEach(aPhone);

const FINDING = { id: "01900000-0000-7000-8000-00000000f001", item: "H09", action: "notice_left" };

async function aDraftWithPhotos() {
  const draft = await aDraft({ findings: [FINDING], consent: true });
  await photos.add(draft.id, FINDING.id, aPicture());
  await photos.add(draft.id, FINDING.id, aPicture());
  return drafts.read(draft.id);
}

test("a finished visit is in the outbox with its photos, and its draft is gone", async () => {
  const draft = await aDraftWithPhotos();

  const record = await outbox.finish(draft.id);

  assert.equal(await drafts.read(draft.id), undefined);
  assert.deepEqual(await rows("outbox"), [record]);
  assert.deepEqual(
    (await rows("photos")).map(({ state }) => state),
    ["waiting", "waiting"],
  );
  const body = JSON.parse(record.body);
  assert.deepEqual(
    [body.visit, body.revision, body.dwelling, body.base_revision, body.outcome, body.consent],
    [draft.id, 1, DOOR, 4, "done", true],
  );
  assert.deepEqual(body.findings[0].photos, record.photos);
  assert.deepEqual(Object.keys(body.photos[0]).sort(), ["digest", "id", "size", "taken_at", "type"]);
  assert.equal(record.digest, await digestOf(record.body));
  assert.equal(record.label, "9 Example Road 2-301");
});

test("numbers have no gap, also when visits are finished at once", async () => {
  const some = [];
  for (const outcome of ["no_answer", "refused", "vacant", "done"])
    some.push(await drafts.start(DOOR, { outcome }));

  await Promise.all(some.map(({ id }) => outbox.finish(id)));

  assert.deepEqual((await rows("outbox")).map(({ seq }) => seq).sort(), [1, 2, 3, 4]);
  assert.equal(await meta("seq"), 4);
});

test("finishing twice is the same as once", async () => {
  const { id } = await aDraft();

  const [first, second] = await Promise.all([outbox.finish(id), outbox.finish(id)]);
  const third = await outbox.finish(id);

  assert.deepEqual(new Set([first.id, second.id, third.id]).size, 1);
  assert.equal((await rows("outbox")).length, 1);
});

test("an entry that is saved while the visit is being finished is part of it", async () => {
  const draft = await aDraft();
  const finishing = outbox.finish(draft.id);
  const saving = drafts.save(draft.id, { body: { ...draft.body, note: "late" } });

  const [record] = await Promise.all([finishing, saving.catch(() => null)]);

  const saved = await saving.then(
    () => true,
    () => false,
  );
  assert.equal(JSON.parse(record.body).note, saved ? "late" : undefined);
});

test("a draft that never was cannot be finished", async () => {
  await assert.rejects(outbox.finish("01900000-0000-7000-8000-000000000000"), StorageFailure);
});

test("masked numbers of a returned visit are never sent back", async () => {
  const occupant = {
    action: "add",
    occupancy: "o",
    person: "p",
    name: "X",
    document: "6***8",
    phone_masked: "1***4",
  };
  const draft = await aDraft({ occupants: [occupant] });

  const { body } = await outbox.finish(draft.id);

  assert.deepEqual(JSON.parse(body).occupants, [{ action: "add", occupancy: "o", person: "p", name: "X" }]);
});

test("a photo of a finding that was taken out goes with it", async () => {
  const draft = await aDraftWithPhotos();
  await drafts.save(draft.id, { body: { ...draft.body, findings: [] } });

  const record = await outbox.finish(draft.id);

  assert.deepEqual([record.photos, await rows("photos"), await rows("bytes")], [[], [], []]);
});

/** Let the n-th write of the test fail as if the browser had been killed there. */
function killAt(context, number) {
  const state = { writes: 0 };
  for (const name of ["put", "delete"]) {
    const real = IDBObjectStore.prototype[name];
    context.mock.method(IDBObjectStore.prototype, name, function write(...all) {
      state.writes += 1;
      if (state.writes === number) throw new DOMException("killed", "AbortError");
      return real.apply(this, all);
    });
  }
  return state;
}

test("a kill at any step of finishing leaves the whole draft, or the whole record", async (context) => {
  for (let number = 1; ; number++) {
    await aPhone();
    const draft = await aDraftWithPhotos();
    const state = killAt(context, number);
    const record = await outbox.finish(draft.id).catch((error) => error);
    context.mock.restoreAll();

    const [open, sent, pictures, bytes] = await Promise.all(
      ["drafts", "outbox", "photos", "bytes"].map(rows),
    );
    assert.equal(bytes.length, 2);
    if (record instanceof Error) {
      assert.ok(record instanceof StorageFailure);
      assert.deepEqual([open, sent], [[draft], []], `at write ${number}`);
      assert.deepEqual(new Set(pictures.map((one) => one.state)), new Set(["draft"]));
      assert.equal(await meta("seq"), undefined);
    } else {
      assert.deepEqual([open, sent], [[], [record]]);
      assert.ok(number > 5 && state.writes < number);
      return;
    }
  }
});

test("what cannot be read back is not called saved, and the draft is there to try again", async (context) => {
  const draft = await aDraftWithPhotos();
  const real = IDBObjectStore.prototype.put;
  context.mock.method(IDBObjectStore.prototype, "put", function write(row, ...rest) {
    return real.call(this, this.name === "outbox" ? { ...row, body: `${row.body} ` } : row, ...rest);
  });

  await assert.rejects(outbox.finish(draft.id), StorageFailure);

  context.mock.restoreAll();
  assert.deepEqual(await rows("drafts"), [draft]);
  assert.deepEqual(await rows("outbox"), []);
  const record = await outbox.finish(draft.id);
  assert.equal(record.seq, 1);
});

test("what cannot be read back is there to try again also when another visit was finished meanwhile", async (context) => {
  const second = "01900000-0000-7000-8000-00000000c002";
  await put("doors", aDoor({ id: second, door: "302" }));
  const [draft, other] = [await aDraft({ note: "first" }), await aDraft({ note: "second" }, second)];
  const real = IDBObjectStore.prototype.put;
  context.mock.method(IDBObjectStore.prototype, "put", function write(row, ...rest) {
    const damaged = this.name === "outbox" && row.body.includes("first");
    return real.call(this, damaged ? { ...row, body: `${row.body} ` } : row, ...rest);
  });

  const [failed, kept] = await Promise.allSettled([outbox.finish(draft.id), outbox.finish(other.id)]);

  context.mock.restoreAll();
  assert.ok(failed.reason instanceof StorageFailure);
  assert.deepEqual(await rows("drafts"), [draft]);
  const record = await outbox.finish(draft.id);
  assert.notEqual(record.seq, kept.value.seq);
  assert.equal(record.digest, await digestOf((await get("outbox", record.id)).body));
});

test("a second tap says saved only of what can be read back", async () => {
  const record = await aRecord();
  await put("outbox", { ...record, body: `${record.body} ` });

  await assert.rejects(outbox.finish(record.visit), StorageFailure);
});

test("a photo that is gone when the visit is read back is noticed", async (context) => {
  const draft = await aDraftWithPhotos();
  const [{ id }] = await rows("photos");
  const real = IDBObjectStore.prototype.put;
  context.mock.method(IDBObjectStore.prototype, "put", function write(row, ...rest) {
    return this.name === "photos" && row.id === id ? this.delete(id) : real.call(this, row, ...rest);
  });

  await assert.rejects(outbox.finish(draft.id), StorageFailure);
});

test("photo bytes that were written wrong are noticed before the visit is called saved", async () => {
  const draft = await aDraftWithPhotos();
  const [{ id, size }] = await rows("photos");
  await put("bytes", new Uint8Array(size).buffer, id);

  await assert.rejects(outbox.finish(draft.id), StorageFailure);
  assert.deepEqual(await rows("outbox"), []);
});

test("every write that matters asks for strict durability", async (context) => {
  const seen = [];
  const real = IDBDatabase.prototype.transaction;
  context.mock.method(IDBDatabase.prototype, "transaction", function begin(names, mode, options) {
    if (mode === "readwrite") seen.push([[names].flat(), options?.durability]);
    return real.call(this, names, mode, options);
  });

  const draft = await aDraftWithPhotos();
  const spare = await photos.add(draft.id, FINDING.id, aPicture());
  await photos.remove(spare.id);
  await outbox.finish(draft.id);
  const other = await aDraft();
  await drafts.discard(other.id);
  await sweep();

  assert.ok(seen.length >= 9);
  for (const [names, durability] of seen) assert.equal(durability, "strict", names.join());
});

test("the author is who began the visit, and the next user cannot read it", async () => {
  const record = await aRecord();
  const open = await aDraft();
  await put("meta", SECOND, "user");

  assert.equal(record.author, WORKER.id);
  assert.deepEqual([await theOutbox(), await drafts.all()], [[], []]);
  await put("meta", WORKER, "user");
  assert.equal((await theOutbox()).length, 1);
  assert.deepEqual(
    (await drafts.all()).map(({ id }) => id),
    [open.id],
  );
});

test("a record is shown with the review of its own revision only", async () => {
  const record = await aRecord();
  await put("reviews", { visit: record.visit, state: "returned", revision: 1, reason: "unclear" });
  assert.equal((await theOutbox())[0].review.reason, "unclear");

  await put("reviews", { visit: record.visit, state: "waiting", revision: 2 });

  assert.equal((await theOutbox())[0].review, null);
});

test("a photo whose draft is gone is not kept", async () => {
  const draft = await aDraft();
  await drafts.discard(draft.id);

  await assert.rejects(photos.add(draft.id, FINDING.id, aPicture()), StorageFailure);
  assert.deepEqual([await rows("photos"), await rows("bytes")], [[], []]);
});

test("photos stop before text does when the phone is nearly full", async (context) => {
  const { withNavigator } = await import("./phone.js");
  const draft = await aDraft();
  withNavigator(context, { storage: { estimate: async () => ({ quota: 1e9, usage: 1e9 - 4e6 }) } });

  await assert.rejects(photos.add(draft.id, FINDING.id, aPicture()), (error) => error.quota === true);
  assert.equal((await outbox.finish(draft.id)).state, "waiting");
});

test("no room for an entry is said as such, and what was saved before stands", async (context) => {
  const draft = await aDraft({ note: "before" });
  context.mock.method(IDBObjectStore.prototype, "put", () => {
    throw new DOMException("full", "QuotaExceededError");
  });

  await assert.rejects(drafts.save(draft.id, { body: {} }), (error) => error.quota === true);

  context.mock.restoreAll();
  assert.equal((await drafts.read(draft.id)).body.note, "before");
});

test("a photo of a finished visit cannot be taken out", async () => {
  const record = await aRecord({ pictures: 1 });

  await photos.remove(record.photos[0]);

  assert.ok(await get("photos", record.photos[0]));
  assert.ok(await photos.bytesOf(record.photos[0]));
});
