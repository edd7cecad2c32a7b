// A page that the browser keeps as it stands holds up no other page, and is whole or nothing in what it wrote.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import * as other from "../../../static/js/offline/db.js";
import { aPhone } from "./phone.js";

let pages = 0;

/** Another page of this phone: its own copy of the module. */
async function aPage() {
  pages += 1;
  return import(`../../../static/js/offline/db.js?page=${pages}`);
}

/** Whether a promise is still open after all that could settle it had its turn. */
async function isOpen(promise) {
  let open = true;
  promise.then(
    () => (open = false),
    () => (open = false),
  );
  for (let turn = 0; turn < 20; turn += 1) await new Promise((next) => setImmediate(next));
  return open;
}

beforeEach(aPhone);

test("what only reads when its page is put away holds up no writer of another page", async () => {
  const page = await aPage();
  let begun;
  const reads = new Promise((resolve) => {
    begun = resolve;
  });
  const endless = page.withStores(["meta"], "readonly", async (stores) => {
    for (;;) {
      await stores("meta").get("x");
      begun();
    }
  });
  await reads;

  page.putAway();
  await other.setMeta({ x: "written" });

  assert.equal(await other.meta("x"), "written");
  assert.ok(await isOpen(endless));
});

test("what has written half when its page is put away leaves nothing behind, and says nothing", async () => {
  const page = await aPage();
  const half = page.withStores(["meta"], "readwrite", async (stores) => {
    await stores("meta").put(1, "half");
    page.putAway();
    await stores("meta").put(2, "whole");
  });

  assert.ok(await isOpen(half));
  assert.equal(await other.meta("half"), undefined);
});

test("what has asked for all it writes is kept", async () => {
  const page = await aPage();
  let asked;
  const all = new Promise((resolve) => {
    asked = resolve;
  });
  void page.withStores(["meta"], "readwrite", async (stores) => {
    await stores("meta").put(1, "whole");
    asked();
  });
  await all;
  for (let turn = 0; turn < 5; turn += 1) await null; // its work has ended, its transaction has not

  page.putAway();

  await other.setMeta({ after: true });
  assert.equal(await other.meta("whole"), 1);
});

test("nothing begins in a page that is put away", async () => {
  const page = await aPage();
  await page.meta("x");
  let began = false;

  page.putAway();
  const work = page.withStores(["meta"], "readwrite", () => {
    began = true;
  });

  assert.ok(await isOpen(work));
  assert.equal(began, false);
});
