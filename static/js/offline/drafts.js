// Visits that are being written: kept on every input, each under its visit's id, until finished or discarded.

import { dropBytes } from "./bytes.js";
import { notify } from "./changes.js";
import { StorageFailure, withStores } from "./db.js";
import { uuid7 } from "./ids.js";
import { currentDraft, SCHEMA, upcast } from "./upcasts.js";

/** @typedef {import("./types.js").Draft} Draft */
/** @typedef {import("./db.js").Stores} Stores */

/**
 * A visit that begins now, not kept yet: a screen may show it while `start` keeps it.
 * @param {any} door  as the register knows it
 * @param {string} author
 * @param {any} [said]  what the tap itself says
 * @returns {Draft}
 */
export function fresh(door, author, said = {}) {
  const now = new Date().toISOString();
  const basics = {
    id: uuid7(),
    door: door.id,
    revision: 1,
    started_at: now,
    touched_at: now,
    author,
    saves: 0,
  };
  // A door that only this phone knows goes with each visit to it, until the pack brings it.
  const added = door.proposal ? { door: door.proposal } : {};
  const body = { ...said, ...added, base_revision: door.revision ?? 0 };
  return { ...basics, schema: SCHEMA, body, screen: {} };
}

/**
 * Begin a visit at a door, or a correction of a returned one; one that is open for it already is answered as it stands.
 * Its author is whoever is signed in now. Throws StorageFailure.
 * @param {string} door
 * @param {{outcome?: string, returned?: string | boolean, made?: Draft}} [how]  returned: the visit that came back, or
 *   true for the one of this door; made: a fresh one, to be kept as it is
 * @returns {Promise<Draft>}
 */
export async function start(door, { outcome, returned, made } = {}) {
  const names = /** @type {const} */ (["drafts", "returned", "doors", "buildings", "outbox", "meta"]);
  const draft = await withStores([...names], "readwrite", async (stores) => {
    const author = (await stores("meta").get("user"))?.id;
    if (!author) throw new StorageFailure("nobody is signed in on this phone");
    const open = returned
      ? await stores("drafts").get(await returnedVisit(stores, door, returned))
      : await openVisit(stores, door, author, outcome);
    if (open) return currentDraft(open);
    const begun = {
      ...(made?.author === author ? made : await freshDraft(stores, door, author, { outcome, returned })),
      label: (await labelOf(stores, door)) || (returned ? await placeOf(stores, door, returned) : ""),
    };
    await stores("drafts").put(begun);
    return begun;
  });
  notify("drafts");
  return draft;
}

/**
 * @param {Stores} stores @param {string} door @param {string} author
 * @param {{outcome?: string, returned?: string | boolean}} how
 * @returns {Promise<Draft>}
 */
async function freshDraft(stores, door, author, { outcome, returned }) {
  /** @type {{body?: any}} */
  const { body, ...past } = returned
    ? await correction(stores, await returnedVisit(stores, door, returned))
    : {};
  const known = (await stores("doors").get(door)) ?? { id: door };
  return { ...fresh(known, author, { ...body, ...(outcome ? { outcome } : {}) }), ...past };
}

/**
 * Where a door is, in words: "9 Example Road 2-301"; empty when it is not in the pack.
 * @param {Stores} stores  doors and buildings
 * @param {string} id
 */
export async function labelOf(stores, id) {
  const door = await stores("doors").get(id);
  if (!door) return "";
  const building = await stores("buildings").get(door.building);
  return [building?.address, door.unit ? `${door.unit}-${door.door}` : door.door].filter(Boolean).join(" ");
}

/** Where a returned visit was, as the desk says. @param {Stores} stores @param {string} door @param {string | boolean} returned */
async function placeOf(stores, door, returned) {
  const row = await stores("returned").get(await returnedVisit(stores, door, returned));
  return row?.where ?? "";
}

/** @param {string} id @returns {Promise<Draft | undefined>} */
export async function read(id) {
  return currentDraft(await withStores(["drafts"], "readonly", (stores) => stores("drafts").get(id)));
}

/** Another window has written to the draft since it was read here, or has finished it or thrown it away. */
export class Overtaken extends Error {}

