// Drafts: one per visit, kept on every entry; corrections begin with what was said before.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { StorageFailure } from "../../../static/js/offline/db.js";
import * as drafts from "../../../static/js/offline/drafts.js";
import { finish } from "../../../static/js/offline/outbox.js";
import * as photos from "../../../static/js/offline/photos.js";
import { aDraft, aPhone, aPicture, aRecord, DOOR, get, put, rows, WORKER } from "./phone.js";

const VISIT = "01900000-0000-7000-8000-000000001001";
const EVENT = "01900000-0000-7000-8000-000000001002";
const PHOTO = {
  id: "01900000-0000-7000-8000-000000001003",
  digest: `sha-256:${"0".repeat(64)}`,
  size: 9,
  type: "image/jpeg",
};
const FINDING = {
  id: "01900000-0000-7000-8000-00000000f001",
  item: "H09",
  action: "refer",
  photos: [PHOTO.id],
};

beforeEach(aPhone);

function aReturnedRow(overrides = {}) {
  const body = {
    visit: VISIT,
    revision: 2,
    previous: "x",
    dwelling: DOOR,
    base_revision: 1,
    started_at: "2026-11-20T08:00:00Z",
    finished_at: "2026-11-20T08:05:00Z",
    outcome: "done",
    findings: [FINDING],
    photos: [PHOTO],
  };
  return { visit: VISIT, door: DOOR, revision: 2, event: EVENT, reason: "which room?", body, ...overrides };
}

test("a visit begins at the revision of the register that the phone knows", async () => {
  const draft = await drafts.start(DOOR, { outcome: "done" });

  assert.deepEqual([draft.revision, draft.door, draft.author], [1, DOOR, WORKER.id]);
  assert.deepEqual(draft.body, { outcome: "done", base_revision: 4 });
});

test("a second tap goes on with the visit that is open, another outcome is another visit", async () => {
  const [first, second] = await Promise.all([1, 2].map(() => drafts.start(DOOR, { outcome: "done" })));
  const other = await drafts.start(DOOR, { outcome: "no_answer" });

  assert.equal(first.id, second.id);
  assert.notEqual(other.id, first.id);
});

test("a visit that is about to end by itself is not gone on with", async () => {
  const ending = await drafts.start(DOOR, { outcome: "no_answer" });
  await drafts.save(ending.id, { screen: { ending: true } });

  assert.notEqual((await drafts.start(DOOR, { outcome: "no_answer" })).id, ending.id);
});

test("nobody can begin a visit while nobody is signed in", async () => {
  await put("meta", undefined, "user");

  await assert.rejects(drafts.start(DOOR, { outcome: "done" }), StorageFailure);
});

test("saving keeps what the patch does not name", async () => {
  const draft = await aDraft({ note: "n" });

  await drafts.save(draft.id, { screen: { fold: 2 } });

  const { body, screen } = await drafts.read(draft.id);
  assert.deepEqual([body.note, screen], ["n", { fold: 2 }]);
});

test("a draft that is gone cannot be saved, and the phone is not to blame", async () => {
  await assert.rejects(drafts.save(VISIT, { body: {} }), drafts.Overtaken);
  assert.deepEqual(await rows("drafts"), []);
});

test("saving touches one row of one store", async (context) => {
  const draft = await aDraft();
  const puts = context.mock.method(IDBObjectStore.prototype, "put");
  const begun = context.mock.method(IDBDatabase.prototype, "transaction");

  await drafts.save(draft.id, { body: { note: "x" } });

  assert.deepEqual([puts.mock.callCount(), begun.mock.callCount()], [1, 1]);
  assert.deepEqual([begun.mock.calls[0].arguments[0]].flat(), ["drafts"]);
});

test("discarding takes the photos along", async () => {
  const draft = await aDraft();
  await photos.add(draft.id, FINDING.id, aPicture());

  await drafts.discard(draft.id);

  for (const name of ["drafts", "photos", "bytes"]) assert.deepEqual(await rows(name), []);
});

for (const returned of [true, VISIT]) {
  test(`a correction begins with what came back (returned: ${returned})`, async () => {
    await put("returned", aReturnedRow());

    const draft = await drafts.start(DOOR, { returned });

    assert.deepEqual([draft.id, draft.revision, draft.previous], [VISIT, 3, EVENT]);
    assert.deepEqual(draft.body, { outcome: "done", findings: [FINDING], photos: [PHOTO], base_revision: 4 });
  });
}

test("a correction goes on naming the photos that are at the desk", async () => {
  await put("returned", aReturnedRow());
  const draft = await drafts.start(DOOR, { returned: VISIT });
  const fresh = await photos.add(draft.id, FINDING.id, aPicture());

  const record = await finish(draft.id);

  const body = JSON.parse(record.body);
  assert.deepEqual([body.revision, body.previous, body.visit], [3, EVENT, VISIT]);
  assert.deepEqual(
    body.photos.map(({ id }) => id),
    [PHOTO.id, fresh.id],
  );
  assert.deepEqual(body.photos[0], PHOTO);
});

test("a correction begins with the phone's own record while that is here, since it holds the numbers", async () => {
  const own = await aRecord();
  const person = {
    action: "add",
    occupancy: "o",
    person: "p",
    name: "X",
    document_number: "11010519491231002X",
  };
  await put("outbox", { ...own, body: JSON.stringify({ ...JSON.parse(own.body), occupants: [person] }) });
  const masked = { ...person, document_number: undefined, document: "110***02X" };
  const row = {
    visit: own.visit,
    revision: 1,
    event: own.id,
    body: { outcome: "done", occupants: [masked] },
  };
  await put("returned", aReturnedRow(row));

  const draft = await drafts.start(DOOR, { returned: own.visit });

  assert.deepEqual(draft.body.occupants, [person]);
  assert.deepEqual([draft.revision, draft.previous, draft.id], [2, own.id, own.visit]);
});

test("an open correction is gone on with, not begun anew", async () => {
  await put("returned", aReturnedRow());
  const draft = await drafts.start(DOOR, { returned: VISIT });
  await drafts.save(draft.id, { body: { ...draft.body, note: "mine" } });

  assert.equal((await drafts.start(DOOR, { returned: true })).body.note, "mine");
});

test("a visit that was corrected already is not corrected from the old revision again", async () => {
  await put("returned", aReturnedRow());
  await finish((await drafts.start(DOOR, { returned: VISIT })).id);

  await assert.rejects(drafts.start(DOOR, { returned: VISIT }), StorageFailure);
  assert.equal((await get("returned", VISIT)).revision, 2);
});

test("a visit that was not returned cannot be corrected", async () => {
  await assert.rejects(drafts.start(DOOR, { returned: VISIT }), StorageFailure);
  await assert.rejects(drafts.start(DOOR, { returned: true }), StorageFailure);
});

test("a draft is not written over by a window that has read an older one", async () => {
  const draft = await aDraft({ note: "first" });
  const saves = await drafts.save(draft.id, { body: { ...draft.body, note: "second" } }, draft);

  await assert.rejects(drafts.save(draft.id, { body: draft.body }, draft), drafts.Overtaken);

  assert.equal((await drafts.read(draft.id)).body.note, "second");
  assert.equal((await drafts.read(draft.id)).saves, saves);
});
