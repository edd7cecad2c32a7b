// The one door to IndexedDB: a transaction is whole or nothing, and every failure has a name.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { forceCloseDatabase } from "fake-indexeddb";
import { close, meta, open, StorageFailure, setMeta, withStores } from "../../../static/js/offline/db.js";
import { unwrap } from "../../../static/vendor/idb.js";
import { aNewPhone, aPhone, get, rows } from "./phone.js";

beforeEach(aPhone);

test("what fails in the middle leaves nothing behind", async () => {
  const work = withStores(["meta", "reviews"], "readwrite", async (stores) => {
    await stores("meta").put("x", "half");
    await stores("reviews").put({ visit: "v" });
    throw new RangeError("mine");
  });

  await assert.rejects(work, RangeError);
  assert.equal(await meta("half"), undefined);
  assert.deepEqual(await rows("reviews"), []);
});

test("a failure of the storage has a name and its cause", async () => {
  const work = withStores(["reviews"], "readwrite", (stores) => stores("reviews").put({ nothing: 1 }));

  await assert.rejects(work, (error) => error instanceof StorageFailure && error.cause.name === "DataError");
});

test("a transaction that is taken away while it writes is a failure, and nothing of it is there", async () => {
  const work = withStores(["meta"], "readwrite", async (stores) => {
    await stores("meta").put(1, "half");
    stores("meta").transaction.abort();
  });

  await assert.rejects(work, StorageFailure);
  assert.equal(await meta("half"), undefined);
});

test("after the browser has closed the connection it is opened again", async () => {
  const first = await open();
  first.close();

  await setMeta({ after: "close" });

  assert.equal(await meta("after"), "close");
  assert.notEqual(await open(), first);
});

test("the event `close` makes the next use open it again", async () => {
  const first = await open();
  forceCloseDatabase(unwrap(first));

  assert.notEqual(await open(), first);
});

test("a newer version of the app may upgrade while this one is open, which then says so", async () => {
  await open();
  await new Promise((resolve, reject) => {
    const upgrade = indexedDB.open("doorstep", 99);
    upgrade.onsuccess = () => resolve(upgrade.result.close());
    upgrade.onerror = () => reject(upgrade.error);
  });

  await assert.rejects(
    meta("epoch"),
    (error) => error instanceof StorageFailure && error.cause.name === "VersionError",
  );
});

test("an upgrade that another tab blocks ends in a failure, not in silence", async (context) => {
  await aNewPhone();
  const holder = await new Promise((resolve) => {
    const old = indexedDB.open("doorstep", 0.5 + 0.5);
    old.onsuccess = () => resolve(old.result);
  });
  holder.onversionchange = null;
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const real = indexedDB.open;
  indexedDB.open = (name) => {
    const request = real.call(indexedDB, name, 99);
    request.addEventListener("blocked", () => queueMicrotask(() => context.mock.timers.tick(5000)));
    return request;
  };

  await assert.rejects(open(), StorageFailure);
  holder.close();
});

test("a phone without IndexedDB is told so", async (context) => {
  await close();
  const { indexedDB } = globalThis;
  context.after(() => Object.assign(globalThis, { indexedDB }));
  delete globalThis.indexedDB;

  await assert.rejects(open(), StorageFailure);
});

test("opening that failed once is tried again at the next use", async (context) => {
  await close();
  context.mock.method(indexedDB, "open", () => {
    throw new DOMException("no", "UnknownError");
  });
  await assert.rejects(get("meta", "epoch"), StorageFailure);
  context.mock.restoreAll();

  assert.ok(await get("meta", "epoch"));
});
