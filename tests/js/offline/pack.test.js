// The pack: page by page, each with its cursor in one transaction; never touching what the worker has recorded.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { meta } from "../../../static/js/offline/db.js";
import { forget, whoami } from "../../../static/js/offline/enrolment.js";
import { lastPackedAt, refresh } from "../../../static/js/offline/pack.js";
import * as register from "../../../static/js/offline/register.js";
import {
  aDoor,
  aDraft,
  aPhone,
  aRecord,
  BUILDING,
  DOOR,
  get,
  NEXT_EPOCH,
  put,
  rows,
  SECOND,
  WORKER,
} from "./phone.js";
import { json, lost, portal, problem, Server } from "./server.js";

/** @type {Server} */
let server;

beforeEach(async () => {
  await aPhone();
  server = new Server().start();
});

const ids = async (name) =>
  (await rows(name)).map((row) => row.id ?? row.visit ?? row.code ?? row.list).sort();

test("pages are asked for while there is more, each with the cursor of the one before", async () => {
  server.pages = [
    { cursor: "c1", more: true, reset: true, buildings: [{ id: "b" }], codes: { heating: [{ code: "1" }] } },
    { cursor: "c2", more: true, doors: [aDoor({ id: "d1" })] },
    { cursor: "c3", more: false, doors: [aDoor({ id: "d2" })] },
  ];

  assert.deepEqual(await refresh(), { changed: true });

  assert.deepEqual(server.asked, ["GET /sync/pack", "GET /sync/pack?since=c1", "GET /sync/pack?since=c2"]);
  assert.deepEqual(await ids("doors"), ["d1", "d2"]);
  assert.deepEqual(await register.codes("heating"), [{ code: "1" }]);
  assert.equal(await meta("cursor"), "c3");
  assert.equal(await lastPackedAt(), server.now);
});

test("a download that breaks off leaves a usable round and goes on at its cursor", async () => {
  server.pages = [{ cursor: "c1", more: true, reset: true, doors: [aDoor({ id: "d1" })] }];
  let count = 0;
  server.faults.pack = () => (++count === 2 ? lost() : null);
  await assert.rejects(refresh(), { code: "offline" });
  assert.deepEqual(await ids("doors"), [DOOR, "d1"].sort(), "the old round is still there");
  server.pages = [{ cursor: "c2", doors: [aDoor({ id: "d2" })] }];

  await refresh();

  assert.equal(server.asked.at(-1), "GET /sync/pack?since=c1");
  assert.deepEqual(await ids("doors"), ["d1", "d2"]);
});

test("a whole row replaces the row with its id, and what is removed goes", async () => {
  await put("occupants", { id: "o1", door: DOOR });
  await put("findings", { id: "f1", door: DOOR });
  await put("returned", { visit: "v1", door: DOOR });
  await put("rounds", { id: "r1" });
  const kinds = { occupant: "o1", finding: "f1", returned: "v1", round: "r1", unheard_of: "x" };
  const removed = Object.entries(kinds).map(([kind, id]) => ({ kind, id }));
  server.pages = [{ cursor: "c1", doors: [aDoor({ revision: 5 })], removed }];

  await refresh();

  assert.equal((await get("doors", DOOR)).revision, 5);
  for (const name of ["occupants", "findings", "returned", "rounds"]) assert.deepEqual(await rows(name), []);
});

test("what went and came back within a page is there", async () => {
  server.pages = [{ cursor: "c1", doors: [aDoor()], removed: [{ kind: "door", id: DOOR }] }];

  await refresh();

  assert.ok(await get("doors", DOOR));
});

test("after a reset nothing of the old pack is left", async () => {
  await put("occupants", { id: "o1", door: DOOR });
  server.pages = [{ cursor: "c1", reset: true, buildings: [{ id: BUILDING }] }];

  await refresh();

  assert.deepEqual([await rows("doors"), await rows("occupants")], [[], []]);
  assert.deepEqual(await ids("buildings"), [BUILDING]);
});

test("a refresh never touches drafts, records and photos", async () => {
  await aRecord({ pictures: 1 });
  await aDraft();
  const names = ["drafts", "outbox", "photos", "bytes"];
  const before = await Promise.all(names.map(rows));
  server.pages = [{ cursor: "c1", reset: true }];

  await refresh();

  assert.deepEqual(await Promise.all(names.map(rows)), before);
});

test("a kill in the middle of a page leaves the cursor where it was and no part of the page", async (context) => {
  await put("meta", "c0", "cursor");
  const page = {
    cursor: "c1",
    reset: true,
    doors: [aDoor({ id: "d1" }), aDoor({ id: "d2" })],
    buildings: [{ id: "b" }],
  };
  const real = IDBObjectStore.prototype.put;
  for (let number = 1; ; number++) {
    let writes = 0;
    server.pages = [page];
    context.mock.method(IDBObjectStore.prototype, "put", function write(...all) {
      if (++writes === number) throw new DOMException("killed", "AbortError");
      return real.apply(this, all);
    });
    const done = await refresh().then(
      () => true,
      () => false,
    );
    context.mock.restoreAll();
    if (done) break;
    assert.equal(await meta("cursor"), "c0");
    assert.deepEqual(await ids("doors"), [DOOR]);
  }
  assert.deepEqual(await ids("doors"), ["d1", "d2"]);
});

