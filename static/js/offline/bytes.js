// Where the bytes of photos lie in their store: under the photo's id, those of a preview that must still be sent beside
// them.

/** @typedef {import("./db.js").Stores} Stores */

const PREFIX = "preview:";
const BEHIND = "preview;";

/** @param {string} id  of the photo */
export function previewKey(id) {
  return PREFIX + id;
}

/** Photos whose preview is still here, oldest first. @param {Stores} stores @returns {Promise<string[]>} */
export async function idsOfPreviews(stores) {
  /** @type {string[]} */
  const keys = await stores("bytes").getAllKeys(IDBKeyRange.bound(PREFIX, BEHIND));
  return keys.map((key) => key.slice(PREFIX.length));
}

/** Forget the bytes of a photo and of its preview. @param {Stores} stores @param {string} id */
export async function dropBytes(stores, id) {
  await stores("bytes").delete(id);
  await stores("bytes").delete(previewKey(id));
}
