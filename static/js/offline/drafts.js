// Visits that are being written: kept on every input, each under its visit's id, until finished or discarded.

import { dropBytes } from "./bytes.js";
import { notify } from "./changes.js";
import { ofOwn, ofReturned, returnedVisit } from "./corrections.js";
import { StorageFailure, withStores } from "./db.js";
import { uuid7 } from "./ids.js";
import { currentDraft, SCHEMA } from "./upcasts.js";

/** @typedef {import("./types.js").Draft} Draft */
/** @typedef {import("./db.js").Stores} Stores */

const STARTING = /** @type {const} */ ([
  ...["drafts", "returned", "reviews", "doors", "buildings", "outbox", "meta"],
]);

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
 * Begin a visit at a door, or a correction of one; one that is open for it already is answered as it stands.
 * Its author is whoever is signed in now. Throws StorageFailure.
 * @param {string} door
 * @param {{outcome?: string, returned?: string | boolean, own?: string, made?: Draft}} [how]  returned: the visit that
 *   came back, or true for the one of this door; own: a finished one that nobody has decided on; made: a fresh one, to
 *   be kept as it is
 * @returns {Promise<Draft>}
 */
export async function start(door, { outcome, returned, own, made } = {}) {
  const draft = await withStores([...STARTING], "readwrite", async (stores) => {
    const author = (await stores("meta").get("user"))?.id;
    if (!author) throw new StorageFailure("nobody is signed in on this phone");
    const corrected = returned ? await returnedVisit(stores, door, returned) : own;
    const open = corrected
      ? await stores("drafts").get(corrected)
      : await openVisit(stores, door, author, outcome);
    if (open) return currentDraft(open);
    const past = returned
      ? await ofReturned(stores, corrected ?? "")
      : own
        ? await ofOwn(stores, own, author)
        : null;
    const begun = {
      ...(made?.author === author ? made : await freshDraft(stores, door, author, past ?? {}, outcome)),
      label:
        (await labelOf(stores, door)) ||
        (returned ? await placeOf(stores, door, returned) : past?.label) ||
        "",
    };
    await stores("drafts").put(begun);
    return begun;
  });
  notify("drafts");
  return draft;
}

/**
 * @param {Stores} stores @param {string} door @param {string} author
 * @param {{body?: any, base?: number}} past  what a correction begins with
 * @param {string} [outcome]
 * @returns {Promise<Draft>}
 */
async function freshDraft(stores, door, author, { body, base, ...past }, outcome) {
  const row = (await stores("doors").get(door)) ?? { id: door };
  const known = { ...row, revision: base ?? row.revision };
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
 * @param {{revision: number, saves: number}} [known]  which revision, and how often it had been saved, when it was read: a
 *   later change of the same visit begins to count anew
 * @returns {Promise<number>}
 */
export async function save(id, { body, screen }, known) {
  const kept = await withStores(["drafts"], "readwrite", async (stores) => {
    const draft = currentDraft(await stores("drafts").get(id));
    if (!draft) return null;
    if (known && !isSame(draft, known)) return null;
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

/**
 * Whether nobody has written to it since.
 * @param {Draft | undefined} now @param {{revision: number, saves: number}} known
 */
export function isSame(now, known) {
  return now?.revision === known.revision && now.saves === known.saves;
}

/**
 * Throw a draft and its photos away.
 * @param {string} id
 * @param {{untouched?: boolean}} [how]  only when nothing was entered into it
 */
export async function discard(id, { untouched = false } = {}) {
  await withStores(["drafts", "photos", "bytes"], "readwrite", async (stores) => {
    const photos = await stores("photos").index("visit").getAll(id);
    const taken = photos.filter((/** @type {any} */ { state }) => state === "draft");
    // A photo is kept before its hazard names it.
    if (untouched && (taken.length > 0 || (await stores("drafts").get(id))?.saves !== 0)) return;
    for (const photo of taken) {
      await stores("photos").delete(photo.id);
      await dropBytes(stores, photo.id);
    }
    await stores("drafts").delete(id);
  });
  notify("drafts");
}

/** Open drafts of whoever is signed in, newest first. @returns {Promise<Draft[]>} */
export async function all() {
  return (await now()).open;
}

/** Whether a visit was ended at its door, which can still be undone. @param {any} draft */
export const isEnded = ({ screen }) => screen?.ending === true;

/** The same with who that is, and when the round was fetched, in one look. */
/** @returns {Promise<{open: Draft[], user: string | undefined, packed: string}>} */
export async function now() {
  const [drafts, user, packed] = await withStores(["drafts", "meta"], "readonly", (stores) =>
    Promise.all([stores("drafts").getAll(), stores("meta").get("user"), stores("meta").get("packed_at")]),
  );
  const open = drafts
    .filter((/** @type {Draft} */ draft) => draft.author === user?.id)
    .map(currentDraft)
    .sort((/** @type {Draft} */ a, /** @type {Draft} */ b) => b.touched_at.localeCompare(a.touched_at));
  return { open, user: user?.id, packed: packed ?? "" };
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
