// The text lane: finished records in batches, in the order of their numbers; an event without a result was not accepted.

import { dropBytes } from "./bytes.js";
import { notify } from "./changes.js";
import { meta, withStores } from "./db.js";
import { adoptEpoch } from "./epoch.js";
import { recordsAfter } from "./waiting.js";
import { jsonPost, requestJson, WireProblem } from "./wire.js";

/** @typedef {import("./types.js").OutboxRecord} OutboxRecord */

/**
 * What one run of the sender has done. `after` is the number of the last record that was offered: each is offered once
 * in a run, so one that gets no answer holds up neither the others nor the photos.
 * @typedef {{after: number, settled: number, unanswered: number, now: number | null, renewed: boolean}} TextRun
 */

const MOST_EVENTS = 50;
const MOST_BYTES = 255 * 1024; // of 256 KiB, leaving room for the envelope of the batch
const BYTES_PER_SECOND = 2048; // slower than this the link counts as stalled
/** A batch was refused as a whole, for something in it. */
const REFUSALS = new Set(["bad-request", "too-large", "invalid", "unexpected"]);
const REFUSALS_IN_A_ROW = 5;
/** @type {Record<string, import("./types.js").RecordState | "gone">} */
const STATES = {
  accepted: "accepted",
  duplicate: "accepted",
  quarantined: "quarantined",
  conflict: "conflict",
  gone: "gone",
};
const encoder = new TextEncoder();

/** @returns {TextRun} */
export function newRun() {
  return { after: 0, settled: 0, unanswered: 0, now: null, renewed: false };
}

/**
 * Offer every record that this run has not offered yet; a batch that is refused is halved until the record is found
 * that the server cannot take, and the rest goes on without it. Throws WireProblem when nothing can be sent now.
 * @param {TextRun} run
 */
export async function sendText(run) {
  let most = MOST_EVENTS;
  let refusals = 0;
  for (;;) {
    const batch = fitting(await recordsAfter(run.after, most));
    if (batch.length === 0) return;
    const refused = await offer(batch, run);
    if (!refused) {
      refusals = 0;
      most = Math.min(MOST_EVENTS, most * 2);
    } else if (batch.length > 1) {
      most = Math.floor(batch.length / 2);
    } else {
      refusals += 1;
      run.unanswered += 1;
      run.after = batch[0].seq;
      if (refusals === REFUSALS_IN_A_ROW) throw refused;
    }
  }
}

/**
 * @param {OutboxRecord[]} batch
 * @param {TextRun} run
 * @returns {Promise<WireProblem | null>} the refusal of the batch as a whole
 */
async function offer(batch, run) {
  let answer;
  try {
    answer = await post(batch);
  } catch (error) {
    const refused = error instanceof WireProblem && (REFUSALS.has(error.code) || error.status === 413);
    if (!refused || batch.length === 1) await countAttempt(batch);
    if (refused) return error;
    throw error;
  }
  const changed = await adoptEpoch(answer.epoch);
  const settled = await note(batch, answer.results);
  run.settled += settled;
  run.unanswered += batch.length - settled;
  run.now = Date.parse(answer.now);
  // Another epoch: older records wait again. Once in a run, lest two servers in turn keep us busy for ever.
  run.after = changed && !run.renewed ? 0 : batch[batch.length - 1].seq;
  run.renewed ||= changed;
  return null;
}

/** @param {OutboxRecord[]} records */
function fitting(records) {
  const batch = [];
  let bytes = 0;
  for (const record of records) {
    bytes += encoder.encode(JSON.stringify(eventOf(record))).length + 1;
    if (batch.length && bytes > MOST_BYTES) break;
    batch.push(record);
  }
  return batch;
}

/** A record as it travels. @param {OutboxRecord} record */
export function eventOf({ id, seq, author, type, schema, recorded_at, digest, body }) {
  return { id, seq, author, type, schema, recorded_at, digest, enc: "none", body };
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
  await withStores(["outbox", "photos", "bytes", "meta"], "readwrite", async (stores) => {
    for (const [id, result] of known) {
      const record = await stores("outbox").get(id);
      if (record) await settle(stores, record, result);
    }
  });
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
  await stores("outbox").put({ ...record, state: STATES[result.result], receipt, problems });
  const through = receipt?.durable_through;
  const known = await stores("meta").get("durable_through");
  if (through && (!known || Date.parse(through) > Date.parse(known))) {
    await stores("meta").put(through, "durable_through");
  }
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

/** @param {unknown} text */
function isTime(text) {
  return typeof text === "string" && !Number.isNaN(Date.parse(text));
}

/** @param {OutboxRecord[]} batch */
async function countAttempt(batch) {
  await withStores(["outbox"], "readwrite", async (stores) => {
    for (const { id } of batch) {
      const record = await stores("outbox").get(id);
      if (record) await stores("outbox").put({ ...record, attempts: record.attempts + 1 });
    }
  });
  notify("outbox", { records: batch.map(({ id }) => id) });
}

/** @param {any} body */
function isAnswer(body) {
  return typeof body.epoch === "string" && isTime(body.now) && Array.isArray(body.results);
}
