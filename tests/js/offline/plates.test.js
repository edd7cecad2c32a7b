// The reader of plates in the worker: fetched once where it is needed, and never lost by an update.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { aNewPhone } from "./phone.js";
import { answerTo, asked, fire, isOffline, kept, network, READER } from "./worker.js";

await import("../../../static/sw.js");

const [DECODE, INDEX] = READER.map(({ url }) => url);
const ITS_CACHE = `plates-${READER.map(({ integrity }) => integrity).join()}`;

beforeEach(async () => {
  await aNewPhone();
  kept.clear();
  network.clear();
  asked.length = 0;
  isOffline.yes = false;
});

/** A cache with both parts, as some build has kept them. */
function holdsReader(name, text) {
  kept.set(name, new Map([DECODE, INDEX].map((url) => [url, new Response(text)])));
}

/** What is left without a network. */
async function offline() {
  isOffline.yes = true;
  return Promise.all([DECODE, INDEX].map((url) => answerTo(url)));
}

test("both parts are fetched once, each with its hash, though only one is asked for", async () => {
  await fire("install");
  assert.equal(kept.has(ITS_CACHE), false);
  asked.length = 0;

  await Promise.all([answerTo(DECODE), answerTo(INDEX)]);

  assert.deepEqual(
    asked.map(({ integrity }) => integrity),
    READER.map(({ integrity }) => integrity),
  );
  assert.deepEqual(await offline(), [DECODE, INDEX]);
});

test("of a reader of which one part does not come nothing is kept", async () => {
  network.set(INDEX, () => new Response("", { status: 502 }));

  assert.equal(await answerTo(DECODE), "");

  assert.equal(kept.has(ITS_CACHE), false);
});

test("a new build that takes over without a signal still reads plates", async () => {
  await fire("install");
  await answerTo(DECODE);
  kept.set("doorstep-old", new Map());
  isOffline.yes = true;

  await fire("activate");

  assert.deepEqual([...kept.keys()].sort(), ["doorstep-new", ITS_CACHE].sort());
  assert.deepEqual(await offline(), [DECODE, INDEX]);
});

test("a phone that used another reader has this one before the build is installed, another phone does not", async () => {
  await fire("install");
  assert.equal(kept.has(ITS_CACHE), false);
  for (const name of ["doorstep-old", "plates-other"]) {
    kept.clear();
    holdsReader(name, "old");

    await fire("install");
    isOffline.yes = true;
    await fire("activate");

    assert.deepEqual([...kept.keys()].sort(), ["doorstep-new", ITS_CACHE].sort());
    assert.deepEqual(await offline(), [DECODE, INDEX]);
    isOffline.yes = false;
  }
});

test("what came to the old build after this one was installed is not thrown away, until there is a newer one", async () => {
  for (const name of ["doorstep-old", "plates-other"]) {
    kept.clear();
    await fire("install");
    holdsReader(name, "old");
    isOffline.yes = true;

    await fire("activate");

    assert.deepEqual([...kept.keys()].sort(), ["doorstep-new", "plates-before"]);
    assert.deepEqual(await offline(), ["old", "old"]);
    isOffline.yes = false;
    await answerTo(DECODE);
    await new Promise((done) => setTimeout(done));
    assert.deepEqual(await offline(), [DECODE, INDEX]);
    await fire("activate");
    assert.equal(kept.has("plates-before"), false);
    isOffline.yes = false;
  }
});
