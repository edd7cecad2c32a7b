// What still has to be sent, read in small portions so that a thousand waiting records cost no more than ten.
import { withStores } from "./db.js";

/** @typedef {import("./types.js").OutboxRecord} OutboxRecord */
/** @typedef {import("./types.js").Photo} Photo */

/** Whether a record or a photo of a finished visit has no answer yet. */
export function anythingWaits() {
  return withStores(["outbox", "photos"], "readonly", async (stores) => {
    const counts = await Promise.all([
      stores("outbox").index("state").count("waiting"),
      stores("photos").index("state").count("waiting"),
      stores("photos").index("state").count("sending"),
    ]);
    return counts.some((count) => count > 0);
  });
}

/**
 * The next records in the order of their numbers.
 * @param {number} after  number of the last one that was offered
 * @param {number} most
 * @returns {Promise<OutboxRecord[]>}
 */
export function recordsAfter(after, most) {
  const range = IDBKeyRange.bound(["waiting", after], ["waiting", Number.POSITIVE_INFINITY], true);
  return withStores(["outbox"], "readonly", (stores) => stores("outbox").index("queue").getAll(range, most));
}

/**
 * Ids of the photos to send, those that have failed least first, then oldest first.
 * @returns {Promise<string[]>}
 */
export async function photosWaiting() {
  /** @type {Photo[]} */
  const rows = await withStores(["photos"], "readonly", async (stores) => [
    ...(await stores("photos").index("state").getAll("sending")),
    ...(await stores("photos").index("state").getAll("waiting")),
  ]);
  return rows.sort((a, b) => a.attempts - b.attempts || a.id.localeCompare(b.id)).map(({ id }) => id);
}
