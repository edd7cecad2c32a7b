// "All in": only after the server has confirmed every id and digest that this phone holds.
import { notify } from "./changes.js";
import { eachPortion, meta, setMeta, withStores } from "./db.js";
import { adoptEpoch } from "./epoch.js";
import { numbered } from "./numbers.js";
import { noteBackup, sweep } from "./sweeping.js";
import { anythingWaits } from "./waiting.js";
import { isTime, jsonPost, requestJson } from "./wire.js";

/**
 * @typedef {{id: string, digest: string, state: string, saved_at: string}} HeldRecord
 * @typedef {{id: string, digest: string, kind: string, state: string, aside: boolean,
 *   refused: boolean, left: number}} HeldPhoto
 *   aside: the server would not have it; refused: in no form, not even aside; left: bytes to send
 * @typedef {{records: HeldRecord[], photos: HeldPhoto[]}} Held
 */

/** So often a phone compares by itself; milliseconds. */
const SELDOM = 3_600_000;
/** The server takes so many of each at once. */
const MOST = 5000;

/**
 * Compare everything; what is not whole at the server waits again, and what a backup holds goes in its time, also from
 * a phone that has nothing to send. Throws WireProblem.
 * @returns {Promise<{all_in: boolean, at: string, missing: number, lost: number}>}  `lost`: photos that neither this
 *   phone can send any more nor the server has
 */
export async function reconcile() {
  const before = await meta("epoch");
  const result = await compareAll();
  // Under another epoch also what had been set aside counts again, and it was not asked about.
  const last = (await meta("epoch")) === before ? result : await compareAll();
  await setMeta({ compared_at: Date.now() });
  await sweep(Date.parse(last.at));
  return last;
}

/**
 * Compare when that was not done for an hour: the desk hears how this phone stands, and the phone what became of what
 * was set aside, without anybody asking for it. Throws WireProblem.
 * @returns {Promise<boolean>} whether something is to be sent
 */
export async function reconcileSeldom() {
  const [device, last] = await Promise.all(["device", "compared_at"].map(meta));
  const ago = Date.now() - (last ?? 0);
  if (!device || (ago >= 0 && ago < SELDOM)) return false;
  await reconcile();
  return anythingWaits();
}

async function compareAll() {
  const { records, photos } = await held();
  const facts = await state(records, photos);
  let [missing, lost] = [0, 0];
  let at = "";
  for (let from = 0; from === 0 || from < Math.max(records.length, photos.length); from += MOST) {
    const some = { records: records.slice(from, from + MOST), photos: photos.slice(from, from + MOST) };
    const answer = await compare(some, facts, from / MOST);
    missing += await takeUp(some, answer);
    lost += lostOf(some.photos, answer);
    at = answer.now;
  }
  return { all_in: missing + lost === 0, at, missing, lost };
}

/** @param {Held} held @param {Record<string, unknown>} state @param {number} part @returns {Promise<any>} */
async function compare({ records, photos }, state, part) {
  const content = {
    visits: records.map(({ id, digest }) => ({ id, digest })),
    photos: photos.map(({ id, kind, digest }) => ({ id, kind, digest })),
    state,
    part,
  };
  const { init } = await jsonPost(content);
  const answer = await requestJson("/sync/reconciliation", isAnswer, { ...init, timeout: 60_000 });
  await adoptEpoch(answer.epoch);
  const through = answer.durable_through;
  if (isTime(through)) await withStores(["meta"], "readwrite", (stores) => noteBackup(stores, through));
  return answer;
}

/** All that was finished here; what is in conflict stands at the desk with another digest. @returns {Promise<Held>} */
function held() {
  return withStores(["outbox", "photos"], "readonly", async (stores) => {
    /** @type {Held} */
    const all = { records: [], photos: [] };
    await eachPortion(stores("outbox"), (rows) => {
      for (const { id, digest, state, saved_at } of rows)
        if (state !== "conflict") all.records.push({ id, digest, state, saved_at });
    });
    await eachPortion(stores("photos"), (rows) => {
      for (const { id, digest, kind, state, size, offset, problem } of rows) {
        const aside = state === "unusable" && !String(problem).startsWith("bytes-");
        const refused = state === "unusable" && problem === "too-large";
        if (state !== "draft")
          all.photos.push({ id, digest, kind, state, aside, refused, left: size - offset });
      }
    });
    return all;
  });
}

