// Photos on this phone: their facts in one store, their bytes in another (ArrayBuffers: WebKit loses Blobs).

import { dropBytes, previewKey } from "./bytes.js";
import { notify } from "./changes.js";
import { StorageFailure, withStores } from "./db.js";
import { digestOfBytes } from "./digest.js";
import { uuid7 } from "./ids.js";

/** So much room is left for text: photos stop first. In bytes. */
const RESERVE = 8 * 1024 * 1024;

/**
 * Keep a picture for a finding of a draft; resolves when it is durable. Throws StorageFailure.
 * @param {string} draft
 * @param {string} finding
 * @param {{bytes: ArrayBuffer, type: string, width: number, height: number, taken_at?: string, preview?: ArrayBuffer}}
 *   picture
 * @returns {Promise<import("./types.js").Photo>}
 */
export async function add(draft, finding, { bytes, type, width, height, taken_at, preview }) {
  const photo = /** @type {import("./types.js").Photo} */ ({
    id: uuid7(),
    visit: draft,
    draft,
    finding,
    kind: "full",
    digest: await digestOfBytes(bytes),
    size: bytes.byteLength,
    type: type || "application/octet-stream",
    width,
    height,
    taken_at: taken_at ?? new Date().toISOString(),
    state: "draft",
    offset: 0,
    location: null,
    receipt: null,
    stored_at: null,
    problem: null,
    attempts: 0,
    preview: preview ? { digest: await digestOfBytes(preview), size: preview.byteLength } : null,
  });
  await insistOnRoom(bytes.byteLength);
  await withStores(["drafts", "photos", "bytes"], "readwrite", async (stores) => {
    if (!(await stores("drafts").get(draft))) throw new StorageFailure("the draft is gone");
    await stores("bytes").put(bytes, photo.id);
    if (preview) await stores("bytes").put(preview, previewKey(photo.id));
    await stores("photos").put(photo);
  });
  notify("drafts");
  return photo;
}

/** Throw a photo of a draft away; one that was finished with its visit stays. @param {string} id */
export async function remove(id) {
  await withStores(["photos", "bytes"], "readwrite", async (stores) => {
    const photo = await stores("photos").get(id);
    if (photo?.state !== "draft") return;
    await stores("photos").delete(id);
    await dropBytes(stores, id);
  });
  notify("drafts");
}

/** @param {string} id @returns {Promise<ArrayBuffer | undefined>} */
export function bytesOf(id) {
  return withStores(["bytes"], "readonly", (stores) => stores("bytes").get(id));
}

/** Photos of an open draft, also those that an earlier revision of it sent. */
/** @param {string} draft @returns {Promise<import("./types.js").Photo[]>} */
export function ofDraft(draft) {
  return withStores(["photos"], "readonly", (stores) => stores("photos").index("visit").getAll(draft));
}

/**
 * Change the facts of a photo, if it is still here.
 * @param {string} id
 * @param {Partial<import("./types.js").Photo>} change
 */
export async function note(id, change) {
  await withStores(["photos"], "readwrite", async (stores) => {
    const photo = await stores("photos").get(id);
    if (photo) await stores("photos").put({ ...photo, ...change });
  });
}

/** Browsers that cannot tell refuse the write itself when nothing is left. @param {number} size  bytes */
async function insistOnRoom(size) {
  const estimate = await globalThis.navigator?.storage?.estimate?.().catch(() => null);
  if (estimate?.quota === undefined || estimate.usage === undefined) return;
  if (estimate.quota - estimate.usage - size < RESERVE) {
    throw new StorageFailure(new DOMException("room is kept for text", "QuotaExceededError"));
  }
}
