// A phone without room: what can be fetched again makes way, and what still cannot be written down is not forgotten
// silently: whoever sends goes on all the same, since sending again does no harm.
import { StorageFailure, withStores } from "./db.js";

let missed = 0;

/** How often something could not be written down here, also not when room had been made. */
export function misses() {
  return missed;
}

/**
 * Write what became of something, if there is room for it.
 * @param {() => Promise<unknown>} write
 * @returns {Promise<boolean>} false when it is not written
 */
export async function writtenDown(write) {
  try {
    await write();
    return true;
  } catch (error) {
    if (!(error instanceof StorageFailure)) throw error;
  }
  try {
    await withStores(["pictures"], "readwrite", (stores) => stores("pictures").clear());
    await write();
    return true;
  } catch (error) {
    if (!(error instanceof StorageFailure)) throw error;
    missed += 1;
    return false;
  }
}
