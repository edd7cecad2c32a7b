// The phone's database: the only file that knows IndexedDB. Every write that matters is durable before it resolves.
import { openDB } from "../../vendor/idb.js";

const NAME = "doorstep";
const VERSION = 2;

const BLOCKED_LASTS = 5000;

/** Stores with their key and indexes; `queue` is by several properties, the others by the one they are named after. */
const STORES = {
  meta: { key: null, indexes: [] },
  grids: { key: "code", indexes: [] },
  rounds: { key: "id", indexes: [] },
  buildings: { key: "id", indexes: [] },
  doors: { key: "id", indexes: ["building"] },
  occupants: { key: "id", indexes: ["door"] },
  workplaces: { key: "id", indexes: ["door"] },
  findings: { key: "id", indexes: ["door"] },
  pictures: { key: null, indexes: [] },
  returned: { key: "visit", indexes: ["door"] },
  reviews: { key: "visit", indexes: [] },
  checklists: { key: "code", indexes: [] },
  codes: { key: "list", indexes: [] },
  notices: { key: "version", indexes: [] },
  guides: { key: "kind", indexes: [] },
  drafts: { key: "id", indexes: ["door"] },
  outbox: { key: "id", indexes: ["door", "state", "visit", "queue"] },
  photos: { key: "id", indexes: ["visit", "state"] },
  bytes: { key: null, indexes: [] },
};

/** @type {Record<string, string[]>} */
const PATHS = { queue: ["state", "seq"] };

/** @typedef {keyof typeof STORES} StoreName */
/** @typedef {(name: StoreName) => any} Stores  gives a store of the running transaction */

/** The phone could not keep or read something; `quota` tells that there is no room. */
export class StorageFailure extends Error {
  /** @param {unknown} cause */
  constructor(cause) {
    super(cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause), { cause });
    this.name = "StorageFailure";
    this.quota = cause instanceof Error && cause.name === "QuotaExceededError";
  }
}

/** @type {Promise<import("idb").IDBPDatabase<any>> | null} */
let opened = null;

/** What runs now; `whole` is a transaction that has asked for all it wants. @type {Set<{tx: any, whole: boolean}>} */
const running = new Set();
let isAway = false;

/**
 * Open the database, or answer the open one.
 * @returns {Promise<import("idb").IDBPDatabase<any>>}
 * @throws {StorageFailure}
 */
export function open() {
  opened ??= connect();
  return opened;
}

/** Close the connection; the next use opens it again. */
export async function close() {
  const last = opened;
  forgetConnection();
  (await last?.catch(() => null))?.close();
}

/**
 * The browser puts this page away and may bring it back as it stands. What runs in it would hold its locks all that
 * time (in WebKit, where it keeps every other page from writing): what is whole is committed, the rest is as if it had
 * not begun, and nothing begins any more. A page that comes back starts anew.
 */
export function putAway() {
  isAway = true;
  for (const { tx, whole } of running) {
    try {
      if (whole) tx.commit();
      else tx.abort();
    } catch {
      // It had ended by itself.
    }
  }
  void close();
}

/** Nothing goes on in a page that is put away. @returns {Promise<never>} */
function never() {
  return new Promise(() => {});
}

/** @returns {Promise<import("idb").IDBPDatabase<any>>} */
async function connect() {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let late = false;
  try {
    return await new Promise((resolve, reject) => {
      // A frozen tab may hold an older version open for ever; say so instead of hanging.
      const blocked = () => {
        timer = setTimeout(() => {
          late = true;
          reject(new Error("another tab holds an older version"));
        }, BLOCKED_LASTS);
      };
      openDB(NAME, VERSION, { upgrade, blocking, blocked, terminated: forgetConnection }).then((db) => {
        if (late) db.close(); // nobody knows it, and it would block whoever upgrades next
        resolve(db);
      }, reject);
    });
  } catch (error) {
    forgetConnection();
    throw new StorageFailure(error);
  } finally {
    clearTimeout(timer);
  }
}

