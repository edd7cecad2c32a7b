// Sends what waits: one sender over all tabs and the worker, text first, then photos; tries again by itself for ever.
import { failed, mustWait, nextAttemptAt, succeeded } from "./backoff.js";
import { sendText, takeUpAgain, textWaits } from "./batches.js";
import { notify } from "./changes.js";
import { setMeta, withStores } from "./db.js";
import { adoptEpoch } from "./epoch.js";
import { alone } from "./locks.js";
import { sweep } from "./outbox.js";
import { sendPhotos } from "./uploads.js";
import { requestJson, WireProblem } from "./wire.js";

export { nextAttemptAt };

/** Codes of the wire as what the person is told (texts `drain_…`). */
/** @type {Record<string, string>} */
const TOLD = {
  offline: "offline",
  portal: "portal",
  "device-unknown": "enrol",
  "sign-in-needed": "enrol",
  "storage-full": "full",
};
const PROBE_MS = 8000;

/**
 * Send everything; never throws for the network. When somebody else is sending, nothing is done.
 * @param {string} reason  start, online, visible, timer, finish, now, sync
 * @returns {Promise<import("./types.js").Drained>}
 */
export async function drain(reason) {
  const done = await alone("doorstep-drain", () => send(reason));
  return done ?? { sent: 0, photos: 0, next_attempt_at: await nextAttemptAt(), problem: null };
}

/** @param {string} reason @returns {Promise<import("./types.js").Drained>} */
async function send(reason) {
  const counts = { sent: 0, photos: 0 };
  if (reason === "now") await takeUpAgain();
  else if (await mustWait()) return { ...counts, next_attempt_at: await nextAttemptAt(), problem: null };
  if (!(await anythingWaits())) {
    await succeeded();
    return { ...counts, next_attempt_at: null, problem: null };
  }
  let problem = null;
  try {
    await probe();
    counts.sent = await sendText();
    const text = async () => {
      if (await textWaits()) counts.sent += await sendText();
    };
    counts.photos = await sendPhotos(text);
    await text();
    await succeeded();
    await sweep();
  } catch (error) {
    if (!(error instanceof WireProblem)) throw error;
    problem = TOLD[error.code] ?? "offline";
    await failed(error.retryAfter);
  }
  await setMeta({ drain_problem: problem ?? undefined });
  notify("drain");
  return { ...counts, next_attempt_at: await nextAttemptAt(), problem };
}

/** Whether this server is really there: navigator.onLine lies, and captive portals answer anything. */
async function probe() {
  const answer = await requestJson("/sync/probe", (body) => typeof body.doorstep === "string", {
    timeout: PROBE_MS,
  });
  await adoptEpoch(answer.doorstep);
}

async function anythingWaits() {
  return withStores(["outbox", "photos"], "readonly", async (stores) => {
    const counts = await Promise.all([
      stores("outbox").index("state").count("waiting"),
      stores("photos").index("state").count("waiting"),
      stores("photos").index("state").count("sending"),
    ]);
    return counts.some((count) => count > 0);
  });
}
