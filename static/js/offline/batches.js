// The text lane: finished records in batches, in the order of their numbers; an event without a result was not accepted.

import { notify } from "./changes.js";
import { meta, withStores } from "./db.js";
import { adoptEpoch } from "./epoch.js";
import { jsonPost, requestJson, WireProblem } from "./wire.js";

/** @typedef {import("./types.js").OutboxRecord} OutboxRecord */

const MOST_EVENTS = 50;
const MOST_BYTES = 240 * 1024; // of 256 KiB, leaving room for the envelope
const STATES = /** @type {Record<string, import("./types.js").RecordState>} */ ({
  accepted: "accepted",
  duplicate: "accepted",
  quarantined: "quarantined",
  conflict: "conflict",
  gone: "gone",
});

/** Whether a record waits to be sent. */
export async function textWaits() {
  return (await waiting()).length > 0;
}

/**
 * Send all that waits; throws WireProblem when the server cannot take more now.
 * @returns {Promise<number>} how many records were settled
 */
export async function sendText() {
  let most = MOST_EVENTS;
  let settled = 0;
  for (;;) {
    const batch = fitting(await waiting(), most);
    if (batch.length === 0) return settled;
    const answer = await post(batch).catch((/** @type {unknown} */ error) => error);
    if (answer instanceof WireProblem && answer.status === 413) {
      if (batch.length === 1) await setAside(batch[0], "too-large");
      most = Math.max(1, Math.floor(batch.length / 2));
      continue;
    }
    if (answer instanceof Error) {
      await countAttempt(batch);
      throw answer;
    }
    const now = await note(batch, answer.results);
    settled += now;
    await adoptEpoch(answer.epoch);
    if (now === 0) throw new WireProblem("busy");
  }
}

/** @returns {Promise<OutboxRecord[]>} in the order of their numbers */
async function waiting() {
  const rows = await withStores(["outbox"], "readonly", (stores) =>
    stores("outbox").index("state").getAll("waiting"),
  );
  return rows
    .filter((/** @type {OutboxRecord} */ row) => !row.aside)
    .sort((/** @type {OutboxRecord} */ a, /** @type {OutboxRecord} */ b) => a.seq - b.seq);
}

/** @param {OutboxRecord[]} records @param {number} most */
function fitting(records, most) {
  const batch = [];
  let bytes = 0;
  for (const record of records.slice(0, most)) {
    // A character of the body may take three bytes, and quotes are escaped once more.
    bytes += record.body.length * 3 + 400;
    if (batch.length && bytes > MOST_BYTES) break;
    batch.push(record);
  }
  return batch;
}

/** @param {OutboxRecord[]} batch */
async function post(batch) {
  const [device, epoch, build] = await Promise.all(["device", "epoch", "build"].map(meta));
  const events = batch.map(({ id, seq, author, type, schema, recorded_at, digest, body }) => ({
    id,
    seq,
    author,
    type,
    schema,
    recorded_at,
    digest,
    enc: "none",
    body,
  }));
  const content = {
    device,
    build: build ?? "",
    sent_at: new Date().toISOString(),
    epoch: epoch ?? null,
    events,
  };
  return requestJson("/sync/batches", isAnswer, { ...(await jsonPost(content)), timeout: 60_000 });
}

/**
 * Write down what became of each; only ids that were asked about count.
 * @param {OutboxRecord[]} batch
 * @param {any[]} results
 */
async function note(batch, results) {
  const asked = new Set(batch.map((record) => record.id));
  const known = results.filter((one) => asked.has(one?.id) && STATES[one.result] && isWhole(one));
  await withStores(["outbox"], "readwrite", async (stores) => {
    for (const one of known) {
      const record = await stores("outbox").get(one.id);
      if (!record) continue;
      const change = {
        state: STATES[one.result],
        receipt: one.receipt ?? null,
        problems: one.problems ?? [],
      };
      await stores("outbox").put({ ...record, ...change });
    }
  });
  if (known.length) notify("outbox");
  return known.length;
}

/** An acceptance without a receipt is none. @param {any} one */
function isWhole(one) {
  return STATES[one.result] !== "accepted" || typeof one.receipt?.received_at === "string";
}

/** @param {OutboxRecord[]} batch */
async function countAttempt(batch) {
  await withStores(["outbox"], "readwrite", async (stores) => {
    for (const { id } of batch) {
      const record = await stores("outbox").get(id);
      if (record) await stores("outbox").put({ ...record, attempts: record.attempts + 1 });
    }
  });
}

/** A record that cannot be sent stays, and blocks nothing behind it. @param {OutboxRecord} record @param {string} code */
async function setAside(record, code) {
  await withStores(["outbox"], "readwrite", (stores) =>
    stores("outbox").put({ ...record, aside: true, problems: [{ code }] }),
  );
  notify("outbox");
}

/** Put back in the queue what was set aside. */
export async function takeUpAgain() {
  await withStores(["outbox", "photos"], "readwrite", async (stores) => {
    for (const row of await stores("outbox").index("state").getAll("waiting")) {
      if (row.aside) await stores("outbox").put({ ...row, aside: false, problems: [] });
    }
    for (const row of await stores("photos").index("state").getAll("waiting")) {
      if (row.attempts) await stores("photos").put({ ...row, attempts: 0 });
    }
  });
}

/** @param {any} body */
function isAnswer(body) {
  return typeof body.epoch === "string" && Array.isArray(body.results);
}
