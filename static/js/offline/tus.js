// One picture in tus 1.0 (core, creation, creation-with-upload, checksum): resumed at the byte where it stopped, in
// pieces that fit the link.
import { sha256Base64 } from "./digest.js";
import { problemOf, request, WireProblem } from "./wire.js";

/**
 * @typedef {import("./types.js").Photo} Photo
 * @typedef {{text: () => Promise<unknown>, moved: () => void, placed: (place: Place) => unknown}} Way
 *   `text` runs before each piece, `moved` after each that was taken; `placed` is told how far it is before each
 * @typedef {{location: string, offset: number, receipt: string | null, problem: string | null, at: string}} Place
 *   how far an upload is; `at` is the server's clock
 */

const SMALLEST = 8 * 1024;
const FIRST = 64 * 1024;
const LARGEST = 1024 * 1024;
const GOOD_MS = 2000;
const PIECE_MS = 30_000;
const LAST_PIECE_MS = 60_000; // it is answered only after the whole was decoded and stored
const TRIES_PER_PIECE = 4;
const VERSION = { "Tus-Resumable": "1.0.0" };

let piece = FIRST;

/**
 * Send one picture piece by piece, from wherever the server stands.
 * @param {Photo} photo  or a preview in its shape
 * @param {ArrayBuffer} bytes
 * @param {Way} way
 * @returns {Promise<Place>}
 */
export async function upload(photo, bytes, { text, moved, placed }) {
  await text();
  let place = await begin(photo, bytes);
  if (place.offset > (photo.offset ?? 0)) moved();
  let tries = 0;
  while (!place.receipt && !place.problem && tries < TRIES_PER_PIECE) {
    await placed(place);
    await text();
    const size = piece;
    const next = await sendPiece(photo, bytes, place);
    if (next.offset > place.offset || next.receipt) {
      tries = 0;
      moved();
    } else if (piece === size) tries += 1;
    place = next;
  }
  return place;
}

/**
 * Ask how far a known upload is, or announce a new one; an upload that the server no longer knows is announced again.
 * @param {Photo} photo
 * @param {ArrayBuffer} bytes
 * @returns {Promise<Place>}
 */
async function begin(photo, bytes) {
  // What failed before may be there already, and its first piece with it: then only the announcement is sent.
  if (!photo.location) return photo.attempts ? announce(photo) : announceWith(photo, bytes.slice(0, piece));
  try {
    return await ask(photo.location, photo.size);
  } catch (error) {
    const unknown = error instanceof WireProblem && (error.status === 404 || error.status === 410);
    if (!unknown) throw error;
    return announce(photo);
  }
}

/** @param {Photo} photo @returns {Promise<Place>} */
async function announce(photo) {
  return announced(await request("/sync/photos", { method: "POST", headers: metadataOf(photo) }), photo.size);
}

/**
 * Announce an upload and bring its first piece along (creation-with-upload): a preview is there after one request.
 * @param {Photo} photo
 * @param {ArrayBuffer} content
 * @returns {Promise<Place>}
 */
async function announceWith(photo, content) {
  const began = Date.now();
  const last = content.byteLength === photo.size;
  const answer = await sent("/sync/photos", "POST", metadataOf(photo), content, last);
  // Whatever is wrong with the piece, the next ones will be told; if it is the photo, announcing it alone tells.
  if (answer.status === 409 || answer.status === 413 || answer.status === 460) return announce(photo);
  const place = await announced(answer, photo.size);
  if (place.offset > 0) growAfter(began);
  return place;
}

/** @param {Photo} photo */
function metadataOf({ id, visit, digest, type, kind, size }) {
  const pairs = Object.entries({ visit, photo: id, digest, type, kind });
  const metadata = pairs.map(([name, value]) => `${name} ${btoa(value)}`).join(",");
  return { "Upload-Length": String(size), "Upload-Metadata": metadata, ...VERSION };
}

/** @param {Response} answer @param {number} size @returns {Promise<Place>} */
async function announced(answer, size) {
  if (answer.status !== 201) throw await problemOf(answer);
  const location = answer.headers.get("Location") ?? "";
  if (!/^\/sync\/photos\/[\w-]+$/.test(location)) throw new WireProblem("portal");
  return placeOf(answer, location, size);
}

/** @param {string} location @param {number} size @returns {Promise<Place>} */
async function ask(location, size) {
  const answer = await request(location, { method: "HEAD", headers: VERSION });
  if (answer.status !== 200) throw await problemOf(answer);
  return placeOf(answer, location, size);
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
  const last = place.offset + content.byteLength === photo.size;
  const began = Date.now();
  const headers = { ...VERSION, "Upload-Offset": String(place.offset) };
  const answer = await sent(place.location, "PATCH", headers, content, last);
  if (answer.status === 204) {
    growAfter(began);
    const next = placeOf(answer, place.location, photo.size);
    if (next.offset !== place.offset + content.byteLength) throw new WireProblem("portal");
    return next.offset < photo.size || next.receipt || next.problem ? next : ask(place.location, photo.size);
  }
  return afterRefusal(answer, photo, place, content);
}

/**
 * @param {Response} answer @param {Photo} photo @param {Place} place @param {ArrayBuffer} content
 * @returns {Promise<Place>}
 */
async function afterRefusal(answer, photo, place, content) {
  // Another connection was faster, or the bytes were damaged on the way: go on from where the server stands.
  if (answer.status === 409 || answer.status === 460) return ask(place.location, photo.size);
  if (answer.status === 413 && content.byteLength > SMALLEST) {
    piece = Math.max(SMALLEST, piece / 2);
    return place;
  }
  throw await problemOf(answer);
}

/**
 * A request that carries a piece with its checksum; when it breaks, the next ones are smaller.
 * @param {string} path
 * @param {string} method
 * @param {Record<string, string>} own
 * @param {ArrayBuffer} body
 * @param {boolean} last
 */
async function sent(path, method, own, body, last) {
  const checksum = `sha256 ${await sha256Base64(body)}`;
  const headers = { ...own, "Content-Type": "application/offset+octet-stream", "Upload-Checksum": checksum };
  const timeout = last ? LAST_PIECE_MS : PIECE_MS;
  return request(path, { method, headers, body, timeout }).catch((/** @type {unknown} */ error) => {
    piece = Math.max(SMALLEST, piece / 2);
    throw error;
  });
}

/** On a good link pieces grow. @param {number} began */
function growAfter(began) {
  if (Date.now() - began < GOOD_MS) piece = Math.min(LARGEST, piece * 2);
}

/** @param {Response} answer @param {string} location @param {number} size @returns {Place} */
function placeOf(answer, location, size) {
  const text = answer.headers.get("Upload-Offset") ?? "";
  if (!/^\d{1,15}$/.test(text) || Number(text) > size) throw new WireProblem("portal");
  const receipt = answer.headers.get("Photo-Receipt");
  // An answer that was cut within this line is none, though what is left of it may look like one.
  if (receipt !== null && !/^[A-Z2-9]{8}$/.test(receipt)) throw new WireProblem("portal");
  const heard = Date.parse(answer.headers.get("Date") ?? "");
  return {
    location,
    offset: Number(text),
    receipt,
    problem: answer.headers.get("Photo-Problem"),
    at: new Date(Number.isNaN(heard) ? Date.now() : heard).toISOString(),
  };
}