/**
 * What the lead may know of this phone; no position, no battery.
 * @param {HeldRecord[]} records
 * @param {HeldPhoto[]} photos
 */
async function state(records, photos) {
  const unsent = records.filter((one) => one.state === "waiting");
  const left = photos.filter((one) => one.state !== "stored" && one.state !== "unusable");
  const storage = globalThis.navigator?.storage;
  const estimate = await storage?.estimate?.().catch(() => null);
  return {
    build: (await meta("build")) ?? "",
    unsent: unsent.length,
    oldest_at: unsent.map((one) => one.saved_at).sort()[0] ?? null,
    photos_unsent: left.length,
    bytes_unsent: left.reduce((sum, one) => sum + one.left, 0),
    photos_lost: await lostHere(),
    photos_refused: photos.filter((one) => one.refused).length,
    free_bytes: estimate?.quota ? estimate.quota - (estimate.usage ?? 0) : null,
    persisted: (await storage?.persisted?.().catch(() => null)) ?? null,
  };
}

/** Photos whose bytes the browser has lost or damaged. */
async function lostHere() {
  let lost = 0;
  await withStores(["photos"], "readonly", (stores) =>
    eachPortion(stores("photos"), (rows) => {
      lost += rows.filter(({ problem }) => problem === "bytes-missing" || problem === "bytes-damaged").length;
    }),
  );
  return lost;
}

/**
 * Offer again what the server does not have, and what it has judged anew, to hear how.
 * @param {Held} held @param {any} answer
 * @returns {Promise<number>} how many records and photos are not whole there
 */
async function takeUp({ records, photos }, answer) {
  const lost = new Set(answer.missing);
  const aside = new Set(answer.quarantined);
  const judged = (/** @type {any} */ one) => one.state === "quarantined" && !aside.has(one.id);
  const again = records.filter((one) => (lost.has(one.id) && one.state !== "waiting") || judged(one));
  const shots = notWhole(photos, answer).filter((one) => one.state !== "unusable");
  const offered = shots.filter((one) => one.state === "stored").concat(foundGood(photos, answer));
  if (again.length + offered.length) await offerAgain(again, offered);
  return records.filter((one) => lost.has(one.id)).length + shots.length;
}

/** Photos that this phone has lost or may not send, as far as the server has them in no form. */
/** @param {HeldPhoto[]} photos @param {any} answer */
function lostOf(photos, answer) {
  return notWhole(photos, answer).filter((one) => one.state === "unusable").length;
}

/** What the server had set aside and has stored since: offered again it is answered with its receipt. */
/** @param {HeldPhoto[]} photos @param {any} answer */
function foundGood(photos, { photos_missing, photos_partial, photos_quarantined }) {
  const named = new Set([...photos_missing, ...photos_partial, ...photos_quarantined]);
  return photos.filter((one) => one.aside && !named.has(one.id));
}

/** @param {HeldPhoto[]} photos @param {any} answer */
function notWhole(photos, { photos_missing, photos_partial }) {
  const partial = new Set([...photos_missing, ...photos_partial]);
  return photos.filter((one) => partial.has(one.id));
}

/** @param {HeldRecord[]} records @param {HeldPhoto[]} photos */
async function offerAgain(records, photos) {
  await withStores(["outbox", "photos", "meta"], "readwrite", async (stores) => {
    const fresh = { state: "waiting", receipt: null };
    const unsent = { ...fresh, offset: 0, location: null, stored_at: null };
    for (const { id } of records) {
      const row = await stores("outbox").get(id);
      if (row) await stores("outbox").put({ ...(await numbered(stores, row)), ...fresh, problems: [] });
    }
    for (const { id } of photos) {
      const row = await stores("photos").get(id);
      if (row) await stores("photos").put({ ...row, ...unsent });
    }
  });
  notify("outbox");
}

/** @param {any} body */
function isAnswer(body) {
  const lists = ["missing", "quarantined", "photos_missing", "photos_partial", "photos_quarantined"];
  return (
    typeof body.epoch === "string" &&
    typeof body.now === "string" &&
    lists.every((name) => Array.isArray(body[name]))
  );
}