/**
 * Keep a change of a draft; resolves when it is durable, with how often it was saved. Throws StorageFailure, and
 * Overtaken, also when the draft is gone.
 * @param {string} id
 * @param {{body?: any, screen?: any}} patch
 * @param {number} [expected]  how often it had been saved when it was read
 * @returns {Promise<number>}
 */
export async function save(id, { body, screen }, expected) {
  const kept = await withStores(["drafts"], "readwrite", async (stores) => {
    const draft = currentDraft(await stores("drafts").get(id));
    if (!draft) return null;
    if (expected !== undefined && draft.saves !== expected) return null;
    const now = { touched_at: new Date().toISOString(), saves: draft.saves + 1 };
    await stores("drafts").put({
      ...draft,
      ...now,
      body: body ?? draft.body,
      screen: screen ?? draft.screen,
    });
    return now.saves;
  });
  if (kept === null) throw new Overtaken();
  return kept;
}

/** Throw a draft and its photos away. @param {string} id */
export async function discard(id) {
  await withStores(["drafts", "photos", "bytes"], "readwrite", async (stores) => {
    for (const photo of await stores("photos").index("visit").getAll(id)) {
      if (photo.state !== "draft") continue;
      await stores("photos").delete(photo.id);
      await dropBytes(stores, photo.id);
    }
    await stores("drafts").delete(id);
  });
  notify("drafts");
}

/** Open drafts of whoever is signed in, newest first. @returns {Promise<Draft[]>} */
export async function all() {
  const [drafts, user] = await withStores(["drafts", "meta"], "readonly", (stores) =>
    Promise.all([stores("drafts").getAll(), stores("meta").get("user")]),
  );
  return drafts
    .filter((/** @type {Draft} */ draft) => draft.author === user?.id)
    .map(currentDraft)
    .sort((/** @type {Draft} */ a, /** @type {Draft} */ b) => b.touched_at.localeCompare(a.touched_at));
}

/**
 * A visit of the same kind that is open at this door: a second tap goes on with it.
 * @param {Stores} stores @param {string} door @param {string} author @param {string} [outcome]
 * @returns {Promise<Draft | undefined>}
 */
async function openVisit(stores, door, author, outcome) {
  const drafts = await stores("drafts").index("door").getAll(door);
  return drafts.find(
    (/** @type {Draft} */ draft) =>
      draft.author === author &&
      draft.revision === 1 &&
      !draft.screen?.ending &&
      draft.body.outcome === outcome,
  );
}

/** @param {Stores} stores @param {string} door @param {string | boolean} returned @returns {Promise<string>} */
async function returnedVisit(stores, door, returned) {
  if (typeof returned === "string") return returned;
  const rows = await stores("returned").index("door").getAll(door);
  rows.sort((/** @type {any} */ a, /** @type {any} */ b) => (b.at ?? "").localeCompare(a.at ?? ""));
  if (rows.length === 0) throw new StorageFailure("this visit was not returned");
  return rows[0].visit;
}

/**
 * What a correction begins with: the revision that came back, as this phone sent it where that is still here (the desk
 * hands numbers and telephones back only masked).
 * @param {Stores} stores
 * @param {string} visit
 * @returns {Promise<{id: string, revision: number, previous: string, body: any}>}
 */
async function correction(stores, visit) {
  const row = await stores("returned").get(visit);
  if (!row) throw new StorageFailure("this visit was not returned");
  const corrected = await stores("outbox").index("visit").getAll(visit);
  if (corrected.some((/** @type {any} */ record) => record.revision > row.revision)) {
    throw new StorageFailure("this visit is corrected already");
  }
  const own = await stores("outbox").get(row.event);
  const body = contentOf(own ? upcast(JSON.parse(own.body), own.schema) : upcast(row.body, row.schema ?? 1));
  return { id: visit, revision: row.revision + 1, previous: row.event, body };
}

/**
 * What was said before, without what belongs to the old revision. Its photos stay listed: they are at the desk or on
 * their way, and a finding may go on naming them.
 * @param {any} body
 */
function contentOf(body) {
  const { visit, revision, previous, dwelling, base_revision, started_at, finished_at, ...content } = body;
  return content;
}
