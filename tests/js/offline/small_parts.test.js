// Ids, digests, pauses, news: small parts that everything else stands on.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pauseAfter } from "../../../static/js/offline/backoff.js";
import { notify, onChange } from "../../../static/js/offline/changes.js";
import { digestOf, sha256Base64, sha256Hex } from "../../../static/js/offline/digest.js";
import { uuid7 } from "../../../static/js/offline/ids.js";
import { alone } from "../../../static/js/offline/locks.js";

test("an id is a UUID of version 7 with its time in front", () => {
  const id = uuid7(0x018bcfe56800);

  assert.match(id, /^018bcfe5-6800-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(new Set(Array.from({ length: 1000 }, () => uuid7(0))).size, 1000);
});

test("ids of one millisecond are in the order in which they were made", () => {
  const ids = Array.from({ length: 5000 }, () => uuid7(7));

  assert.deepEqual(ids, [...ids].sort());
  assert.equal(new Set(ids).size, 5000);
});

test("digests are over the UTF-8 bytes", async () => {
  const bytes = new TextEncoder().encode("入户");

  assert.equal(await digestOf("入户"), `sha-256:${await sha256Hex(bytes)}`);
  assert.equal(
    await sha256Hex(new Uint8Array()),
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  );
  assert.equal(await sha256Base64(new Uint8Array()), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
});

test("pauses are drawn below a ceiling that doubles from 2 s to 15 min and never end", () => {
  const ceilings = [1, 2, 3, 9, 10, 11, 1000].map((failures) => pauseAfter(failures, () => 1));

  assert.deepEqual(ceilings, [2000, 4000, 8000, 512_000, 900_000, 900_000, 900_000]);
  assert.ok(pauseAfter(5, () => 0) >= 500);
});

test("a pause may be any below its ceiling, so that phones which failed together do not come together", () => {
  const drawn = [0.75, 0.5, 0.25].map((chance) => pauseAfter(4, () => chance));

  assert.deepEqual(drawn, [12_000, 8000, 4000]);
});

test("news reach every listener here, and other tabs, once", async () => {
  const other = new BroadcastChannel("doorstep");
  const heard = [];
  const there = new Promise((resolve) => {
    other.onmessage = ({ data }) => resolve(data);
  });
  const stop = onChange((topic) => heard.push(topic));

  notify("outbox");
  stop();
  notify("pack");

  assert.deepEqual(heard, ["outbox"]);
  assert.equal(await there, "outbox");
  other.close();
});

test("news from another tab reach the listeners here", async () => {
  const other = new BroadcastChannel("doorstep");
  const heard = new Promise((resolve) => {
    onChange(resolve);
  });

  other.postMessage("drain");

  assert.equal(await heard, "drain");
  other.close();
});

test("a listener that fails keeps the news from nobody, and is reported", (context) => {
  const reported = [];
  globalThis.reportError = (error) => reported.push(error.message);
  context.after(() => delete globalThis.reportError);
  const heard = [];
  const fail = () => {
    throw new Error("mine");
  };
  const stops = [onChange(fail), onChange((topic) => heard.push(topic))];

  notify("drafts");
  for (const stop of stops) stop();

  assert.deepEqual([heard, reported], [["drafts"], ["mine"]]);
});

test("without Web Locks work is done alone within the page, also after work that failed", async () => {
  let release = () => {};
  const first = alone("name", () => new Promise((resolve) => (release = resolve)));
  assert.equal(await alone("name", async () => "second"), null);
  assert.equal(await alone("other", async () => "other"), "other");
  release("first");
  assert.equal(await first, "first");

  await assert.rejects(
    alone("name", () => Promise.reject(new RangeError())),
    RangeError,
  );

  assert.equal(await alone("name", async () => "third"), "third");
});
