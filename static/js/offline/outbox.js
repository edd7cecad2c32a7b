// Finished visits on their way: nothing leaves the phone before its receipt and those of its photos.

import { dropBytes } from "./bytes.js";
import { notify } from "./changes.js";
import { StorageFailure, withStores } from "./db.js";
import { digestOf, digestOfBytes } from "./digest.js";
import { isSame, labelOf } from "./drafts.js";
import { uuid7 } from "./ids.js";
import { NAMING, namedIn } from "./named.js";
import { giveBack, nextNumber } from "./numbers.js";
import { currentDraft, SCHEMA } from "./upcasts.js";

/**
 * @typedef {import("./types.js").OutboxRecord} OutboxRecord
 * @typedef {import("./types.js").Photo} Photo
 * @typedef {import("./types.js").Draft} Draft
 */

const TYPE = "visit.recorded";
const MOVING = /** @type {const} */ (["drafts", "photos", "bytes", "outbox", "meta"]);

/**
 * Move a finished draft and its photos into the outbox, in one strict transaction, and read it back.
 * Resolves only when what was read back has the digests that were written: then it is saved on this phone.
 * Finishing twice is the same as once.
 * @param {string} draftId
 * @returns {Promise<OutboxRecord>}
 * @throws {StorageFailure}
 */
export async function finish(draftId) {
  const { draft, photos, known } = await gathered(draftId);
  if (!draft) return finishedBefore(draftId);
  const record = await recordOf(draft, photos, known);
  if (!(await move(draft, photos, record))) return finish(draftId);
  const taken = photos.filter(({ id }) => record.photos.includes(id));
  await readBack(record, taken).catch((error) => takeBack(draft, taken, record, error));
  notify("outbox", { records: [record.id], photos: record.photos });
  notify("drafts");
  return record;
}

/** @param {string} draftId */
function gathered(draftId) {
  return withStores(["drafts", "photos", "doors", "buildings", ...NAMING], "readonly", async (stores) => {
    const draft = currentDraft(await stores("drafts").get(draftId));
    const photos = /** @type {Photo[]} */ (await stores("photos").index("visit").getAll(draftId));
    const label = draft ? (await labelOf(stores, draft.door)) || draft.label || "" : "";
    const gone = draft ? await namedIn(stores, draft) : {};
    return { draft, photos, known: { label, ...(Object.keys(gone).length ? { gone } : {}) } };
  });
}

/** Another tab, or a second tap, was faster; it too is called saved when it can be read back. */
/** @param {string} visit @returns {Promise<OutboxRecord>} */
async function finishedBefore(visit) {
  const records = await withStores(["outbox"], "readonly", (stores) =>
    stores("outbox").index("visit").getAll(visit),
  );
  if (records.length === 0) throw new StorageFailure("the draft is gone");
  const record = records.reduce((/** @type {OutboxRecord} */ a, /** @type {OutboxRecord} */ b) =>
    b.revision > a.revision ? b : a,
  );
  await readBack(record, []);
  return record;
}

/**
 * @param {Draft} draft @param {Photo[]} photos
 * @param {{label: string, gone?: any}} known  what only this phone needs of it
 * @returns {Promise<OutboxRecord>}
 */
async function recordOf(draft, photos, known) {
  const now = new Date().toISOString();
  const body = bodyOf(draft, photos, now);
  const text = JSON.stringify(body);
  return {
    id: uuid7(),
    visit: draft.id,
    revision: draft.revision,
    door: draft.door,
    seq: 0,
    author: draft.author,
    type: TYPE,
    schema: SCHEMA,
    recorded_at: now,
    digest: await digestOf(text),
    body: text,
    photos: (body.photos ?? []).map((/** @type {any} */ photo) => photo.id),
    state: "waiting",
    problems: [],
    receipt: null,
    attempts: 0,
    saved_at: now,
    ...known,
    outcome: draft.body.outcome,
    hazard: (body.findings ?? []).some((/** @type {any} */ one) => one.action !== "fixed_on_site"),
    ...daysOf(body),
  };
}

/** What the round has to know of it before the pack tells. @param {any} body */
function daysOf({ outcome, come_again_on, requests = [] }) {
  const days = requests.map((/** @type {any} */ one) => one.remind_on).filter(Boolean);
  return {
    ...(outcome === "rescheduled" && come_again_on ? { again_on: come_again_on } : {}),
    ...(days.length ? { remind_on: days } : {}),
  };
}

/**
 * The body in the shape of the contract; a photo taken just before a crash belongs to its finding too.
 * @param {import("./types.js").Draft} draft
 * @param {Photo[]} stored
 * @param {string} finished
 */
