// Visits that came back, until their correction is made.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import "./shell.js";
import * as drafts from "../../../static/js/offline/drafts.js";
import { finish } from "../../../static/js/offline/outbox.js";
import * as register from "../../../static/js/offline/register.js";
import { doubt, standings } from "../../../static/js/offline/standing.js";
import { aDraft, aPhone, aRecord, DOOR, put, rows, withdraw } from "../offline/phone.js";

const { correction, ownToChange, stillReturned } = await import("../../../static/js/phone/returned.js");

beforeEach(aPhone);

/** A visit of this phone that came back. */
async function aReturnedVisit() {
  await aRecord();
  const [{ id, visit, door, revision, body }] = await rows("outbox");
  await put("returned", { visit, door, revision, event: id, reason: "which room?", body: JSON.parse(body) });
  return visit;
}

const waiting = async () => stillReturned(await register.returned(), await standings());

test("a visit waits for its correction until that is finished, also before the desk knows of it", async () => {
  const visit = await aReturnedVisit();
  assert.deepEqual(
    (await waiting()).map((row) => row.visit),
    [visit],
  );

  await finish((await drafts.start(DOOR, { returned: visit })).id);

  assert.deepEqual(await waiting(), []);
});

test("a second tap after the correction begins nothing and is no failure of this phone", async () => {
  const visit = await aReturnedVisit();
  const first = await correction(DOOR, visit);
  assert.equal((await correction(DOOR, visit))?.id, first?.id);
  await finish(first?.id ?? "");

  assert.equal(await correction(DOOR, visit), null);
});

test("what cannot be kept is told", async () => {
  const visit = await aReturnedVisit();
  await put("meta", null, "user");

  await assert.rejects(correction(DOOR, visit), { name: "StorageFailure" });
});

test("without a record of its own and without the door, the desk says where it was", async () => {
  const visit = await aReturnedVisit();
  const [row] = await register.returned();
  await put("returned", { ...row, where: "8 Example Road 102" });
  await withdraw("doors", DOOR);
  for (const { id } of await rows("outbox")) await withdraw("outbox", id);

  assert.equal(stillReturned(await register.returned(), [])[0]?.label, "8 Example Road 102");
  const draft = await correction(DOOR, visit);

  const open = await register.openVisit(draft?.id ?? "");
  assert.equal(open?.view.building.address, "8 Example Road 102");
});

test("a correction of a door that left the round is begun and says where it was", async () => {
  const visit = await aReturnedVisit();
  await withdraw("doors", DOOR);

  assert.equal((await waiting())[0]?.label, "9 Example Road 2-301");
  const draft = await correction(DOOR, visit);

  const open = await register.openVisit(draft?.id ?? "");
  assert.equal(open?.view.door.gone, true);
  assert.equal(open?.view.building.address, "9 Example Road 2-301");
});

test("a visit of one's own can be changed until somebody has decided on it, also before it was sent", async () => {
  await finish((await aDraft({ note: "first" })).id);
  const [{ id, visit }] = await rows("outbox");
  const mine = async () => ownToChange({ visit }, await standings(), await register.reviews());
  assert.equal(await mine(), visit);

  const draft = await correction(DOOR, visit, { own: true });

  assert.deepEqual([draft?.id, draft?.revision, draft?.previous], [visit, 2, id]);
  assert.equal(draft?.body.note, "first");
  assert.equal((await correction(DOOR, visit, { own: true }))?.id, draft?.id);
  await finish(visit);
  assert.equal((await correction(DOOR, visit, { own: true }))?.revision, 3);
});

test("what a lead has approved or what was set aside is changed no more, and the tap is no failure", async () => {
  await aRecord();
  const [record] = await rows("outbox");
  for (const kept of [{ state: "quarantined" }, { state: "conflict" }]) {
    await put("outbox", { ...record, ...kept });
    doubt();
    assert.equal(await correction(DOOR, record.visit, { own: true }), null);
  }
  await put("outbox", record);
  doubt();
  await put("reviews", { visit: record.visit, state: "approved", revision: 1 });

  assert.equal(await correction(DOOR, record.visit, { own: true }), null);
  assert.equal(ownToChange({ visit: record.visit }, await standings(), await register.reviews()), "");
});

test("a visit of a colleague on the same phone is not changed", async () => {
  await aRecord();
  const [record] = await rows("outbox");
  await put("outbox", { ...record, author: "01900000-0000-7000-8000-0000000000ff" });
  doubt();

  assert.equal(await correction(DOOR, record.visit, { own: true }), null);
});
