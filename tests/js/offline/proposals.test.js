// A door that was added on this phone: visited at once, sent along, kept until the pack brings it.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import * as drafts from "../../../static/js/offline/drafts.js";
import { drain } from "../../../static/js/offline/drain.js";
import { forget } from "../../../static/js/offline/enrolment.js";
import { finish } from "../../../static/js/offline/outbox.js";
import { refresh } from "../../../static/js/offline/pack.js";
import { addDoor, closeTyped, keepTyped, typedDoors } from "../../../static/js/offline/proposals.js";
import { aPhone, BUILDING, DOOR, get, put, rows } from "./phone.js";
import { Server } from "./server.js";

const NEW = { building: BUILDING, floor: 3, door: "301A", address_anomaly: "no_plate", note: "behind 301" };
/** @type {Server} */
let server;

beforeEach(async () => {
  await aPhone();
  server = new Server().start();
});

test("each visit to a door that only this phone knows says where it is", async () => {
  const id = await addDoor(NEW);
  for (const outcome of ["no_answer", "done"]) {
    const draft = await drafts.start(id, { outcome });
    await finish(draft.id);
  }

  await drain("now");

  const bodies = [...server.events.values()].map(({ body }) => JSON.parse(body));
  assert.deepEqual(
    bodies.map(({ dwelling, door, base_revision }) => [dwelling, door, base_revision]),
    [
      [id, NEW, undefined],
      [id, NEW, undefined],
    ],
  );
});

test("the same number in the same building is the same door", async () => {
  assert.equal(await addDoor({ building: BUILDING, unit: "2", floor: 3, door: "301" }), DOOR);
  assert.equal(await addDoor(NEW), await addDoor(NEW));
});

test("an added door outlives a new pack, and becomes what the pack says of it", async () => {
  const id = await addDoor(NEW);
  server.pages = [{ reset: true, buildings: [{ id: BUILDING, grid: "g1" }] }];
  await refresh();
  assert.equal((await get("doors", id)).door, "301A");
  server.pages = [{ doors: [{ id, building: BUILDING, floor: 3, door: "301A", revision: 1 }] }];

  await refresh();

  assert.equal((await get("doors", id)).proposal, undefined);
  assert.deepEqual((await drafts.start(id, { outcome: "done" })).body.door, undefined);
  assert.equal((await rows("doors")).length, 1);
});

test("an open visit to an added door can be gone on with after signing out and in again", async () => {
  const id = await addDoor(NEW);
  await drafts.start(id, { outcome: "done" });

  await forget();

  assert.equal((await get("doors", id)).door, "301A");
});

const HOUSE = { grid: "g1", address: "新村 7号", plate: "new-7" };
const FIRST = { building: "", house: HOUSE, floor: 1, door: "101" };

test("a house that is missing comes with its first door, and its other doors name it too", async () => {
  const first = await addDoor(FIRST);
  const house = (await get("doors", first)).building;
  const second = await addDoor({ building: house, floor: 1, door: "102" });
  for (const door of [first, second]) await finish((await drafts.start(door, { outcome: "vacant" })).id);

  await drain("now");

  const { address, plate, grid, proposed, position } = await get("buildings", house);
  assert.deepEqual({ address, plate, grid, proposed }, { ...HOUSE, proposed: true });
  assert.ok(position > 0);
  const said = [...server.events.values()].map(({ body }) => JSON.parse(body).door);
  assert.deepEqual(said, [
    { ...FIRST, building: house },
    { building: house, house: HOUSE, floor: 1, door: "102" },
  ]);
});

test("a house that is there by its address or its plate is not added again", async () => {
  await put("buildings", { id: "known", grid: "g1", address: "人民路 12号", plate: "p-12" });
  const houses = (await rows("buildings")).length;

  const byAddress = await addDoor({ ...FIRST, house: { grid: "g1", address: "人民路12号" } });
  const byPlate = await addDoor({ ...FIRST, door: "102", house: { ...HOUSE, plate: "p-12" } });

  assert.deepEqual(
    [(await get("doors", byAddress)).building, (await get("doors", byPlate)).building],
    ["known", "known"],
  );
  assert.equal((await get("doors", byAddress)).proposal.house, undefined);
  assert.equal((await rows("buildings")).length, houses);
});

test("an added house outlives a new pack and a sign-out, and goes when its doors are found in another one", async () => {
  const id = await addDoor(FIRST);
  const house = (await get("doors", id)).building;
  server.pages = [{ reset: true, buildings: [{ id: BUILDING, grid: "g1" }] }];
  await refresh();
  const after = await get("buildings", house);
  server.pages = [{ doors: [{ id, building: BUILDING, floor: 1, door: "101", revision: 1 }] }];

  await refresh();

  assert.equal(after.address, HOUSE.address);
  assert.equal(await get("buildings", house), undefined);
  const other = (await get("doors", await addDoor(FIRST))).building;
  await forget();
  assert.equal((await get("buildings", other)).address, HOUSE.address);
});

test("what is typed of a door is kept by building until it is added", async () => {
  await keepTyped(BUILDING, { door: "301A" });
  await keepTyped("", { address: "新村 7号" });
  assert.deepEqual(await typedDoors(), {
    open: "",
    by: { [BUILDING]: { door: "301A" }, "": { address: "新村 7号" } },
  });
  await closeTyped();
  assert.equal((await typedDoors()).open, null);

  await addDoor(NEW);

  assert.deepEqual(await typedDoors(), { open: null, by: { "": { address: "新村 7号" } } });
});

test("what is typed goes along to another building, and is away when nothing is left of it", async () => {
  await keepTyped(BUILDING, { door: "301A" });

  await keepTyped("other", { door: "301A" }, BUILDING);

  assert.deepEqual(await typedDoors(), { open: "other", by: { other: { door: "301A" } } });
  await keepTyped("other", null);
  assert.deepEqual(await typedDoors(), { open: null, by: {} });
});

test("what was typed and not added goes with the round when somebody signs out", async () => {
  await keepTyped(BUILDING, { note: "behind 301" });

  await forget();

  assert.deepEqual(await typedDoors(), { open: null, by: {} });
});
