// Whose phone this is: enrolling, changing hands, signing out, and what stays through all of it.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { meta } from "../../../static/js/offline/db.js";
import { drain } from "../../../static/js/offline/drain.js";
import { chosenLanguage, enrol, forget, setLanguage, whoami } from "../../../static/js/offline/enrolment.js";
import {
  aDraft,
  aNewPhone,
  aPhone,
  aRecord,
  DEVICE,
  DISTRICT,
  DOOR,
  EPOCH,
  NEXT_EPOCH,
  put,
  rows,
  SECOND,
  WORKER,
} from "./phone.js";
import { json, portal, Server } from "./server.js";

/** @type {Server} */
let server;

beforeEach(async () => {
  await aPhone();
  server = new Server().start();
});

test("a new phone has no owner, and has one after enrolling", async () => {
  await aNewPhone();
  assert.equal(await whoami(), null);

  const owner = await enrol("b7");

  assert.deepEqual(owner, { device: DEVICE, user: WORKER, district: DISTRICT, language: "zh" });
  assert.deepEqual([await meta("epoch"), await meta("build")], [EPOCH, "b7"]);
});

test("a captive portal enrols nobody", async () => {
  await aNewPhone();
  for (const answer of [portal, () => json({ device: "x", user: {}, epoch: "y" })]) {
    server.faults.enrolment = answer;
    await assert.rejects(enrol("b1"), { code: "portal" });
  }
  assert.equal(await whoami(), null);
});

test("the language that somebody chose on the phone stays when they enrol again", async () => {
  await setLanguage("en");

  await enrol("b1");

  assert.equal(await chosenLanguage(), "en");
});

test("when the phone changes hands the pack goes, the unsent work stays, and the language is theirs", async () => {
  const record = await aRecord({ pictures: 1 });
  await aDraft();
  await put("occupants", { id: "o1", door: DOOR });
  await put("meta", "c5", "cursor");
  server.user = SECOND;

  await enrol("b1");

  for (const name of ["doors", "buildings", "occupants"]) assert.deepEqual(await rows(name), []);
  assert.deepEqual([await meta("cursor"), await chosenLanguage()], [undefined, "en"]);
  assert.deepEqual(
    [(await rows("outbox"))[0].id, (await rows("drafts")).length, (await rows("bytes")).length],
    [record.id, 1, 1],
  );
  await drain("now");
  assert.equal(server.batches[0].events[0].author, WORKER.id);
});

test("enrolling after a restore offers again what the server had accepted", async () => {
  await put("outbox", { ...(await aRecord()), state: "accepted" });
  server.epoch = NEXT_EPOCH;

  await enrol("b1");

  assert.equal((await rows("outbox"))[0].state, "waiting");
});

test("under a new device what waits is counted from one, without a gap", async () => {
  for (let count = 0; count < 3; count++) await aRecord();
  const [sent] = (await rows("outbox")).sort((a, b) => a.seq - b.seq);
  await put("outbox", { ...sent, state: "accepted" });
  server.device = "01900000-0000-7000-8000-00000000d002";

  await enrol("b1");
  await aRecord();
  await drain("now");

  assert.deepEqual(
    server.batches[0].events.map(({ seq }) => seq),
    [1, 2, 3],
  );
  assert.equal(server.batches[0].device, server.device);
});

test("what waited says which numbers it had before, however often the phone is enrolled anew", async () => {
  await aRecord();
  const [old, first, second] = [2, 3, 4].map((end) => `01900000-0000-7000-8000-00000000d00${end}`);
  const [record] = await rows("outbox");
  const { device: _of, ...earlierRelease } = record;
  await put("outbox", earlierRelease);
  await put("meta", old, "device");

  for (const device of [first, second]) {
    server.device = device;
    await enrol("b1");
  }
  await aRecord();
  await drain("now");

  const [waited, fresh] = server.batches[0].events;
  assert.deepEqual(waited.earlier, [
    { device: old, seq: 1 },
    { device: first, seq: 1 },
  ]);
  assert.ok(!("earlier" in fresh));
});

test("what had been answered says its earlier number too when it is offered again", async () => {
  await aRecord();
  await drain("now");
  server.device = "01900000-0000-7000-8000-00000000d002";
  await enrol("b1");
  server.epoch = NEXT_EPOCH;
  server.events.clear();

  await aRecord();
  await drain("now");

  const [fresh, again] = server.batches.slice(1).flatMap(({ events }) => events);
  assert.deepEqual([fresh.earlier, again.earlier], [undefined, [{ device: DEVICE, seq: 1 }]]);
});

