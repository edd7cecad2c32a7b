// Numbers of records: gapless for each device, so that the desk sees what never came. They are no part of a record's
// digest: under another device a record that is offered again takes another number.

/** @typedef {import("./db.js").Stores} Stores */
/** @typedef {{seq: number, device?: string, earlier?: {device: string, seq: number}[]}} Numbered */

/** So many earlier numbers the server takes; more often no phone is enrolled anew while a record waits. */
const MOST = 20;

/** The next number of this phone, taken: within a transaction on meta. @param {Stores} stores @returns {Promise<number>} */
export async function nextNumber(stores) {
  const seq = ((await stores("meta").get("seq")) ?? 0) + 1;
  await stores("meta").put(seq, "seq");
  return seq;
}

/** Give a number back that nobody has seen, when it was the last one. @param {Stores} stores @param {number} seq */
export async function giveBack(stores, seq) {
  if ((await stores("meta").get("seq")) === seq) await stores("meta").put(seq - 1, "seq");
}

/**
 * A record as this device may offer it: numbers of an earlier device say nothing of this one.
 * @template {Numbered} Row
 * @param {Stores} stores @param {Row} record
 * @returns {Promise<Row>}
 */
export async function numbered(stores, record) {
  const device = await stores("meta").get("device");
  if (!record.device || record.device === device) return record;
  return anew(record, record.device, device, await nextNumber(stores));
}

/**
 * A new device counts from one; before it is noted in meta.
 * @param {Stores} stores  meta and outbox @param {string} device
 * @returns {Promise<string[]>} the photos of what waits
 */
export async function renumber(stores, device) {
  const range = IDBKeyRange.bound(["waiting", 0], ["waiting", Number.POSITIVE_INFINITY]);
  const waiting = await stores("outbox").index("queue").getAll(range);
  const before = await stores("meta").get("device");
  for (const [index, record] of waiting.entries())
    await stores("outbox").put(anew(record, record.device ?? before, device, index + 1));
  await stores("meta").put(waiting.length, "seq");
  return waiting.flatMap((/** @type {import("./types.js").OutboxRecord} */ { photos }) => photos);
}

/**
 * Under another number; the desk hears which it had before, lest it call that one missing.
 * @template {Numbered} Row
 * @param {Row} record @param {string} before @param {string} device @param {number} seq
 * @returns {Row}
 */
function anew(record, before, device, seq) {
  const earlier = [...(record.earlier ?? []), { device: before, seq: record.seq }].slice(-MOST);
  return { ...record, device, seq, earlier };
}
