// The server's epoch: after a restore it is another one, and everything that is still here is offered again.
import { notify } from "./changes.js";
import { meta, withStores } from "./db.js";
import { numbered } from "./numbers.js";
import { writtenDown } from "./room.js";

/** States of records and photos that the server had answered for. */
const ANSWERED = ["accepted", "quarantined", "conflict"];
const PHOTOS_ANSWERED = ["stored", "unusable"];
/** Whether the server has another epoch than the one that is noted, and this phone had no room to note it. */
let owed = false;

/**
 * Note the epoch that the server answered with; when it is new, what it had answered for waits again.
 * @param {string} epoch
 * @returns {Promise<boolean>} whether it was another one
 */
export async function adoptEpoch(epoch) {
  if ((await meta("epoch")) === epoch) {
    owed = false;
    return false;
  }
  const changed = await withStores(["meta", "outbox", "photos"], "readwrite", (stores) =>
    noteEpoch(stores, epoch),
  );
  owed = false;
  if (changed) notify("outbox");
  return changed;
}

/**
 * The same for whoever sends: a phone without room sends all the same, and notes the epoch as soon as there is some.
 * Until then what the old one answered for stays here, whatever the new one says (`epochOwed`).
 * @param {string} epoch
 * @returns {Promise<boolean>} whether it was another one, and is noted
 */
export async function adoptEpochIfRoom(epoch) {
  let changed = false;
  const written = await writtenDown(async () => {
    changed = await adoptEpoch(epoch);
  });
  owed = !written;
  return changed;
}

/** Whether nothing may be let go: of what was answered for, the server may have lost some since. */
export function epochOwed() {
  return owed;
}

/**
 * The same within a transaction on meta, outbox and photos.
 * @param {import("./db.js").Stores} stores
 * @param {string} epoch
 * @returns {Promise<boolean>}
 */
export async function noteEpoch(stores, epoch) {
  const known = await stores("meta").get("epoch");
  if (known === epoch) return false;
  await stores("meta").put(epoch, "epoch");
  if (!known) return false;
  // What a backup of the old database held says nothing of this one.
  await stores("meta").delete("durable_through");
  const record = { state: "waiting", receipt: null, problems: [] };
  for (const state of ANSWERED) {
    for (const row of await stores("outbox").index("state").getAll(state))
      await stores("outbox").put({ ...(await numbered(stores, row)), ...record });
  }
  for (const state of PHOTOS_ANSWERED) {
    for (const row of await stores("photos").index("state").getAll(state)) await offerAgain(stores, row);
  }
  return true;
}

/**
 * Photos of records that wait while the phone becomes another device: where that one counts as theirs, in another
 * district perhaps, nobody has answered for them.
 * @param {import("./db.js").Stores} stores @param {string[]} ids
 */
export async function offerPhotosAgain(stores, ids) {
  for (const id of ids) {
    const row = await stores("photos").get(id);
    if (row?.state === "stored") await offerAgain(stores, row);
  }
}

/** @param {import("./db.js").Stores} stores @param {import("./types.js").Photo} row */
function offerAgain(stores, row) {
  const fresh = { location: null, offset: 0, receipt: null, stored_at: null, problem: null };
  return stores("photos").put({ ...row, ...fresh, state: "waiting" });
}
