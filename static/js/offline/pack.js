// Downloads the pack: page by page, each applied in one transaction with its cursor, so it resumes where it stopped.

import { notify } from "./changes.js";
import { meta, withStores } from "./db.js";
import { adoptEpoch } from "./epoch.js";
import { alone } from "./locks.js";
import { requestJson, WireProblem } from "./wire.js";

/** Lists of rows by the store that holds them; `codes` comes as an object of lists. */
const LISTS = /** @type {const} */ ([
  "grids",
  "rounds",
  "buildings",
  "doors",
  "occupants",
  "findings",
  "returned",
  "reviews",
  "checklists",
  "notices",
]);
const STORES = /** @type {const} */ ([...LISTS, "codes"]);
const PAGES_AT_MOST = 500;

/** Which store a removal is about. @type {Record<string, import("./db.js").StoreName>} */
const KINDS = {
  door: "doors",
  building: "buildings",
  occupant: "occupants",
  finding: "findings",
  returned: "returned",
  round: "rounds",
};

/**
 * Fetch what changed since the last time; throws WireProblem (401: sign in) or StorageFailure.
 * @returns {Promise<{changed: boolean}>}
 */
export async function refresh() {
  const done = await alone("doorstep-pack", fetchPages, { wait: true });
  if (done?.changed) notify("pack");
  return done ?? { changed: false };
}

/** When the pack was last whole, in RFC 3339; null before the first time. @returns {Promise<string | null>} */
export async function lastPackedAt() {
  return (await meta("packed_at")) ?? null;
}

async function fetchPages() {
  let changed = false;
  for (let count = 0; count < PAGES_AT_MOST; count++) {
    const cursor = await meta("cursor");
    const page = await requestJson(
      `/sync/pack${cursor ? `?since=${encodeURIComponent(cursor)}` : ""}`,
      isPage,
    );
    await adoptEpoch(page.epoch);
    changed = (await apply(page)) || changed;
    if (!page.more) return { changed };
  }
  throw new WireProblem("busy");
}

/** @param {any} page @returns {Promise<boolean>} whether it held anything */
function apply(page) {
  const work = async (/** @type {import("./db.js").Stores} */ stores) => {
    const box = stores("meta");
    let generation = (await box.get("generation")) ?? 0;
    if (page.reset) {
      generation += 1;
      await box.put(generation, "generation");
      await box.put(true, "renewing");
    }
    const rows = await put(stores, page, generation);
    for (const { kind, id } of page.removed ?? []) if (KINDS[kind]) await stores(KINDS[kind]).delete(id);
    if (!page.more) await finish(stores, page, generation);
    await box.put(page.cursor, "cursor");
    return rows > 0 || (page.removed ?? []).length > 0 || page.reset;
  };
  // Relaxed: what is lost here can be fetched again, and the cursor is in the same transaction.
  return withStores(["meta", ...STORES], "readwrite", work, { durability: "relaxed" });
}

/**
 * Old rows stay until the new pack is whole: a download that breaks off leaves a usable round.
 * @param {import("./db.js").Stores} stores @param {any} page @param {number} generation
 */
async function put(stores, page, generation) {
  let rows = 0;
  const writes = [];
  for (const name of LISTS) {
    for (const row of page[name] ?? []) {
      writes.push(stores(name).put({ ...row, generation }));
      rows += 1;
    }
  }
  for (const [list, entries] of Object.entries(page.codes ?? {})) {
    writes.push(stores("codes").put({ list, entries, generation }));
  }
  await Promise.all(writes);
  return rows;
}

/** @param {import("./db.js").Stores} stores @param {any} page @param {number} generation */
async function finish(stores, page, generation) {
  const box = stores("meta");
  if (await box.get("renewing")) {
    for (const name of STORES) await dropOlder(stores(name), generation);
    await box.delete("renewing");
  }
  await box.put(page.now, "packed_at");
  if (page.durable_through) await box.put(page.durable_through, "durable_through");
}

/** @param {any} store @param {number} generation */
async function dropOlder(store, generation) {
  for (let cursor = await store.openCursor(); cursor; cursor = await cursor.continue()) {
    if (cursor.value.generation !== generation) await cursor.delete();
  }
}

/** @param {any} body */
function isPage(body) {
  const lists = LISTS.every((name) => body[name] === undefined || Array.isArray(body[name]));
  return (
    typeof body.cursor === "string" &&
    typeof body.epoch === "string" &&
    typeof body.more === "boolean" &&
    lists
  );
}
