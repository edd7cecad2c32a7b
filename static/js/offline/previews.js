// Small previews that go with the first contact: a lead sees an urgent hazard long before its photo has come through.
// Each is one piece, sent once; whatever goes wrong with one, the photo itself follows.
import { idsOfPreviews, previewKey } from "./bytes.js";
import { withStores } from "./db.js";
import { note } from "./photos.js";
import { upload } from "./tus.js";
import { isOwnFault } from "./uploads.js";
import { WireProblem } from "./wire.js";

/** @typedef {import("./types.js").Photo} Photo */

const WAITING = new Set(["waiting", "sending"]);

/**
 * Send the preview of every photo of a finished visit. Throws WireProblem when nothing can be sent now.
 * @param {() => Promise<unknown>} text  runs before each, so that text never waits for previews
 * @returns {Promise<number>} how many arrived
 */
export async function sendPreviews(text) {
  let sent = 0;
  for (const id of await previewsWaiting()) {
    await text();
    const { photo, bytes } = await read(id);
    if (!photo?.preview || !bytes) continue;
    try {
      const { digest, size } = photo.preview;
      const facts = { ...photo, digest, size, kind: "preview", type: "image/jpeg", location: null };
      await upload(/** @type {Photo} */ (facts), bytes, {
        text,
        moved: () => undefined,
        placed: () => undefined,
      });
      sent += 1;
    } catch (error) {
      if (!(error instanceof WireProblem) || !isOwnFault(error)) throw error;
    }
    await forget(id);
  }
  return sent;
}

/** Photos of finished visits whose preview is still here, oldest first. @returns {Promise<string[]>} */
function previewsWaiting() {
  return withStores(["photos", "bytes"], "readonly", async (stores) => {
    const photos = await Promise.all((await idsOfPreviews(stores)).map((id) => stores("photos").get(id)));
    return photos.filter((photo) => WAITING.has(photo?.state)).map(({ id }) => id);
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
  await withStores(["bytes"], "readwrite", (stores) => stores("bytes").delete(previewKey(id)));
  await note(id, { preview: null });
}
