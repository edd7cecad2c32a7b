// Visits that came back: which of them still wait for their correction, and how one is begun.
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
 * The correction of a returned visit, begun or gone on with; null when it was corrected meanwhile, on another screen or
 * in another tab. Throws StorageFailure when this phone cannot keep it.
 * @param {string} door
 * @param {string} visit
 */
export async function correction(door, visit) {
  try {
    return await drafts.start(door, { returned: visit });
  } catch (error) {
    const waiting = stillReturned(await register.returned(), await standings());
    if (waiting.some((row) => row.visit === visit)) throw error;
    return null;
  }
}
