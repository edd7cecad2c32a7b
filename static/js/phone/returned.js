// Corrections: which visits came back and still wait for one, which of one's own may be changed, and how one is begun.
import { mayChange } from "../offline/corrections.js";
import * as drafts from "../offline/drafts.js";
import * as register from "../offline/register.js";
import { standings } from "../offline/standing.js";

/**
 * Returned visits that this phone has not corrected yet, each with where it was as its own record or the desk says.
 * @param {any[]} returned
 * @param {any[]} records
 */
export function stillReturned(returned, records) {
  const newest = new Map();
  const labels = new Map();
  for (const record of records) {
    newest.set(record.visit, Math.max(record.revision, newest.get(record.visit) ?? 0));
    labels.set(record.visit, record.label || labels.get(record.visit) || "");
  }
  return returned
    .filter((row) => (newest.get(row.visit) ?? 0) <= row.revision)
    .map((row) => ({ ...row, label: labels.get(row.visit) || row.where || "" }));
}

/**
 * The visit of this phone that was the last at a door, while nobody has decided on it; empty when there is none.
 * @param {{visit?: string} | undefined} call  the last at the door
 * @param {import("../offline/standing.js").Standing[]} records
 * @param {Map<string, any>} reviews  by visit
 */
export function ownToChange(call, records, reviews) {
  const own = records.filter((record) => record.visit === call?.visit);
  return mayChange(own, reviews.get(call?.visit ?? ""))?.visit ?? "";
}

/**
 * The correction of a returned visit, or of one's own that nobody has decided on, begun or gone on with; null when there
 * is nothing to correct any more: it was done on another screen or in another tab, or a lead was faster. Throws
 * StorageFailure when this phone cannot keep it.
 * @param {string} door
 * @param {string} visit
 * @param {{own?: boolean}} [how]
 */
export async function correction(door, visit, { own = false } = {}) {
  try {
    return await drafts.start(door, own ? { own: visit } : { returned: visit });
  } catch (error) {
    const records = await standings();
    const waits = own
      ? ownToChange({ visit }, records, await register.reviews())
      : stillReturned(await register.returned(), records).some((row) => row.visit === visit);
    if (waits) throw error;
    return null;
  }
}
