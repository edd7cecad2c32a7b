// The service worker: one build whole or none, the shell for every page of the phone, nothing else touched.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { close } from "../../../static/js/offline/db.js";
import { setLanguage } from "../../../static/js/offline/enrolment.js";
import { aNewPhone, aPhone, aRecord, rows, withNavigator } from "./phone.js";
import { json, Server } from "./server.js";
import { answerTo, asked, calls, FILES, fire, kept, network } from "./worker.js";

await import("../../../static/sw.js");
const fetchOfTheWorker = globalThis.fetch;

beforeEach(async () => {
  await aNewPhone();
  globalThis.fetch = fetchOfTheWorker;
  kept.clear();
  network.clear();
  asked.length = 0;
  calls.length = 0;
});

const PAGE = { mode: "navigate" };

test("installing fetches every file with its hash, and asks whether what the page has fetched is still it", async () => {
  await fire("install");

  assert.deepEqual([...kept.get("doorstep-new").keys()].sort(), [
    "/phone/?lang=en",
    "/phone/?lang=zh",
    "/phone/app.js",
  ]);
  for (const [index, request] of asked.entries()) {
    assert.deepEqual([request.integrity, request.cache], [FILES[index].integrity, "no-cache"]);
  }
  assert.equal(asked.length, FILES.length);
});

test("a page that the worker makes is as safe as one that the server sends, and is not packed", async () => {
  await fire("install");

  const { headers } = kept.get("doorstep-new").get("/phone/?lang=en");

  assert.equal(headers.get("Content-Security-Policy"), "default-src 'self'");
  assert.equal(headers.get("Content-Type"), "text/html");
  assert.equal(headers.get("Content-Encoding"), null);
});

test("what a cache of the browser has wrong is fetched past it", async () => {
  const ways = [];
  network.set("/phone/app.js", () => {
    ways.push(asked.at(-1).cache);
    if (ways.at(-1) !== "reload") throw new TypeError("Failed to fetch: its hash is another");
    return new Response("right");
  });

  await fire("install");

  assert.deepEqual(ways, ["no-cache", "reload"]);
  assert.equal(await kept.get("doorstep-new").get("/phone/app.js").text(), "right");
});

test("a build of which one file is missing is not installed, and the old one stays", async () => {
  kept.set("doorstep-old", new Map([["/phone/?lang=zh", new Response("old")]]));
  network.set("/phone/app.js", () => new Response("", { status: 404 }));

  await assert.rejects(fire("install"));

  assert.ok(kept.has("doorstep-old"));
});

test("old builds go only when the new one takes over, and other caches never", async () => {
  kept.set("doorstep-old", new Map());
  kept.set("somebody-else", new Map());
  await fire("install");
  assert.ok(kept.has("doorstep-old"));

  await fire("activate");

  assert.deepEqual([...kept.keys()].sort(), ["doorstep-new", "somebody-else"]);
  assert.deepEqual(calls, ["claim"]);
});

test("every page of the phone gets the shell in the language of the phone, without the network", async (context) => {
  await fire("install");
  asked.length = 0;

  withNavigator(context, { language: "zh-CN" });
  assert.equal(await answerTo("/phone/", PAGE), "/phone/?lang=zh");
  withNavigator(context, { language: "en-GB" });
  assert.equal(await answerTo("/phone/", PAGE), "/phone/?lang=en");
  withNavigator(context, { language: "tr" });
  assert.equal(await answerTo("/phone/", PAGE), "/phone/?lang=zh");
  await setLanguage("en");
  for (const url of ["/phone/", "/phone/door", "/phone/visit?x=1", "/phone/?lang=zh"]) {
    assert.equal(await answerTo(url, PAGE), "/phone/?lang=en");
  }
  await setLanguage("xx");
  assert.equal(await answerTo("/phone/", PAGE), "/phone/?lang=zh");
  assert.deepEqual(asked, []);
});

test("when the database cannot be read the shell comes in Chinese", async (context) => {
  await fire("install");
  await setLanguage("en");
  await close();
  context.mock.method(indexedDB, "open", () => {
    throw new DOMException("damaged", "UnknownError");
  });

  assert.equal(await answerTo("/phone/", PAGE), "/phone/?lang=zh");
});

test("a kept file comes from the cache, and from the network when the browser has dropped it", async () => {
  await fire("install");
  asked.length = 0;
  assert.equal(await answerTo("/phone/app.js"), "/phone/app.js");
  assert.deepEqual(asked, []);
  kept.clear();

  assert.equal(await answerTo("/phone/app.js"), "/phone/app.js");

  assert.equal(asked.length, 1);
});

for (const [name, url, options] of [
  ["the desk's pages", "/reviews", PAGE],
  ["sending", "/sync/batches", { method: "POST" }],
  ["the pack", "/sync/pack?since=c", {}],
  ["another version of a kept file", "/phone/app.js?v=2", {}],
  ["a file that is not kept", "/static/js/other.js", {}],
  ["another host", "https://elsewhere.example/phone/", PAGE],
  ["a form that is sent to the phone's address", "/phone/", { ...PAGE, method: "POST" }],
]) {
  test(`${name} is left alone`, async () => {
    await fire("install");

    assert.equal(await answerTo(url, options), null);
  });
}

test("Background Sync sends what waits, and asks to be called again when it could not", async () => {
  await aPhone();
  await aRecord();
  const server = new Server().start();
  server.faults.probe = () => json({});
  await assert.rejects(fire("sync", { tag: "outbox" }), /portal/);
  server.faults = {};

  await fire("sync", { tag: "outbox" });

  assert.deepEqual(
    (await rows("outbox")).map(({ state }) => state),
    ["accepted"],
  );
});

test("Background Sync asks to be called again while a page is sending, which may be closed before its end", async (context) => {
  await aPhone();
  await aRecord();
  const server = new Server().start();
  const busy = { request: async (_name, { ifAvailable }, work) => work(ifAvailable ? null : {}) };

  withNavigator(context, { locks: busy });

  await assert.rejects(fire("sync", { tag: "outbox" }), /waits/);

  assert.deepEqual(server.asked, []);
});

test("another tag of Background Sync is not ours", async () => {
  await aPhone();
  await aRecord();
  const server = new Server().start();

  await fire("sync", { tag: "other" });

  assert.deepEqual(server.asked, []);
});

test("the page says when a waiting version takes over", async () => {
  await fire("message", { data: { type: "hello" } });
  assert.deepEqual(calls, []);

  await fire("message", { data: { type: "skip-waiting" } });

  assert.deepEqual(calls, ["skipWaiting"]);
});

test("when the database never answers the shell comes in Chinese", async (context) => {
  // The last test here: what was opened in it stays open.
  await fire("install");
  await setLanguage("en");
  await close();
  context.mock.method(indexedDB, "open", () => new IDBOpenDBRequest());
  context.mock.timers.enable({ apis: ["setTimeout"] });

  const answer = answerTo("/phone/", PAGE);
  context.mock.timers.tick(1000);

  assert.equal(await answer, "/phone/?lang=zh");
});
