// Small previews that go with the first contact: a lead sees an urgent hazard long before its photo has come through.
// Each is one piece, sent once; whatever goes wrong with one, the photo itself follows, and is not kept waiting.
import { idsOfPreviews, previewKey } from "./bytes.js";
import { withStores } from "./db.js";
import { note } from "./photos.js";
import { writtenDown } from "./room.js";
import { upload } from "./tus.js";
import { isOwnFault } from "./uploads.js";
import { WireProblem } from "./wire.js";

/** @typedef {import("./types.js").Photo} Photo */

const WAITING = new Set(["waiting", "sending"]);
/** So often a preview may find no way; then it is left to the photo. */
const TRIES = 3;

/**
 * Send the preview of every photo of a finished visit, until one finds no way. Throws what `text` throws.
 * @param {() => Promise<unknown>} text  runs before each, so that text never waits for previews
 * @returns {Promise<number>} how many arrived
 */
export async function sendPreviews(text) {
  let sent = 0;
  for (const id of await previewsWaiting()) {
    await text();
    const { photo, bytes } = await read(id);
    if (!photo?.preview || !bytes) continue;
    const { digest, size, tries = 0 } = photo.preview;
    const facts = { ...photo, digest, size, kind: "preview", type: "image/jpeg", location: null };
    const problem = await went(/** @type {Photo} */ (facts), bytes);
    if (!problem) sent += 1;
    if (!problem || isOwnFault(problem) || tries + 1 === TRIES) await forget(id);
    else {
      await writtenDown(() => note(id, { preview: { digest, size, tries: tries + 1 } }));
      return sent; // whether the network is gone the photos will tell
    }
  }
  return sent;
}

/** @param {Photo} preview @param {ArrayBuffer} bytes @returns {Promise<WireProblem | null>} why it did not go */
async function went(preview, bytes) {
  const nothing = async () => undefined;
  try {
    await upload(preview, bytes, { text: nothing, moved: nothing, placed: nothing });
    return null;
  } catch (error) {
    if (error instanceof WireProblem) return error;
    throw error;
  }
}

/** Photos of finished visits whose preview is still here: what failed least first, then oldest. */
/** @returns {Promise<string[]>} */
function previewsWaiting() {
  return withStores(["photos", "bytes"], "readonly", async (stores) => {
    const photos = await Promise.all((await idsOfPreviews(stores)).map((id) => stores("photos").get(id)));
    const waiting = photos.filter((photo) => WAITING.has(photo?.state));
    return waiting.sort((a, b) => (a.preview?.tries ?? 0) - (b.preview?.tries ?? 0)).map(({ id }) => id);
  });
}

/** @param {string} id @returns {Promise<{photo?: Photo, bytes?: ArrayBuffer}>} */
function read(id) {
  return withStores(["photos", "bytes"], "readonly", async (stores) => ({
    photo: await stores("photos").get(id),
    bytes: await stores("bytes").get(previewKey(id)),
  }));
}

/** Sent, or of no use: its bytes make room. @param {string} id */
async function forget(id) {
  await writtenDown(async () => {
    await withStores(["bytes"], "readwrite", (stores) => stores("bytes").delete(previewKey(id)));
    await note(id, { preview: null });
  });
}