for (const [name, page] of Object.entries({
  "no cursor": { cursor: undefined },
  "rows that are no list": { doors: {} },
  "a door without its building": { doors: [{ id: "d1" }] },
  "an empty row": { findings: [null] },
  "a removal without an id": { removed: [{ kind: "door" }] },
  "no person": { user: null },
})) {
  test(`a page with ${name} is not applied`, async () => {
    server.pages = [{ cursor: "c1", ...page }];

    await assert.rejects(refresh(), { code: "portal" });
    assert.equal(await meta("cursor"), undefined);
    assert.deepEqual(await ids("doors"), [DOOR]);
  });
}

test("a captive portal leaves the pack as it is", async () => {
  server.faults.pack = portal;

  await assert.rejects(refresh(), { code: "portal" });
  assert.deepEqual(await ids("doors"), [DOOR]);
});

test("an expired session asks for a sign-in and forgets nothing", async () => {
  server.faults.pack = () => problem(401, "sign-in-needed");

  await assert.rejects(refresh(), { status: 401 });
  assert.deepEqual(await ids("doors"), [DOOR]);
  assert.ok(await whoami());
});

test("another epoch offers again what was accepted", async () => {
  const record = await aRecord({ pictures: 1 });
  const [photo] = await rows("photos");
  await put("outbox", { ...record, state: "accepted", receipt: server.receipt() });
  await put("photos", {
    ...photo,
    state: "stored",
    offset: photo.size,
    location: "/sync/photos/1",
    receipt: "R",
  });
  await put("meta", server.now, "durable_through");
  server.epoch = NEXT_EPOCH;
  server.pages = [{ cursor: "c1", reset: true }];

  await refresh();

  assert.deepEqual([(await rows("outbox"))[0].state, (await rows("outbox"))[0].receipt], ["waiting", null]);
  const [again] = await rows("photos");
  assert.deepEqual([again.state, again.offset, again.location], ["waiting", 0, null]);
  assert.equal(await meta("epoch"), NEXT_EPOCH);
  assert.equal(await meta("durable_through"), undefined);
});

test("somebody else who has signed in gets a pack of their own, and the first one's records stay", async () => {
  const record = await aRecord();
  await put("occupants", { id: "o1", door: DOOR });
  server.user = SECOND;
  server.pages = [{ cursor: "c1" }, { cursor: "c1", reset: true, doors: [aDoor({ id: "d9" })] }];

  await refresh();

  assert.equal((await whoami()).user.id, SECOND.id);
  assert.deepEqual([await ids("doors"), await rows("occupants")], [["d9"], []]);
  assert.equal((await rows("outbox"))[0].author, record.author);
});

test("a phone that the server does not know any more enrols itself while somebody is signed in", async () => {
  let known = false;
  server.faults.pack = () => (known ? null : problem(401, "device-unknown"));
  server.faults.enrolment = () => {
    known = true;
  };
  server.pages = [{ cursor: "c1", reset: true }];

  assert.deepEqual(await refresh(), { changed: true });
});

test("a phone that nobody owns fetches nothing", async () => {
  await forget();

  await assert.rejects(refresh(), { status: 401 });
  assert.deepEqual(server.asked, []);
});

test("two refreshes at once do not undo each other", async () => {
  server.pages = [{ cursor: "c1", reset: true, doors: [aDoor()] }, { cursor: "c2" }];

  await Promise.all([refresh(), refresh()]);

  assert.equal(await meta("cursor"), "c2");
  assert.deepEqual(await ids("doors"), [DOOR]);
});

test("a page that another tab has overtaken is thrown away", async () => {
  server.pages = [
    { cursor: "old", reset: true },
    { cursor: "new", doors: [aDoor({ id: "d2" })] },
  ];
  let once = true;
  server.faults["after:pack"] = async () => {
    if (once) await put("meta", "theirs", "cursor");
    once = false;
    return null;
  };

  await refresh();

  assert.ok((await ids("doors")).includes(DOOR), "the reset of the void page was not applied");
  assert.deepEqual(await json({ user: WORKER.id }).json(), { user: WORKER.id });
});

test("what became of hazards replaces the list, and goes with whoever read it", async () => {
  const at = new Date().toISOString();
  const old = new Date(Date.now() - 31 * 86_400_000).toISOString();
  const one = { finding: "f1", door: DOOR, status: "closed", at, name: { zh: "a", en: "b" } };
  server.pages = [{ cursor: "c1", reset: true, endings: [one, { ...one, finding: "f2", at: old }] }];
  await refresh();
  assert.deepEqual(await register.endings(), [one]);
  server.pages = [{ cursor: "c2" }];
  await refresh();
  assert.deepEqual(await register.endings(), [one], "a page that does not tell of them changes nothing");

  await forget();

  assert.deepEqual(await register.endings(), []);
});
