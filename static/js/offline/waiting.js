// What still has to be sent, read in small portions so that a thousand waiting records cost no more than ten.
import { eachPortion, withStores } from "./db.js";

/** @typedef {import("./types.js").OutboxRecord} OutboxRecord */

/** Whether a record or a photo of a finished visit has no answer yet. */
export function anythingWaits() {
  return withStores(["outbox", "photos"], "readonly", async (stores) => {
    const first = await Promise.all([
      stores("outbox").index("state").getKey("waiting"),
      stores("photos").index("state").getKey("waiting"),
      stores("photos").index("state").getKey("sending"),
    ]);
    return first.some((key) => key !== undefined);
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
  /** @type {{id: string, attempts: number}[]} */
  const found = [];
  await withStores(["photos"], "readonly", async (stores) => {
    const byState = stores("photos").index("state");
    const keys = await Promise.all(["sending", "waiting"].map((state) => byState.getAllKeys(state)));
    const ids = keys.flat().sort();
    if (ids.length === 0) return;
    const wanted = new Set(ids);
    const range = IDBKeyRange.bound(ids[0], ids[ids.length - 1]);
    await eachPortion(
      stores("photos"),
      (rows) => {
        for (const { id, attempts } of rows) if (wanted.has(id)) found.push({ id, attempts });
      },
      range,
    );
  });
  // They came in the order of their ids, and a sort keeps what is equal in its order.
  return found.sort((a, b) => a.attempts - b.attempts).map(({ id }) => id);
}
