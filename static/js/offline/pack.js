// Downloads the pack: page by page, each applied in one transaction with its cursor, so it resumes where it stopped.
import { notify } from "./changes.js";
import { meta, withStores } from "./db.js";
import { enrol } from "./enrolment.js";
import { adoptEpoch } from "./epoch.js";
import { alone } from "./locks.js";
import { requestJson, WireProblem } from "./wire.js";

/** Lists of rows by the store that holds them, and what each row must have; `codes` comes as an object of lists. */
const NEEDS = {
  grids: ["code"],
  rounds: ["id"],
  buildings: ["id"],
  doors: ["id", "building"],
  occupants: ["id", "door"],
  workplaces: ["id", "door"],
  findings: ["id", "door"],
  returned: ["visit", "door", "event", "body"],
  reviews: ["visit"],
  checklists: ["code", "items"],
  notices: ["version"],
  guides: ["kind"],
};
const LISTS = /** @type {(keyof typeof NEEDS)[]} */ (Object.keys(NEEDS));
const STORES = /** @type {const} */ ([...LISTS, "codes"]);
const PAGES_AT_MOST = 500;
const PAGE_MS = 60_000;

/** Which store a removal is about. @type {Record<string, import("./db.js").StoreName>} */
const KINDS = {
  door: "doors",
  building: "buildings",
  occupant: "occupants",
  workplace: "workplaces",
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
  let enrolled = false;
  for (let count = 0; count < PAGES_AT_MOST; count++) {
    const [cursor, user] = await Promise.all(["cursor", "user"].map(meta));
    if (!user) throw new WireProblem("sign-in-needed", { status: 401 });
    const page = await pageAfter(cursor);
    if (!page || page.user.id !== user.id) {
      // This phone is not known any more, or somebody else has signed in: enrol again, keeping all that is unsent.
      if (enrolled) throw new WireProblem("device-unknown", { status: 401 });
      await enrol(await meta("build"));
      enrolled = true;
      continue;
    }
    await adoptEpoch(page.epoch);
    changed = (await apply(page, cursor)) || changed;
    if (!page.more) return { changed };
  }
  throw new WireProblem("busy");
}

/**
 * @param {string | undefined} cursor
 * @returns {Promise<any>} null when the server does not know this phone for whoever is signed in
 */
async function pageAfter(cursor) {
  const query = cursor ? `?since=${encodeURIComponent(cursor)}` : "";
  try {
    return await requestJson(`/sync/pack${query}`, isPage, { timeout: PAGE_MS });
  } catch (error) {
    if (error instanceof WireProblem && error.code === "device-unknown") return null;
    throw error;
  }
}

/**
 * @param {any} page
 * @param {string | undefined} cursor  that it was asked with; when another tab has moved it on, the page is void
 * @returns {Promise<boolean>} whether it held anything
 */
function apply(page, cursor) {
  const work = async (/** @type {import("./db.js").Stores} */ stores) => {
    const box = stores("meta");
    if ((await box.get("cursor")) !== cursor) return false;
    let generation = (await box.get("generation")) ?? 0;
    if (page.reset) {
      generation += 1;
      await box.put(generation, "generation");
      await box.put(true, "renewing");
    }
    // First, since what is in a page of its own accord has come back after it went.
    for (const { kind, id } of page.removed ?? []) if (KINDS[kind]) await stores(KINDS[kind]).delete(id);
    const rows = await put(stores, page, generation);
    if (page.rescue?.public) await box.put(page.rescue, "rescue");
    if (page.endings) await box.put(page.endings, "endings");
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
      // One that fails aborts the transaction, which reports it.
      writes.push(
        stores(name)
          .put({ ...row, generation })
          .catch(() => null),
      );
      rows += 1;
    }
  }
  for (const [list, entries] of Object.entries(page.codes ?? {})) {
    writes.push(
      stores("codes")
        .put({ list, entries, generation })
        .catch(() => null),
    );
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
  await forgetHousesOf(stores);
  await box.put(page.now, "packed_at");
}

/** A house that was added here and that the desk knows by another id: its doors are all there. */
/** @param {import("./db.js").Stores} stores */
async function forgetHousesOf(stores) {
  for (const { id, proposal } of await stores("buildings").getAll())
    if (proposal && !(await stores("doors").index("building").getKey(id)))
      await stores("buildings").delete(id);
}

/** @param {any} store @param {number} generation */
async function dropOlder(store, generation) {
  for (let cursor = await store.openCursor(); cursor; cursor = await cursor.continue()) {
    // Doors and houses that were added here stay until the pack brings them under the same id.
    if (cursor.value.generation !== generation && !cursor.value.proposal) await cursor.delete();
  }
}

/** @param {any} body */
function isPage(body) {
  const whole =
    typeof body.cursor === "string" &&
    typeof body.epoch === "string" &&
    typeof body.more === "boolean" &&
    typeof body.user?.id === "string" &&
    !Number.isNaN(Date.parse(body.now));
  return (
    whole &&
    areRows(body.endings, ["status", "at"]) &&
    LISTS.every((name) => areRows(body[name], NEEDS[name])) &&
    areRows(body.removed, ["id"])
  );
}

/** @param {unknown} list @param {string[]} keys */
function areRows(list, keys) {
  if (list === undefined) return true;
  return Array.isArray(list) && list.every((row) => keys.every((key) => row?.[key] != null));
}
