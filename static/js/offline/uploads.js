// The photo lane: one photo at a time in tus 1.0, resumed at the byte where it stopped, in pieces that fit the link.
import { notify } from "./changes.js";
import { withStores } from "./db.js";
import { sha256Base64 } from "./digest.js";
import { bytesOf, note } from "./photos.js";
import { problemOf, request, WireProblem } from "./wire.js";

/** @typedef {import("./types.js").Photo} Photo */

const SMALLEST = 16 * 1024;
const FIRST = 64 * 1024;
const LARGEST = 1024 * 1024;
const GOOD_MS = 2000;
const TRIES_PER_PIECE = 4;
const TRIES_PER_PHOTO = 3;
const VERSION = { "Tus-Resumable": "1.0.0" };
/** The server's words for a photo that will never do. */
const NEVER = new Set(["photo-unusable", "too-large", "gone", "conflict", "invalid"]);
/** These concern all that is sent, not this photo. */
const EVERYTHING = new Set([
  "offline",
  "portal",
  "busy",
  "storage-full",
  "too-many-requests",
  "device-unknown",
]);

let piece = FIRST;

/**
 * Send every waiting photo; `between` runs before each piece, so that text never waits for photos.
 * @param {() => Promise<unknown>} between
 * @returns {Promise<number>} how many were stored
 */
export async function sendPhotos(between) {
  let stored = 0;
  for (const photo of await waiting()) {
    try {
      if (await sendOne(photo, between)) stored += 1;
    } catch (error) {
      if (!(error instanceof WireProblem) || EVERYTHING.has(error.code)) throw error;
      await setBack(photo, error);
    }
  }
  return stored;
}

/** Photos of finished visits, oldest first; one that failed often waits until somebody asks. */
async function waiting() {
  const rows = await withStores(["photos"], "readonly", async (stores) => [
    ...(await stores("photos").index("state").getAll("sending")),
    ...(await stores("photos").index("state").getAll("waiting")),
  ]);
  return rows
    .filter((/** @type {Photo} */ photo) => photo.attempts < TRIES_PER_PHOTO)
    .sort((/** @type {Photo} */ a, /** @type {Photo} */ b) => a.taken_at.localeCompare(b.taken_at));
}

/** @param {Photo} photo @param {() => Promise<unknown>} between */
async function sendOne(photo, between) {
  const bytes = await bytesOf(photo.id);
  if (!bytes) return setUnusable(photo, "bytes-missing");
  let place = await begin(photo);
  for (let tries = 0; place.offset < photo.size; ) {
    if (place.problem) return setUnusable(photo, place.problem);
    await between();
    const next = await sendPiece(photo, bytes, place);
    tries = next.offset > place.offset ? 0 : tries + 1;
    if (tries >= TRIES_PER_PIECE) throw new WireProblem("stuck");
    place = next;
    await note(photo.id, { state: "sending", offset: place.offset, location: place.location });
    notify("outbox");
  }
  if (place.problem) return setUnusable(photo, place.problem);
  if (!place.receipt) throw new WireProblem("portal");
  await note(photo.id, { state: "stored", offset: photo.size, receipt: place.receipt, attempts: 0 });
  notify("outbox");
  return true;
}

/**
 * @typedef {{location: string, offset: number, receipt: string | null, problem: string | null}} Place
 */

/** Announce it, or ask how far it is: the server answers both alike. @param {Photo} photo @returns {Promise<Place>} */
async function begin(photo) {
  const metadata = {
    visit: photo.visit,
    photo: photo.id,
    digest: photo.digest,
    type: photo.type,
    kind: photo.kind,
  };
  const pairs = Object.entries(metadata).map(([name, value]) => `${name} ${btoa(value)}`);
  const headers = { ...VERSION, "Upload-Length": String(photo.size), "Upload-Metadata": pairs.join(",") };
  const answer = await request("/sync/photos", { method: "POST", headers });
  if (answer.status !== 201) throw await problemOf(answer);
  const location = answer.headers.get("Location") ?? "";
  if (!location.startsWith("/sync/photos/")) throw new WireProblem("portal");
  return placeOf(answer, location);
}

/**
 * Send one piece; answers the place after it, which is the same one when the piece must be sent again.
 * @param {Photo} photo
 * @param {ArrayBuffer} bytes
 * @param {Place} place
 * @returns {Promise<Place>}
 */
async function sendPiece(photo, bytes, place) {
  const content = bytes.slice(place.offset, place.offset + piece);
  const began = Date.now();
  const answer = await patch(place, content).catch((/** @type {unknown} */ error) => {
    piece = Math.max(SMALLEST, piece / 2);
    throw error;
  });
  if (answer.status === 204) {
    if (Date.now() - began < GOOD_MS) piece = Math.min(LARGEST, piece * 2);
    return placeOf(answer, place.location);
  }
  const problem = await problemOf(answer);
  if (problem.code === "photo-unusable")
    return { ...place, offset: photo.size, problem: problem.reason ?? "unusable" };
  if (answer.status === 460 || answer.status === 409) return ask(place.location);
  throw problem;
}

/** @param {Place} place @param {ArrayBuffer} content */
async function patch(place, content) {
  const headers = {
    ...VERSION,
    "Content-Type": "application/offset+octet-stream",
    "Upload-Offset": String(place.offset),
    "Upload-Checksum": `sha256 ${await sha256Base64(content)}`,
  };
  return request(place.location, { method: "PATCH", headers, body: content, timeout: 60_000 });
}

/** @param {string} location @returns {Promise<Place>} */
async function ask(location) {
  const answer = await request(location, { method: "HEAD", headers: VERSION });
  if (answer.status !== 200) throw await problemOf(answer);
  return placeOf(answer, location);
}

/** @param {Response} answer @param {string} location @returns {Place} */
function placeOf(answer, location) {
  const offset = Number(answer.headers.get("Upload-Offset") ?? Number.NaN);
  if (!Number.isInteger(offset)) throw new WireProblem("portal");
  return {
    location,
    offset,
    receipt: answer.headers.get("Photo-Receipt"),
    problem: answer.headers.get("Photo-Problem"),
  };
}

/** @param {Photo} photo @param {string} problem */
async function setUnusable(photo, problem) {
  await note(photo.id, { state: "unusable", problem });
  notify("outbox");
  return false;
}

/** This photo failed for a reason of its own: it waits, the rest goes on. @param {Photo} photo @param {WireProblem} error */
async function setBack(photo, error) {
  if (NEVER.has(error.code)) await setUnusable(photo, error.reason ?? error.code);
  else await note(photo.id, { state: "waiting", attempts: photo.attempts + 1, problem: error.code });
}