test("photos of what waits are offered to the new device again, and those of what was received are not", async () => {
  const received = await aRecord({ pictures: 1 });
  await drain("now");
  const waiting = await aRecord({ pictures: 1 });
  const [photo] = (await rows("photos")).filter(({ visit }) => visit === waiting.visit);
  await put("photos", { ...photo, state: "stored", receipt: "ABCD2345", offset: photo.size });
  server.device = "01900000-0000-7000-8000-00000000d002";

  await enrol("b1");

  const state = (id) => rows("photos").then((all) => all.find(({ visit }) => visit === id).state);
  assert.deepEqual([await state(received.visit), await state(waiting.visit)], ["stored", "waiting"]);
  assert.equal((await drain("now")).problem, null);
});

test("under a new device and a new epoch no number is used twice", async () => {
  for (let count = 0; count < 4; count++) await aRecord();
  await drain("now");
  await aRecord();
  server.device = "01900000-0000-7000-8000-00000000d002";
  server.epoch = NEXT_EPOCH;
  server.events.clear();

  await enrol("b1");
  await aRecord();
  await drain("now");

  assert.deepEqual(numbersOf(server.device), [1, 2, 3, 4, 5, 6]);
});

test("what an earlier device had sent is offered again under numbers of the new one", async () => {
  for (let count = 0; count < 2; count++) await aRecord();
  await drain("now");
  server.device = "01900000-0000-7000-8000-00000000d002";
  await enrol("b1");
  await aRecord();
  await drain("now");
  server.epoch = NEXT_EPOCH;
  server.events.clear();
  await aRecord();

  await drain("now");

  assert.deepEqual(new Set(numbersOf(server.device)), new Set([1, 2, 3, 4]));
  assert.equal(new Set([...server.events.values()].map(({ seq }) => seq)).size, 4);
});

/** The numbers that a device has used, in the order in which they came. */
function numbersOf(device) {
  const own = server.batches.filter((batch) => batch.device === device);
  return own.flatMap(({ events }) => events.map(({ seq }) => seq));
}

test("signing out takes what can be read, also offline, and sends what waits later", async () => {
  await aRecord({ pictures: 1 });
  await put("occupants", { id: "o1", door: DOOR });

  await forget();

  assert.equal(await whoami(), null);
  for (const name of ["doors", "buildings", "occupants"]) assert.deepEqual(await rows(name), []);
  const result = await drain("online");
  assert.deepEqual([result.sent, result.photos], [1, 1]);
});

test("whoever has signed out is not signed in again by the back door", async () => {
  await aRecord();
  await forget();
  server.faults.batch = () => json({ code: "device-unknown" }, 401);

  assert.equal((await drain("now")).problem, "enrol");
  assert.ok(!server.asked.some((line) => line.includes("enrolment")));
});

test("a phone whose storage was lost goes on counting where the server heard it last", async () => {
  await aNewPhone();
  server.highest = 41;

  await enrol("b1");

  assert.equal(server.enrolments.at(-1).seq, 0);
  assert.ok(server.lostStorage);
  assert.equal(await meta("seq"), 41);
});

test("a record that overtakes an enrolment is not taken for lost storage", async () => {
  server.faults.enrolment = async () => {
    await aRecord();
    await drain("finish");
    server.highest = server.batches.at(-1).events.at(-1).seq;
  };

  await enrol("b1");

  assert.deepEqual([server.highest, await meta("seq")], [1, 1]);
  assert.ok(!server.lostStorage);
});

test("what a phone under another device remembers is not compared with the new one's numbers", async () => {
  server.device = "01900000-0000-7000-8000-00000000d002";
  server.highest = 41;

  await enrol("b1");

  assert.ok(!server.lostStorage);
});

test("an enrolment that fails after the first answer is asked for again, and tells of the loss then", async () => {
  await aNewPhone();
  server.highest = 41;
  server.faults.enrolment = ({ body }) => (server.enrolments.length ? portal(body) : null);
  await assert.rejects(enrol("b1"));
  assert.equal(await whoami(), null);
  server.faults.enrolment = undefined;

  await enrol("b1");

  assert.ok(server.lostStorage);
});

test("a phone that remembers more than the server has heard keeps its own count", async () => {
  await aRecord();
  await aRecord();
  server.highest = 1;

  await enrol("b1");

  assert.ok(!server.lostStorage);
  assert.equal(await meta("seq"), 2);
});