function bodyOf(draft, stored, finished) {
  const { photos: earlier = [], base_revision, ...content } = draft.body;
  const findings = (content.findings ?? []).map((/** @type {any} */ one) => withPhotos(one, one.id, stored));
  const rechecks = (content.rechecks ?? []).map((/** @type {any} */ one) =>
    withPhotos(one, one.finding, stored),
  );
  const listed = new Map(earlier.map((/** @type {any} */ photo) => [photo.id, photo]));
  for (const { id, digest, size, type, taken_at } of stored)
    listed.set(id, { id, digest, size, type, taken_at });
  const showing = [...findings, ...rechecks];
  const named = [...new Set(showing.flatMap((/** @type {any} */ one) => one.photos ?? []))];
  const photos = named.map((id) => listed.get(id)).filter(Boolean);
  const known = new Set(photos.map((photo) => photo.id));
  for (const one of showing) {
    if (one.photos) one.photos = one.photos.filter((/** @type {string} */ id) => known.has(id));
  }
  const occupants = (content.occupants ?? []).map(withoutMasks);
  return {
    ...content,
    visit: draft.id,
    revision: draft.revision,
    ...(draft.previous ? { previous: draft.previous } : {}),
    dwelling: draft.door,
    ...(base_revision ? { base_revision } : {}),
    started_at: draft.started_at,
    finished_at: finished,
    ...(occupants.length ? { occupants } : {}),
    ...(findings.length ? { findings } : {}),
    ...(rechecks.length ? { rechecks } : {}),
    ...(photos.length ? { photos } : {}),
  };
}

/**
 * A finding or recheck with the photos that were taken of this hazard.
 * @param {any} one @param {string} finding @param {Photo[]} stored
 */
function withPhotos(one, finding, stored) {
  const own = stored.filter((photo) => photo.finding === finding && photo.state === "draft");
  const photos = [...new Set([...(one.photos ?? []), ...own.map((photo) => photo.id)])];
  return photos.length ? { ...one, photos } : one;
}

/** The masked forms that a returned visit came with are for the eye only. @param {any} entry */
function withoutMasks({ document, phone_masked, ...entry }) {
  return entry;
}

/**
 * @param {Draft} draft
 * @param {Photo[]} photos
 * @param {OutboxRecord} record  its seq is set
 * @returns {Promise<boolean>} false when the draft has changed since it was read
 */
function move(draft, photos, record) {
  return withStores([...MOVING], "readwrite", async (stores) => {
    const now = await stores("drafts").get(draft.id);
    const here = await stores("photos").index("visit").count(draft.id);
    if (!isSame(now, draft) || here !== photos.length) return false;
    record.seq = await nextNumber(stores);
    record.device = await stores("meta").get("device");
    await stores("outbox").put(record);
    for (const photo of photos.filter((one) => one.state === "draft")) {
      if (record.photos.includes(photo.id)) await stores("photos").put({ ...photo, state: "waiting" });
      else {
        await stores("photos").delete(photo.id);
        await dropBytes(stores, photo.id);
      }
    }
    await stores("drafts").delete(draft.id);
    return true;
  });
}

/** @param {OutboxRecord} record @param {Photo[]} taken  those that must be here; others may have been cleared */
async function readBack(record, taken) {
  const { kept, photos } = await withStores(["outbox", "photos", "bytes"], "readonly", async (stores) => {
    const pairs = record.photos.map(async (id) => [
      await stores("photos").get(id),
      await stores("bytes").get(id),
    ]);
    return { kept: await stores("outbox").get(record.id), photos: await Promise.all(pairs) };
  });
  let whole = kept?.seq === record.seq && (await digestOf(kept.body)) === record.digest;
  const here = new Set(photos.map(([photo]) => photo?.id));
  whole &&= taken.every(({ id }) => here.has(id));
  for (const [photo, bytes] of photos) {
    if (photo?.state === "waiting") whole &&= Boolean(bytes) && (await digestOfBytes(bytes)) === photo.digest;
  }
  if (!whole) throw new StorageFailure("what was read back is not what was written");
}

/**
 * What cannot be read back is not saved: the draft is put back so that the person can try again. Throws `error`.
 * @param {Draft} draft @param {Photo[]} taken @param {OutboxRecord} record @param {unknown} error
 */
async function takeBack(draft, taken, record, error) {
  await withStores([...MOVING], "readwrite", async (stores) => {
    const kept = await stores("outbox").get(record.id);
    if (kept && kept.state !== "waiting") return; // it was sent before it could be looked at
    await giveBack(stores, record.seq); // where another visit came after it, a gap is left, and the desk sees it
    await stores("outbox").delete(record.id);
    await stores("drafts").put(draft);
    for (const photo of taken) await stores("photos").put(photo);
  });
  notify("outbox", { records: [record.id], photos: record.photos });
  throw error;
}
