// A finished visit is changed: what stays as it was said, and when it can be changed no more.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import "./shell.js";
import * as drafts from "../../../static/js/offline/drafts.js";
import { finish } from "../../../static/js/offline/outbox.js";
import * as photos from "../../../static/js/offline/photos.js";
import * as register from "../../../static/js/offline/register.js";
import { doubt, standings } from "../../../static/js/offline/standing.js";
import { sweep } from "../../../static/js/offline/sweeping.js";
import { aDoor, aDraft, aPhone, aPicture, aRecord, DOOR, put, rows, withdraw } from "../offline/phone.js";

globalThis.document.addEventListener ??= () => {};
const { correction, ownToChange } = await import("../../../static/js/phone/returned.js");
const { callsAt } = await import("../../../static/js/phone/calls.js");
const { firstProblem } = await import("../../../static/js/phone/visit_checks.js");

beforeEach(aPhone);

test("a change goes on from what the phone knew when it was said", async () => {
  await finish((await aDraft({ dwelling_changes: { rooms: 3 } })).id);
  const [{ visit }] = await rows("outbox");
  await put("doors", aDoor({ revision: 9, rooms: 4 }));
  const draft = await correction(DOOR, visit, { own: true });
  assert.equal(draft?.body.base_revision, 4);
});

test("a hazard that the change takes out is not asked about as one found before", () => {
  const finding = { id: "f", item: "H09", action: "notice_left" };
  const visit = {
    body: { outcome: "done", checklist: { code: "c", version: 1, checked: true } },
    view: { door: {}, records: [], findings: [{ id: "f", item: "H09", status: "notified" }] },
    returned: { body: { findings: [finding] } },
  };
  assert.equal(firstProblem(visit), null);
});

test("what is newer at the desk than here cannot be changed from here", async () => {
  await aRecord();
  const [record] = await rows("outbox");
  await put("outbox", { ...record, state: "accepted" });
  doubt();
  await put("reviews", { visit: record.visit, state: "waiting", revision: 2 });
  assert.equal(ownToChange({ visit: record.visit }, await standings(), await register.reviews()), "");
});

test("another day on which to come again is the one that the door tells of", () => {
  const base = { visit: "v", door: "d", state: "waiting", outcome: "rescheduled" };
  const records = [
    { ...base, revision: 1, recorded_at: "2026-11-20T04:00:00Z", again_on: "2026-11-27" },
    { ...base, revision: 2, recorded_at: "2026-11-20T04:10:00Z", again_on: "2026-11-30" },
  ];
  assert.equal(callsAt({ id: "d" }, records, null)[0].again_on, "2026-11-30");
  const last = { visit: "v", outcome: "no_answer", at: "2026-11-20T04:00:00Z", mine: true };
  assert.equal(callsAt({ id: "d", last }, records.slice(1), null)[0].again_on, "2026-11-30");
});

test("a later change of the same visit is not written over by a window that knows the one before", async () => {
  const record = await aRecord();
  const first = await correction(DOOR, record.visit, { own: true });
  await finish(record.visit);
  const second = await correction(DOOR, record.visit, { own: true });
  assert.deepEqual([first?.saves, second?.saves, second?.revision], [0, 0, 3]);
  await assert.rejects(drafts.save(record.visit, { body: {} }, first ?? undefined), drafts.Overtaken);
});

test("a change of a door that left the round says where it was", async () => {
  const record = await aRecord();
  assert.ok(record.label);
  await withdraw("doors", DOOR);
  await correction(DOOR, record.visit, { own: true });
  const second = await finish(record.visit);
  assert.equal(second.label, record.label);
});

test("what is being changed is not cleared until that is done", async () => {
  await aRecord();
  const [record] = await rows("outbox");
  const receipt = { number: "A", received_at: "2026-11-20T08:00:00Z", durable_through: null };
  await put("outbox", { ...record, state: "accepted", receipt });
  await put("meta", "2026-11-21T08:00:00Z", "durable_through");
  doubt();
  const draft = await correction(DOOR, record.visit, { own: true });
  assert.equal(await sweep(Date.parse("2026-11-25T08:00:00Z")), 0);

  await drafts.discard(draft?.id ?? "");

  assert.equal(await sweep(Date.parse("2026-11-25T08:00:00Z")), 1);
});

test("a photo that was just taken in a change is not thrown away with what looks untouched", async () => {
  await aRecord();
  const [{ visit }] = await rows("outbox");
  const draft = await correction(DOOR, visit, { own: true });
  await photos.add(visit, "01900000-0000-7000-8000-00000000f001", aPicture(100));

  await drafts.discard(draft?.id ?? "", { untouched: true });

  assert.equal((await rows("drafts")).length, 1);
  assert.equal((await rows("photos")).length, 1);
});
