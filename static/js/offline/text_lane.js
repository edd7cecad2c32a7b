// The text lane: which finished records go together, in the order of their numbers, and what becomes of a batch that
// does not go: it is halved until the record is found that stands in the way, and the rest goes on without that.
import { countFailure, offer, sizeOf } from "./batches.js";
import { recordsAfter } from "./waiting.js";

/** @typedef {import("./types.js").OutboxRecord} OutboxRecord */
/** @typedef {import("./wire.js").WireProblem} WireProblem */

/**
 * What one run of the sender has done. `after` is the number of the last record that was offered: each is offered once
 * in a run, so one that gets no answer holds up neither the others nor the photos. `stuck` are those that were left for
 * later, since they stood in the way before.
 * @typedef {{after: number, settled: number, unanswered: number, now: number | null, renewed: boolean,
 *   stuck: Map<string, OutboxRecord>}} TextRun
 */

const MOST_EVENTS = 50;
const MOST_BYTES = 255 * 1024; // of 256 KiB, leaving room for the envelope of the batch
/** A batch was refused as a whole, for something in it. */
const REFUSALS = new Set(["bad-request", "too-large", "invalid", "unexpected"]);
const REFUSALS_IN_A_ROW = 5;
/** What somebody in between says of one request, while the server itself can be reached: not of a network as a whole. */
const [BROKEN, ABOUT_NETWORK] = [new Set([500, 502, 504]), new Set([401, 407, 429])];
/** A record that stood in the way so often, alone, goes after all others. */
const STUCK = 2;

/** On a link that breaks batches become smaller, as pieces of photos do, also for the next run. */
let most = MOST_EVENTS;

/** @returns {TextRun} */
export function newRun() {
  return { after: 0, settled: 0, unanswered: 0, now: null, renewed: false, stuck: new Map() };
}

/**
 * Offer every record that this run has not offered yet. Throws WireProblem when nothing can be sent now.
 * @param {TextRun} run
 */
export async function sendText(run) {
  let refusals = 0;
  for (;;) {
    const batch = await nextBatch(run);
    if (batch.length === 0) return;
    const problem = await offer(batch, run);
    if (!problem) {
      refusals = 0;
      most = Math.min(MOST_EVENTS, most * 2);
      continue;
    }
    await failed(batch, problem, run);
    if (!isRefusal(problem)) throw problem;
    if (batch.length > 1) continue;
    refusals += 1;
    run.after = batch[0].seq;
    if (refusals === REFUSALS_IN_A_ROW) throw problem;
  }
}

/**
 * Offer what stood in the way before, each alone, what did so least first, until one does it again. It ends no run: a
 * network that is gone is noticed by whatever follows.
 * @param {TextRun} run
 */
export async function sendStuck(run) {
  const left = [...run.stuck.values()].sort((a, b) => stuckOf(a) - stuckOf(b) || a.seq - b.seq);
  run.stuck.clear();
  for (const record of left) {
    const problem = await offer([record], run);
    if (problem) return failed([record], problem, run);
  }
}

/** @param {OutboxRecord[]} batch @param {WireProblem} problem @param {TextRun} run */
async function failed(batch, problem, run) {
  const [refused, alone] = [isRefusal(problem), batch.length === 1];
  if (refused || problem.code === "offline") most = Math.max(1, Math.floor(batch.length / 2));
  if (refused && !alone) return; // it is looked for which of them it is
  if (refused) run.unanswered += 1;
  await countFailure(batch, alone && (refused || problem.code === "offline"));
}

/** @param {TextRun} run @returns {Promise<OutboxRecord[]>} */
async function nextBatch(run) {
  for (let from = run.after; ; ) {
    const rows = await recordsAfter(from, most);
    for (const row of rows) if (stuckOf(row) >= STUCK) run.stuck.set(row.id, row);
    const free = rows.filter((row) => stuckOf(row) < STUCK);
    if (free.length || rows.length === 0) return fitting(free);
    from = rows[rows.length - 1].seq;
  }
}

/** @param {OutboxRecord} record */
function stuckOf({ stuck = 0 }) {
  return stuck;
}

/** @param {OutboxRecord[]} records */
function fitting(records) {
  const batch = [];
  let bytes = 0;
  for (const record of records) {
    bytes += sizeOf(record) + 1;
    if (batch.length && bytes > MOST_BYTES) break;
    batch.push(record);
  }
  return batch;
}

/** @param {WireProblem} problem */
function isRefusal({ code, status }) {
  if (REFUSALS.has(code) || status === 413) return true;
  if (code === "busy") return BROKEN.has(status);
  return code === "portal" && status >= 400 && !ABOUT_NETWORK.has(status) && status < 500;
}
