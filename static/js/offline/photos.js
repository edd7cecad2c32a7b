// Photos on this phone: their facts in one store, their bytes in another (ArrayBuffers: WebKit loses Blobs).
import { notify } from "./changes.js";
import { withStores } from "./db.js";
import { digestOfBytes } from "./digest.js";
import { uuid7 } from "./ids.js";

/**
 * Keep a picture for a finding of a draft; resolves when it is durable.
 * @param {string} draft
 * @param {string} finding
 * @param {{bytes: ArrayBuffer, type: string, width: number, height: number, taken_at?: string}} picture
 * @returns {Promise<import("./types.js").Photo>}
 */
export async function add(draft, finding, { bytes, type, width, height, taken_at }) {
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
    problem: null,
    attempts: 0,
  });
  await withStores(["photos", "bytes"], "readwrite", async (stores) => {
    await stores("bytes").put(bytes, photo.id);
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
    await stores("bytes").delete(id);
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
