// The photo lane: one photo at a time; what is wrong with one holds up no other.
import { notify } from "./changes.js";
import { withStores } from "./db.js";
import { digestOfBytes } from "./digest.js";
import { note } from "./photos.js";
import { writtenDown } from "./room.js";
import { upload } from "./tus.js";
import { photosWaiting } from "./waiting.js";
import { WireProblem } from "./wire.js";

/**
 * @typedef {import("./types.js").Photo} Photo
 * @typedef {{text: () => Promise<unknown>, moved: () => void, stored: (id: string) => void}} Lane
 *   `text` runs before each piece, so that text never waits for photos; `moved` after each piece that was taken,
 *   `stored` after each photo that was, with its id
 * @typedef {import("./tus.js").Place} Place
 */

/** The server's words for a photo that will never do. */
const NEVER = new Set(["photo-unusable", "too-large", "gone"]);
/** The server's words for a fault of this photo alone: it waits, the rest goes on. */
const ITS_OWN = new Set([
  "bad-request",
  "not-found",
  "conflict",
  "media-type",
  "invalid",
  "unexpected",
  "stuck",
]);

/**
 * Send every photo that waits, each once. Throws WireProblem when nothing can be sent now.
 * @param {Lane} lane
 * @returns {Promise<number>} how many failed for a reason of their own and wait for the next time
 */
export async function sendPhotos(lane) {
  let failures = 0;
  for (const id of await photosWaiting()) {
    const { photo, bytes } = await read(id);
    if (!photo) continue;
    try {
      await sendOne(photo, bytes, lane);
    } catch (error) {
      if (!(error instanceof WireProblem)) throw error;
      await written(id, { state: "waiting", attempts: photo.attempts + 1 });
      if (!isOwnFault(error)) throw error;
      failures += 1;
    }
  }
  return failures;
}

/** Whether it is this photo alone that the server will not have. @param {WireProblem} error */
export function isOwnFault(error) {
  return ITS_OWN.has(error.code) || NEVER.has(error.code);
}

/** @param {string} id @returns {Promise<{photo?: Photo, bytes?: ArrayBuffer}>} */
function read(id) {
  return withStores(["photos", "bytes"], "readonly", async (stores) => ({
    photo: await stores("photos").get(id),
    bytes: await stores("bytes").get(id),
  }));
}

/** @param {Photo} photo @param {ArrayBuffer | undefined} bytes @param {Lane} lane */
async function sendOne(photo, bytes, lane) {
  if (!bytes) return setUnusable(photo, "bytes-missing");
  if ((await digestOfBytes(bytes)) !== photo.digest) return setUnusable(photo, "bytes-damaged");
  try {
    const placed = (/** @type {Place} */ { offset, location }) =>
      written(photo.id, { state: "sending", offset, location });
    const place = await upload(photo, bytes, { text: lane.text, moved: lane.moved, placed });
    if (place.problem) return setUnusable(photo, place.problem);
    if (!place.receipt) throw new WireProblem("stuck");
    const facts = { offset: photo.size, location: place.location, receipt: place.receipt };
    await written(photo.id, { ...facts, state: "stored", stored_at: place.at, problem: null });
    lane.stored(photo.id);
  } catch (error) {
    if (!(error instanceof WireProblem) || !NEVER.has(error.code)) throw error;
    await setUnusable(photo, error.reason ?? error.code);
  }
}

/** Where there is no room for it, the photo waits, and the server says the next time that it has it. */
/** @param {string} id @param {Partial<Photo>} change */
function written(id, change) {
  return writtenDown(() => note(id, change));
}

/** It stays on the phone and is not sent again; the worker may still be near the door. */
/** @param {Photo} photo @param {string} problem */
async function setUnusable(photo, problem) {
  await written(photo.id, { state: "unusable", problem });
  notify("outbox", { photos: [photo.id] });
}
