// Finished visits on their way: nothing leaves the phone before its receipt and those of its photos.
import { notify } from "./changes.js";
import { StorageFailure, withStores } from "./db.js";
import { digestOf } from "./digest.js";
import { uuid7 } from "./ids.js";

/**
 * @typedef {import("./types.js").OutboxRecord} OutboxRecord
 * @typedef {import("./types.js").Photo} Photo
 */

const TYPE = "visit.recorded";
const SCHEMA = 1;
/** Received records stay at least so long, and until a backup holds them. */
const KEPT_FOR = 72 * 3_600_000;

/**
 * Move a finished draft and its photos into the outbox, in one strict transaction, and read it back.
 * Resolves only when what was read back has the digest that was written: then it is saved on this phone.
 * @param {string} draftId
 * @returns {Promise<OutboxRecord>}
 * @throws {StorageFailure}
 */
export async function finish(draftId) {
  const { draft, photos, place } = await gathered(draftId);
  const finished = new Date().toISOString();
  const body = bodyOf(draft, photos, finished);
  const text = JSON.stringify(body);
  const record = /** @type {OutboxRecord} */ ({
    id: uuid7(),
    visit: draft.id,
    revision: draft.revision,
    door: draft.door,
    seq: 0,
    author: draft.author,
    type: TYPE,
    schema: SCHEMA,
    recorded_at: finished,
    digest: await digestOf(text),
    body: text,
    photos: (body.photos ?? []).map((/** @type {any} */ photo) => photo.id),
    state: "waiting",
    problems: [],
    receipt: null,
    attempts: 0,
    aside: false,
    saved_at: finished,
    label: place,
  });
  await move(draft, photos, record);
  await readBack(record);
  notify("outbox");
  notify("drafts");
  return record;
}

/** @param {string} draftId */
function gathered(draftId) {
  return withStores(["drafts", "photos", "doors", "buildings"], "readonly", async (stores) => {
    /** @type {import("./types.js").Draft | undefined} */
    const draft = await stores("drafts").get(draftId);
    if (!draft) throw new StorageFailure("the draft is gone");
    const photos = /** @type {Photo[]} */ (await stores("photos").index("visit").getAll(draftId));
    const door = await stores("doors").get(draft.door);
    const building = door ? await stores("buildings").get(door.building) : null;
    const name = door?.unit ? `${door.unit}-${door.door}` : (door?.door ?? "");
    return { draft, photos, place: [building?.address, name].filter(Boolean).join(" ") };
  });
}

/**
 * The body in the shape of the contract; a photo taken just before a crash belongs to its finding too.
 * @param {import("./types.js").Draft} draft
 * @param {Photo[]} stored
 * @param {string} finished
 */
function bodyOf(draft, stored, finished) {
  const { photos: earlier = [], base_revision, ...content } = draft.body;
  const findings = (content.findings ?? []).map((/** @type {any} */ finding) => {
    const own = stored.filter((photo) => photo.finding === finding.id && photo.state === "draft");
    const ids = [...new Set([...(finding.photos ?? []), ...own.map((photo) => photo.id)])];
    return ids.length ? { ...finding, photos: ids } : finding;
  });
  const listed = new Map(earlier.map((/** @type {any} */ photo) => [photo.id, photo]));
  for (const { id, digest, size, type, taken_at } of stored)
    listed.set(id, { id, digest, size, type, taken_at });
  const named = [...new Set(findings.flatMap((/** @type {any} */ finding) => finding.photos ?? []))];
  const photos = named.map((id) => listed.get(id)).filter(Boolean);
  const known = new Set(photos.map((photo) => photo.id));
  for (const finding of findings) {
    if (finding.photos) finding.photos = finding.photos.filter((/** @type {string} */ id) => known.has(id));
  }
  return {
    visit: draft.id,
    revision: draft.revision,
    ...(draft.previous ? { previous: draft.previous } : {}),
    dwelling: draft.door,
    ...(base_revision ? { base_revision } : {}),
    started_at: draft.started_at,
    finished_at: finished,
    ...content,
    ...(findings.length ? { findings } : {}),
    ...(photos.length ? { photos } : {}),
  };
}

