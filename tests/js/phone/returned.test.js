// Visits that came back, until their correction is made.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import "./shell.js";
import * as drafts from "../../../static/js/offline/drafts.js";
import { finish } from "../../../static/js/offline/outbox.js";
import * as register from "../../../static/js/offline/register.js";
import { standings } from "../../../static/js/offline/standing.js";
import { aPhone, aRecord, DOOR, put, rows, withdraw } from "../offline/phone.js";

const { correction, stillReturned } = await import("../../../static/js/phone/returned.js");

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
