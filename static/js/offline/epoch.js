// The server's epoch: after a restore it is another one, and everything that is still here is offered again.
import { notify } from "./changes.js";
import { meta, withStores } from "./db.js";

/**
 * Note the epoch that the server answered with; when it is new, what was accepted waits again.
 * @param {string} epoch
 */
export async function adoptEpoch(epoch) {
  const known = await meta("epoch");
  if (known === epoch) return;
  await withStores(["meta", "outbox", "photos"], "readwrite", async (stores) => {
    await stores("meta").put(epoch, "epoch");
    if (!known) return;
    await offerAgain(stores("outbox"), "accepted", { state: "waiting" });
    await offerAgain(stores("photos"), "stored", { state: "waiting", location: null, offset: 0 });
  });
  if (known) notify("outbox");
}

/** @param {any} store @param {string} state @param {Record<string, unknown>} change */
async function offerAgain(store, state, change) {
  for (const row of await store.index("state").getAll(state)) await store.put({ ...row, ...change });
}
