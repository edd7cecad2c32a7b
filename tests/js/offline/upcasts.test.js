// What an older release of the app wrote goes on in this one: the frozen bodies of every schema, drafts, corrections.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { beforeEach, test } from "node:test";
import * as drafts from "../../../static/js/offline/drafts.js";
import { finish } from "../../../static/js/offline/outbox.js";
import { SCHEMA, upcast } from "../../../static/js/offline/upcasts.js";
import { aDraft, aPhone, DOOR, get, put, WORKER } from "./phone.js";

beforeEach(aPhone);

const VISIT = "01900000-0000-7000-8000-00000000a101";
const EVENT = "01900000-0000-7000-8000-00000000a102";

const frozen = (schema) =>
  JSON.parse(readFileSync(new URL(`../../sync/fixtures/visit_recorded_${schema}.json`, import.meta.url)));

const oldDraft = (parts = {}) => ({
  id: VISIT,
  door: DOOR,
  revision: 1,
  started_at: "2026-11-20T08:00:00Z",
  touched_at: "2026-11-20T08:01:00Z",
  author: WORKER.id,
  body: { outcome: "done", consent: true, notice_version: 1, base_revision: 4 },
  screen: {},
  saves: 3,
  ...parts,
});

test("a step makes of an older body what the server makes of it", () => {
  for (let schema = 1; schema < SCHEMA; schema++) {
    for (const row of frozen(schema)) {
      assert.deepEqual(upcast(row.body, schema), upcast(row.next, schema + 1), row.name);
    }
  }
});

test("a body of a newer release stays as it is", () => {
  assert.deepEqual(upcast({ outcome: "done", dreamt: 1 }, SCHEMA + 1), { outcome: "done", dreamt: 1 });
});

test("a draft that the older app began is read, saved and finished in the newest schema", async () => {
  await put("drafts", oldDraft());

  const [draft] = await drafts.all();
  await drafts.save(VISIT, { screen: { fold: 1 } });
  const record = await finish(VISIT);

  assert.deepEqual(draft.body.notice, { version: 1 });
  assert.equal(record.schema, SCHEMA);
  assert.deepEqual(JSON.parse(record.body).notice, { version: 1 });
  assert.equal(JSON.parse(record.body).notice_version, undefined);
});

test("a draft that nobody touches again is finished in the newest schema too", async () => {
  await put("drafts", oldDraft());

  const record = await finish(VISIT);

  assert.equal(record.schema, SCHEMA);
  assert.deepEqual(JSON.parse(record.body).notice, { version: 1 });
});

test("a correction begins with what this phone sent in the older schema, brought up", async () => {
  const body = { visit: VISIT, revision: 1, dwelling: DOOR, outcome: "done", notice_version: 1, note: "x" };
  await put("returned", { visit: VISIT, door: DOOR, revision: 1, event: EVENT, body: {}, schema: SCHEMA });
  await put("outbox", {
    id: EVENT,
    visit: VISIT,
    revision: 1,
    door: DOOR,
    seq: 1,
    schema: 1,
    body: JSON.stringify(body),
  });

  const draft = await drafts.start(DOOR, { returned: VISIT });

  assert.deepEqual(draft.body, { outcome: "done", notice: { version: 1 }, note: "x", base_revision: 4 });
});

test("a correction from a desk that did not name the schema yet is brought up as well", async () => {
  await put("returned", { visit: VISIT, door: DOOR, revision: 1, event: EVENT, body: { notice_version: 2 } });

  const draft = await drafts.start(DOOR, { returned: VISIT });

  assert.deepEqual(draft.body.notice, { version: 2 });
});

test("a new draft says which schema it is written in", async () => {
  const draft = await aDraft({ note: "y" });

  assert.equal((await get("drafts", draft.id)).schema, SCHEMA);
});
