// Everything that is not sent, in one file that only the server can read: for a phone that is about to fail.
// A line that says what it is, a line with the keys, then sealed parts (docs/developers/contract.md).

import { eventOf } from "./batches.js";
import { meta, withStores } from "./db.js";
import { photosWaiting, recordsAfter } from "./waiting.js";

const MAGIC = "DOORSTEP-RESCUE-1\n";
const INFO = "doorstep rescue 1";
const FACTS = 1;
const BYTES = 2;
/** Bytes of a photo in one part. */
const PIECE = 512 * 1024;
/** So many bytes wait in memory before they become part of the file, which the browser may keep on its disk. */
const HELD = 4 * 1024 * 1024;
const AT_ONCE = 50;
const encoder = new TextEncoder();

/** The phone has not been told the server's key: it has never fetched a round since the server had one. */
export class NoKey extends Error {}

/**
 * @typedef {{file: Blob, name: string, records: number, photos: number, lost: number}} Rescue
 *   lost: photos whose bytes the browser no longer has
 * @typedef {(content: Uint8Array) => Promise<void>} Seal
 */

/**
 * Write the file. Records of colleagues who use the same phone are in it too.
 * @returns {Promise<Rescue>}
 * @throws {NoKey}
 */
export async function writeRescue() {
  const [known, device, build, epoch] = await Promise.all(["rescue", "device", "build", "epoch"].map(meta));
  if (!known?.public || !device) throw new NoKey();
  const paper = new Paper();
  const seal = await sealTo(known, paper);
  const photos = await photosWaiting();
  const records = await countWaiting();
  const made_at = new Date().toISOString();
  await seal(facts({ part: "about", device, build, epoch, made_at, records, photos: photos.length }));
  await writeRecords(seal);
  let lost = 0;
  for (const id of photos) lost += (await writePhoto(id, seal)) ? 0 : 1;
  await seal(facts({ part: "end" }));
  const name = `${hereAndNow(made_at)}-${device.slice(-4)}.doorstep`;
  return { file: paper.whole(), name, records, photos: photos.length - lost, lost };
}

/** By the phone's own clock, as whoever looks for the file remembers it: 20260102-0935. @param {string} moment */
function hereAndNow(moment) {
  const at = new Date(moment);
  const parts = [at.getFullYear(), at.getMonth() + 1, at.getDate(), at.getHours(), at.getMinutes()];
  const [year, month, day, hour, minute] = parts.map((part) => String(part).padStart(2, "0"));
  return `${year}${month}${day}-${hour}${minute}`;
}

/** Collects bytes into a Blob, holding few of them itself. */
class Paper {
  /** @type {Blob} */ #file = new Blob([]);
  /** @type {Uint8Array<ArrayBuffer>[]} */ #held = [];
  #size = 0;

  /** @param {Uint8Array<ArrayBuffer>} bytes */
  add(bytes) {
    this.#held.push(bytes);
    this.#size += bytes.byteLength;
    if (this.#size >= HELD) this.#fold();
  }

  /** @returns {Blob} */
  whole() {
    this.#fold();
    return this.#file;
  }

  #fold() {
    this.#file = new Blob([this.#file, ...this.#held], { type: "application/octet-stream" });
    this.#held = [];
    this.#size = 0;
  }
}

/**
 * Begin the file for the server's key; each content becomes a part, numbered in its nonce and bound to the head.
 * @param {{key: string, public: string}} known
 * @param {Paper} paper
 * @returns {Promise<Seal>}
 */
async function sealTo(known, paper) {
  const curve = { name: "ECDH", namedCurve: "P-256" };
  const theirs = Uint8Array.from(atob(known.public), (letter) => letter.charCodeAt(0));
  const own = await crypto.subtle.generateKey(curve, false, ["deriveBits"]);
  const ownPublic = new Uint8Array(await crypto.subtle.exportKey("raw", own.publicKey));
  const server = await crypto.subtle.importKey("raw", theirs, curve, false, []);
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: server }, own.privateKey, 256);
  const key = await cipherOf(shared, joined(ownPublic, theirs));
  const line = { key: known.key, public: btoa(String.fromCharCode(...ownPublic)) };
  const head = encoder.encode(`${MAGIC}${JSON.stringify(line)}\n`);
  paper.add(head);
  let number = 0;
  return async (content) => {
    const iv = new Uint8Array(12);
    new DataView(iv.buffer).setUint32(8, number++);
    const how = { name: "AES-GCM", iv, additionalData: head };
    const sealed = new Uint8Array(await crypto.subtle.encrypt(how, key, new Uint8Array(content)));
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, sealed.byteLength);
    paper.add(joined(length, sealed));
  };
}

/** @param {ArrayBuffer} shared @param {Uint8Array<ArrayBuffer>} salt */
async function cipherOf(shared, salt) {
  const basis = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt, info: encoder.encode(INFO) };
  return crypto.subtle.deriveKey(how, basis, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
}

/** @param {Seal} seal */
async function writeRecords(seal) {
  let after = 0;
  for (;;) {
    const some = await recordsAfter(after, AT_ONCE);
    if (some.length === 0) return;
    for (const record of some) await seal(facts({ part: "event", event: eventOf(record) }));
    after = some[some.length - 1].seq;
  }
}

/** @param {string} id @param {Seal} seal @returns {Promise<boolean>} false when its bytes are gone */
async function writePhoto(id, seal) {
  const { photo, bytes } = await withStores(["photos", "bytes"], "readonly", async (stores) => ({
    photo: await stores("photos").get(id),
    bytes: await stores("bytes").get(id),
  }));
  if (!photo || !bytes) return false;
  const { visit, digest, type, kind, size } = photo;
  await seal(facts({ part: "photo", photo: id, visit, digest, type, kind, size }));
  for (let from = 0; from < bytes.byteLength; from += PIECE) {
    await seal(joined(Uint8Array.of(BYTES), new Uint8Array(bytes.slice(from, from + PIECE))));
  }
  return true;
}

function countWaiting() {
  return withStores(["outbox"], "readonly", (stores) => stores("outbox").index("state").count("waiting"));
}

/** @param {Record<string, unknown>} content */
function facts(content) {
  return joined(Uint8Array.of(FACTS), encoder.encode(JSON.stringify(content)));
}

/** @param {Uint8Array} one @param {Uint8Array} two @returns {Uint8Array<ArrayBuffer>} */
function joined(one, two) {
  const both = new Uint8Array(one.byteLength + two.byteLength);
  both.set(one);
  both.set(two, one.byteLength);
  return both;
}