/**
 * @param {import("./types.js").Draft} draft
 * @param {Photo[]} photos
 * @param {OutboxRecord} record
 */
function move(draft, photos, record) {
  return withStores(["drafts", "photos", "bytes", "outbox", "meta"], "readwrite", async (stores) => {
    if (!(await stores("drafts").get(draft.id))) throw new StorageFailure("the draft is gone");
    record.seq = ((await stores("meta").get("seq")) ?? 0) + 1;
    await stores("meta").put(record.seq, "seq");
    await stores("outbox").put(record);
    for (const photo of photos.filter((one) => one.state === "draft")) {
      if (record.photos.includes(photo.id)) await stores("photos").put({ ...photo, state: "waiting" });
      else {
        await stores("photos").delete(photo.id);
        await stores("bytes").delete(photo.id);
      }
    }
    await stores("drafts").delete(draft.id);
  });
}

/** @param {OutboxRecord} record */
async function readBack(record) {
  const kept = await withStores(["outbox"], "readonly", (stores) => stores("outbox").get(record.id));
  if (!kept || kept.seq !== record.seq || (await digestOf(kept.body)) !== record.digest) {
    throw new StorageFailure("what was read back is not what was written");
  }
}

/**
 * Records of whoever is signed in, newest first, with their photos and what the lead said.
 * @returns {Promise<(Omit<OutboxRecord, "photos"> & {photos: Photo[], review: any})[]>}
 */
export function all() {
  return withStores(["outbox", "photos", "reviews", "meta"], "readonly", async (stores) => {
    const [records, photos, reviews, user] = await Promise.all([
      stores("outbox").getAll(),
      stores("photos").getAll(),
      stores("reviews").getAll(),
      stores("meta").get("user"),
    ]);
    const photoOf = byKey(photos, "id");
    const reviewOf = byKey(reviews, "visit");
    return records
      .filter((/** @type {OutboxRecord} */ record) => !user || record.author === user.id)
      .sort((/** @type {OutboxRecord} */ a, /** @type {OutboxRecord} */ b) => b.seq - a.seq)
      .map((/** @type {OutboxRecord} */ record) => withCompany(record, photoOf, reviewOf));
  });
}

/**
 * One record with its photos and review.
 * @param {string} id
 */
export async function record(id) {
  return (await all()).find((row) => row.id === id) ?? null;
}

/** @param {OutboxRecord} record @param {Map<string, any>} photoOf @param {Map<string, any>} reviewOf */
function withCompany(record, photoOf, reviewOf) {
  const review = reviewOf.get(record.visit);
  const photos = record.photos.map((id) => photoOf.get(id)).filter(Boolean);
  return { ...record, photos, review: review?.revision === record.revision ? review : null };
}

/** @param {any[]} rows @param {string} key @returns {Map<string, any>} */
function byKey(rows, key) {
  return new Map(rows.map((row) => [row[key], row]));
}

/**
 * Clear what the server has received whole, once a backup holds it and three days have passed.
 * @param {number} [now]  milliseconds
 * @returns {Promise<number>} how many records were cleared
 */
export async function sweep(now = Date.now()) {
  const names = /** @type {import("./db.js").StoreName[]} */ (["outbox", "photos", "bytes", "meta"]);
  const cleared = await withStores(names, "readwrite", async (stores) => {
    const durable = (await stores("meta").get("durable_through")) ?? "";
    let count = 0;
    for (const one of await stores("outbox").index("state").getAll("accepted")) {
      const old = now - Date.parse(one.receipt?.received_at) > KEPT_FOR && durable >= one.receipt.received_at;
      if (!old || !(await photosAreThere(stores, one.photos))) continue;
      for (const id of one.photos) {
        await stores("photos").delete(id);
        await stores("bytes").delete(id);
      }
      await stores("outbox").delete(one.id);
      count += 1;
    }
    return count;
  });
  if (cleared) notify("outbox");
  return cleared;
}

/** @param {import("./db.js").Stores} stores @param {string[]} ids */
async function photosAreThere(stores, ids) {
  for (const id of ids) {
    const photo = await stores("photos").get(id);
    if (photo && photo.state !== "stored") return false;
  }
  return true;
}
