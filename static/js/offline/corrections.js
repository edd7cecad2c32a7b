// What the correction of a visit begins with: one that came back, or one of this phone that nobody has decided on yet.

import { StorageFailure } from "./db.js";
import { upcast } from "./upcasts.js";

/**
 * @typedef {import("./db.js").Stores} Stores
 * @typedef {{id: string, revision: number, previous: string, body: any, base?: number, label?: string}} Past  `base`: what
 *   the phone knew of the door when it was said
 * @typedef {{revision: number, state: string}} Sent  a record of the outbox
 */

/** What did not get into the desk's list of visits cannot be followed by a correction. */
const ASIDE = new Set(["quarantined", "conflict", "gone"]);

/** @param {Stores} stores @param {string} door @param {string | boolean} returned @returns {Promise<string>} */
export async function returnedVisit(stores, door, returned) {
  if (typeof returned === "string") return returned;
  const rows = await stores("returned").index("door").getAll(door);
  rows.sort((/** @type {any} */ a, /** @type {any} */ b) => (b.at ?? "").localeCompare(a.at ?? ""));
  if (rows.length === 0) throw new StorageFailure("this visit was not returned");
  return rows[0].visit;
}

/**
 * The revision that came back, as this phone sent it where that is still here (the desk hands numbers and telephones
 * back only masked). Throws StorageFailure.
 * @param {Stores} stores @param {string} visit
 * @returns {Promise<Past>}
 */
export async function ofReturned(stores, visit) {
  const row = await stores("returned").get(visit);
  if (!row) throw new StorageFailure("this visit was not returned");
  const records = await stores("outbox").index("visit").getAll(visit);
  if (records.some((/** @type {any} */ record) => record.revision > row.revision)) {
    throw new StorageFailure("this visit is corrected already");
  }
  const own = await stores("outbox").get(row.event);
  const body = own ? upcast(JSON.parse(own.body), own.schema) : upcast(row.body, row.schema ?? 1);
  return past(visit, row.revision, row.event, body);
}

/**
 * The newest revision of a visit of this author, while it may be changed. Throws StorageFailure.
 * @param {Stores} stores @param {string} visit @param {string} author
 * @returns {Promise<Past>}
 */
export async function ofOwn(stores, visit, author) {
  const all = await stores("outbox").index("visit").getAll(visit);
  /** @type {any[]} */
  const mine = all.filter((/** @type {any} */ record) => record.author === author);
  const record = mayChange(mine, await stores("reviews").get(visit));
  if (!record) throw new StorageFailure("this visit cannot be changed any more");
  const said = upcast(JSON.parse(record.body), record.schema);
  const before = past(visit, record.revision, record.id, said);
  // What a colleague has said meanwhile was not seen: an answer that is only carried along does not outdo it.
  return { ...before, base: said.base_revision, label: record.label };
}

/**
 * The newest of the records of one visit, while nobody has decided on it; null when it can be changed no more.
 * @template {Sent} T
 * @param {T[]} records
 * @param {{state: string, revision?: number} | undefined} review  what a lead said of the visit
 * @returns {T | null}
 */
export function mayChange(records, review) {
  const newest = records.reduce((a, b) => (b.revision > a.revision ? b : a), records[0]);
  if (!newest || ASIDE.has(newest.state) || review?.state === "approved") return null;
  // A lead, or this person with another phone, has said something since.
  return (review?.revision ?? 0) > newest.revision ? null : newest;
}

/**
 * What was said before, without what belongs to the old revision. Its photos stay listed: they are at the desk or on
 * their way, and a finding may go on naming them.
 * @param {string} id @param {number} revision @param {string} previous @param {any} said
 * @returns {Past}
 */
function past(id, revision, previous, said) {
  const {
    visit,
    revision: _,
    previous: _1,
    dwelling,
    base_revision,
    started_at,
    finished_at,
    ...body
  } = said;
  return { id, revision: revision + 1, previous, body };
}
