// Clearing what the server has: only with its receipt, all photos stored, a backup that holds them, and three days.

import { dropBytes } from "./bytes.js";
import { notify } from "./changes.js";
import { withStores } from "./db.js";
import { epochOwed } from "./epoch.js";

const KEPT_FOR = 72 * 3_600_000;

/**
 * Remember up to when a verified backup exists, as the server tells; it never goes back under one epoch.
 * @param {import("./db.js").Stores} stores  meta
 * @param {string | null | undefined} through
 */
export async function noteBackup(stores, through) {
  const known = Date.parse((await stores("meta").get("durable_through")) ?? "");
  if (through && !(Date.parse(through) <= known)) await stores("meta").put(through, "durable_through");
}

/**
 * Clear received records with the bytes of their photos, once a verified backup holds them (the newest
 * `durable_through` that the server has told is not before their arrival) and 72 hours have passed. What is being changed
 * stays until that is done: the change is compared with it. Nothing goes while another epoch is known and not noted.
 * @param {number} [now]  milliseconds, by the server's clock where that is known
 * @returns {Promise<number>} how many records were cleared
 */
export async function sweep(now = Date.now()) {
  if (epochOwed()) return 0;
  const names = /** @type {import("./db.js").StoreName[]} */ ([
    "drafts",
    "outbox",
    "photos",
    "bytes",
    "meta",
  ]);
  const cleared = await withStores(names, "readwrite", async (stores) => {
    const durable = Date.parse((await stores("meta").get("durable_through")) ?? "");
    if (Number.isNaN(durable) || durable > now) return null;
    const limit = Math.min(durable, now - KEPT_FOR);
    const gone = { records: /** @type {string[]} */ ([]), photos: /** @type {string[]} */ ([]) };
    for (const record of await stores("outbox").index("state").getAll("accepted")) {
      if (!((await arrivedAt(stores, record, limit)) <= limit)) continue;
      if (await stores("drafts").get(record.visit)) continue;
      for (const id of record.photos) {
        await stores("photos").delete(id);
        await dropBytes(stores, id);
      }
      await stores("outbox").delete(record.id);
      gone.records.push(record.id);
      gone.photos.push(...record.photos);
    }
    return gone;
  });
  if (cleared?.records.length) notify("outbox", cleared);
  return cleared?.records.length ?? 0;
}

/**
 * When the last part of a record reached the server, in milliseconds; NaN when not all of it has. What is too young by
 * itself is not asked about its photos: a phone may hold thousands of them.
 * @param {import("./db.js").Stores} stores
 * @param {import("./types.js").OutboxRecord} record
 * @param {number} limit
 */
async function arrivedAt(stores, record, limit) {
  let last = Date.parse(record.receipt?.received_at ?? "");
  if (!(last <= limit)) return last;
  for (const id of record.photos) {
    /** @type {import("./types.js").Photo | undefined} */
    const photo = await stores("photos").get(id);
    // A photo of an earlier revision may be gone already, with that revision.
    if (photo)
      last = Math.max(last, photo.state === "stored" ? Date.parse(photo.stored_at ?? "") : Number.NaN);
  }
  return last;
}
