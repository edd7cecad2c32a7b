// How far every record of this phone has come: read once, in portions, and kept in memory, so that no screen costs more
// when a thousand visits wait than when ten do. Whoever changes a record or a photo names it (changes.js); that one is
// read again, and nothing else.
import { onChange } from "./changes.js";
import { eachPortion, meta, withStores } from "./db.js";

/**
 * @typedef {import("./types.js").OutboxRecord} OutboxRecord
 * @typedef {import("./types.js").Photo} Photo
 * @typedef {Omit<OutboxRecord, "body"> & {outcome: string}} Standing  a record without its text
 * @typedef {{records: Map<string, Standing>, photos: Map<string, Photo>, made: Map<Function, {of: any[], is: any}>}} Kept
 *   `made` is what was made of it
 */

/** @type {Promise<Kept> | null} */
let kept = null;
/** What has changed since it was read. */
let changed = nothing();

onChange((topic, ids) => {
  if (topic !== "outbox" && topic !== "drain") return;
  if (ids) {
    for (const id of ids.records ?? []) changed.records.add(id);
    for (const id of ids.photos ?? []) changed.photos.add(id);
  } else if (topic === "outbox") doubt();
});

/** @returns {{records: Set<string>, photos: Set<string>}} */
function nothing() {
  return { records: new Set(), photos: new Set() };
}

/** Read everything again when it is next needed: the page may have slept while others wrote. */
export function doubt() {
  kept = null;
}

/** Whether the pack cannot tell yet of what a record says: it holds what was answered before it was asked for. Of what an
 *  earlier release received it is not said; the pack has come since. @param {any} record @param {string} packed */
export function isNews({ receipt, answered_at }, packed) {
  return !receipt || answered_at > packed;
}

/** @returns {Promise<string | undefined>} */
async function whoIsIn() {
  return (await meta("user"))?.id;
}

/**
 * Records of whoever is signed in, oldest first.
 * @param {Promise<{user?: string | null}>} [asked]  what says who that is, where it is being read anyhow
 * @returns {Promise<Standing[]>}
 */
export async function standings(asked) {
  const [all, user] = await Promise.all([current(), asked?.then((one) => one.user) ?? whoIsIn()]);
  return madeOnce(all, ownOf, user);
}

/** @param {Kept} all @param {string | null | undefined} user */
function ownOf({ records }, user) {
  const own = [...records.values()].filter((record) => record.author === user);
  return own.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/**
 * What `make` says, made once while nothing is new: a thousand records are not gone through each time a screen opens.
 * @template T
 * @template {any[]} A
 * @param {Kept} all @param {(all: Kept, ...given: A) => T} make @param {A} of
 * @returns {T}
 */
function madeOnce(all, make, ...of) {
  let known = all.made.get(make);
  if (!known?.of.every((one, at) => one === of[at])) {
    known = { of, is: make(all, ...of) };
    all.made.set(make, known);
  }
  return known.is;
}

/** How many records wait here, whoever made them. */
export async function waitingHere() {
  return [...(await current()).records.values()].filter(({ state }) => state === "waiting").length;
}

/**
 * How many of these records are not at the desk whole, and how many of their photos.
 * @param {Standing[]} records
 * @returns {Promise<{records: number, photos: number}>}
 */
export async function unsentOf(records) {
  return madeOnce(await current(), leftOf, records);
}

/** @param {Kept} all @param {Standing[]} records */
function leftOf({ photos }, records) {
  const left = { records: 0, photos: 0 };
  for (const record of records) {
    const own = record.photos.filter((id) => isOnItsWay(photos.get(id))).length;
    if (own > 0 || record.state === "waiting") left.records += 1;
    left.photos += own;
  }
  return left;
}

/** @param {Photo | undefined} photo */
function isOnItsWay(photo) {
  return photo?.state === "waiting" || photo?.state === "sending";
}

/**
 * Records with the facts of their photos in place of their ids.
 * @param {Standing[]} records
 * @returns {Promise<(Omit<Standing, "photos"> & {photos: Photo[]})[]>}
 */
export async function withPhotos(records) {
  return photosOf(await current(), records);
}

/** @param {Kept} all @param {Standing[]} records */
function photosOf({ photos }, records) {
  return records.map((record) => ({
    ...record,
    photos: record.photos.map((id) => photos.get(id)).filter((photo) => photo !== undefined),
  }));
}

/**
 * The last of these records, newest first, each with its photos and the review of its own revision; one that a newer
 * record corrects says so instead of waiting for a review.
 * @param {Standing[]} records  oldest first
 * @param {number} most
 * @param {Map<string, any>} reviews  by visit
 */
export async function newest(records, most, reviews) {
  return madeOnce(await current(), newestOf, records, most, reviews);
}

/** @param {Kept} all @param {Standing[]} records @param {number} most @param {Map<string, any>} reviews */
function newestOf(all, records, most, reviews) {
  /** @type {Map<string, number>} */
  const last = new Map();
  for (const { visit, revision } of records) last.set(visit, Math.max(revision, last.get(visit) ?? 0));
  return photosOf(all, records.slice(-most).reverse()).map((record) => {
    const own = reviews.get(record.visit);
    const review = own?.revision === record.revision ? own : null;
    const corrected = record.revision < (last.get(record.visit) ?? 0);
    return { ...record, review: corrected ? { state: "corrected" } : review };
  });
}

/** One after the other: whoever asks while something is read again must not be told what was true before. */
/** @returns {Promise<Kept>} */
function current() {
  const before = kept;
  const now = (before ? before.then(caughtUp) : whole()).catch((/** @type {unknown} */ error) => {
    if (kept === now) doubt();
    throw error;
  });
  kept = now;
  return now;
}

/** @returns {Promise<Kept>} */
function whole() {
  changed = nothing();
  return withStores(["outbox", "photos"], "readonly", async (stores) => {
    /** @type {Kept} */
    const all = { records: new Map(), photos: new Map(), made: new Map() };
    await eachPortion(stores("outbox"), (rows) => {
      for (const row of rows) all.records.set(row.id, standingOf(row));
    });
    await eachPortion(stores("photos"), (rows) => {
      for (const row of rows) all.photos.set(row.id, row);
    });
    return all;
  });
}

/** @param {Kept} all @returns {Promise<Kept>} */
async function caughtUp(all) {
  const { records, photos } = changed;
  if (records.size + photos.size === 0) return all;
  changed = nothing();
  await withStores(["outbox", "photos"], "readonly", (stores) =>
    Promise.all([
      again(stores("outbox"), records, all.records, standingOf),
      again(stores("photos"), photos, all.photos, (row) => row),
    ]),
  );
  const own = all.made.get(ownOf);
  all.made.clear();
  if (own && records.size === 0) all.made.set(ownOf, own);
  return all;
}

/**
 * @template T
 * @param {any} store @param {Set<string>} ids @param {Map<string, T>} rows @param {(row: any) => T} shaped
 */
function again(store, ids, rows, shaped) {
  const one = async (/** @type {string} */ id) => {
    const row = await store.get(id);
    if (row) rows.set(id, shaped(row));
    else rows.delete(id);
  };
  return Promise.all([...ids].map(one));
}

/** @param {OutboxRecord} record @returns {Standing} */
function standingOf({ body, ...record }) {
  return { ...record, outcome: record.outcome ?? JSON.parse(body).outcome };
}
