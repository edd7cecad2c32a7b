// A batch of finished records: as it travels, and what becomes of it; an event without a result was not accepted.

import { dropBytes } from "./bytes.js";
import { notify } from "./changes.js";
import { meta, withStores } from "./db.js";
import { adoptEpochIfRoom, epochOwed } from "./epoch.js";
import { writtenDown } from "./room.js";
import { noteBackup } from "./sweeping.js";
import { isTime, jsonPost, requestJson, WireProblem } from "./wire.js";

/** @typedef {import("./types.js").OutboxRecord} OutboxRecord */
/** @typedef {import("./text_lane.js").TextRun} TextRun */

const BYTES_PER_SECOND = 2048; // slower than this the link counts as stalled
/** @type {Record<string, import("./types.js").RecordState | "gone">} */
const STATES = {
  accepted: "accepted",
  duplicate: "accepted",
  quarantined: "quarantined",
  conflict: "conflict",
  gone: "gone",
};
const encoder = new TextEncoder();

/**
 * Send some records; what they were answered is written down.
 * @param {OutboxRecord[]} batch
 * @param {TextRun} run
 * @returns {Promise<WireProblem | null>} why the batch as a whole was not taken
 */
export async function offer(batch, run) {
  let answer;
  try {
    answer = await post(batch);
  } catch (error) {
    if (error instanceof WireProblem) return error;
    throw error;
  }
  const changed = await adoptEpochIfRoom(answer.epoch);
  const settled = await note(batch, answer.results);
  run.settled += settled;
  run.unanswered += batch.length - settled;
  run.now = Date.parse(answer.now);
  // Another epoch: older records wait again. Once in a run, lest two servers in turn keep us busy for ever.
  run.after = changed && !run.renewed ? 0 : Math.max(run.after, batch[batch.length - 1].seq);
  run.renewed ||= changed;
  return null;
}

/** Bytes of a record within a batch. @param {OutboxRecord} record */
export function sizeOf(record) {
  return encoder.encode(JSON.stringify(eventOf(record))).length;
}

/** A record as it travels. @param {OutboxRecord} record */
export function eventOf({ id, seq, earlier, author, type, schema, recorded_at, digest, body }) {
  const before = earlier ? { earlier } : {};
  return { id, seq, ...before, author, type, schema, recorded_at, digest, enc: "none", body };
}

/** @param {OutboxRecord[]} batch */
async function post(batch) {
  const [device, epoch, build] = await Promise.all(["device", "epoch", "build"].map(meta));
  const content = {
    device,
    build: build ?? "",
    sent_at: new Date().toISOString(),
    epoch: epoch ?? null,
    events: batch.map(eventOf),
  };
  const options = await jsonPost(content);
  const timeout = 30_000 + Math.ceil((1000 * options.size) / BYTES_PER_SECOND);
  return requestJson("/sync/batches", isAnswer, { ...options.init, timeout });
}

/**
 * Write down what became of each; only ids that were asked about count.
 * @param {OutboxRecord[]} batch
 * @param {any[]} results
 */
async function note(batch, results) {
  const asked = new Set(batch.map((record) => record.id));
  const known = new Map(
    results.filter((one) => asked.has(one?.id) && isWhole(one)).map((one) => [one.id, one]),
  );
  // Where there is no room for it the record stays, and is a duplicate the next time.
  await writtenDown(() =>
    withStores(["outbox", "photos", "bytes", "meta"], "readwrite", async (stores) => {
      for (const [id, result] of known) {
        const record = await stores("outbox").get(id);
        if (record) await settle(stores, record, result);
      }
    }),
  );
  const photos = batch
    .filter(({ id }) => known.get(id)?.result === "gone")
    .flatMap((record) => record.photos);
  notify("outbox", { records: [...known.keys()], photos });
  return known.size;
}

/** @param {import("./db.js").Stores} stores @param {OutboxRecord} record @param {any} result */
async function settle(stores, record, result) {
  if (result.result === "gone") return erase(stores, record);
  const receipt = STATES[result.result] === "accepted" ? result.receipt : null;
  const problems = Array.isArray(result.problems) ? result.problems : [];
  await stores("outbox").put({
    ...record,
    state: STATES[result.result],
    receipt,
    problems,
    answered_at: result.answered_at,
  });
  // A backup of a database whose epoch is not noted here says nothing of what the one before it had taken.
  if (!epochOwed()) await noteBackup(stores, receipt?.durable_through);
}

/** It was erased at the desk on somebody's request: the phone forgets it too. */
/** @param {import("./db.js").Stores} stores @param {OutboxRecord} record */
async function erase(stores, record) {
  for (const id of record.photos) {
    await stores("photos").delete(id);
    await dropBytes(stores, id);
  }
  await stores("outbox").delete(record.id);
}

/** An acceptance without a whole receipt is none. @param {any} one */
function isWhole(one) {
  const state = Object.hasOwn(STATES, one.result) ? STATES[one.result] : null;
  if (state !== "accepted") return state !== null;
  const through = one.receipt?.durable_through ?? null;
  return (
    typeof one.receipt?.number === "string" &&
    isTime(one.receipt.received_at) &&
    (through === null || isTime(through))
  );
}

/**
 * They were not taken; `stuck` counts how often one was not although it went alone.
 * @param {OutboxRecord[]} batch
 * @param {boolean} stuck
 */
export async function countFailure(batch, stuck) {
  await writtenDown(() =>
    withStores(["outbox"], "readwrite", async (stores) => {
      for (const { id } of batch) {
        const record = await stores("outbox").get(id);
        if (!record) continue;
        const more = stuck ? { stuck: (record.stuck ?? 0) + 1 } : {};
        await stores("outbox").put({ ...record, ...more, attempts: record.attempts + 1 });
      }
    }),
  );
  notify("outbox", { records: batch.map(({ id }) => id) });
}

/** @param {any} body */
function isAnswer(body) {
  return typeof body.epoch === "string" && isTime(body.now) && Array.isArray(body.results);
}