/** @param {import("idb").IDBPDatabase<any>} db */
function upgrade(db) {
  for (const [name, { key, indexes }] of Object.entries(STORES)) {
    if (db.objectStoreNames.contains(name)) continue;
    const store = db.createObjectStore(name, key ? { keyPath: key } : undefined);
    for (const index of indexes) store.createIndex(index, PATHS[index] ?? index);
  }
}

/** A newer version of the app wants to upgrade: let it, and open again at the next use. */
/** @param {number} _from @param {number | null} _to @param {IDBVersionChangeEvent} event  of the connection that blocks */
function blocking(_from, _to, { target }) {
  /** @type {IDBDatabase} */ (target).close();
  forgetConnection();
}

function forgetConnection() {
  opened = null;
}

/**
 * Do work in one transaction; it is committed, durably when it writes, before this resolves.
 * `work` may await nothing but its stores.
 * @template T
 * @param {StoreName[]} names
 * @param {"readonly" | "readwrite"} mode
 * @param {(stores: Stores) => Promise<T> | T} work
 * @param {{durability?: "strict" | "relaxed"}} [how]  relaxed only for what can be fetched again
 * @returns {Promise<T>}
 * @throws {StorageFailure}
 */
export async function withStores(names, mode, work, { durability = "strict" } = {}) {
  const options = mode === "readwrite" ? { durability } : undefined;
  const begun = () => open().then((db) => (isAway ? never() : db.transaction(names, mode, options)));
  if (isAway) return never();
  let tx;
  try {
    tx = await begun();
  } catch (error) {
    if (error instanceof StorageFailure) throw error;
    forgetConnection(); // the browser closed it (iOS does, in the background): once more on a new one
    tx = await begun().catch((again) => {
      throw again instanceof StorageFailure ? again : new StorageFailure(again);
    });
  }
  const run = { tx, whole: false };
  running.add(run);
  try {
    return await settled(run, work);
  } catch (error) {
    return isAway ? never() : Promise.reject(error);
  } finally {
    running.delete(run);
  }
}

/**
 * @template T
 * @param {{tx: any, whole: boolean}} run
 * @param {(stores: Stores) => Promise<T> | T} work
 * @returns {Promise<T>}
 */
async function settled(run, work) {
  const { tx } = run;
  tx.done.catch(() => null); // reported below, once
  let result;
  try {
    result = await work((name) => tx.objectStore(name));
    run.whole = true;
  } catch (error) {
    try {
      tx.abort();
    } catch {
      // It had ended by itself.
    }
    throw isOurs(error) ? error : new StorageFailure(error);
  }
  try {
    await tx.done;
  } catch (error) {
    throw new StorageFailure(error);
  }
  return result;
}

/** @param {unknown} error */
function isOurs(error) {
  return error instanceof Error && !(error instanceof DOMException);
}

/** So many rows are read at once: what has many must hold up nothing else. */
const PORTION = 200;

/**
 * Every row of a store of a running transaction, portion by portion, in the order of its keys.
 * @param {any} store  with a key of its own
 * @param {(rows: any[]) => void} use
 * @param {IDBKeyRange} [range]
 */
export async function eachPortion(store, use, range) {
  let rest = range;
  for (;;) {
    const rows = await store.getAll(rest, PORTION);
    if (rows.length) use(rows);
    if (rows.length < PORTION) return;
    const last = rows[rows.length - 1][store.keyPath];
    if (range?.upper === last) return;
    rest = range ? IDBKeyRange.bound(last, range.upper, true) : IDBKeyRange.lowerBound(last, true);
  }
}

/**
 * A value of the store `meta`.
 * @param {string} name
 */
export function meta(name) {
  return withStores(["meta"], "readonly", (stores) => stores("meta").get(name));
}

/**
 * Set values of the store `meta`; undefined removes one.
 * @param {Record<string, unknown>} values
 */
export function setMeta(values) {
  return withStores(["meta"], "readwrite", async (stores) => {
    for (const [name, value] of Object.entries(values)) {
      if (value === undefined) await stores("meta").delete(name);
      else await stores("meta").put(value, name);
    }
  });
}
