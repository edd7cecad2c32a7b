// Sends what waits: one sender over all tabs and the worker, text first, then photos; tries again by itself for ever.
import { begun, failed, mustWait, nextAttemptAt, sending, succeeded } from "./backoff.js";
import { notify } from "./changes.js";
import { meta, StorageFailure } from "./db.js";
import { enrol } from "./enrolment.js";
import { adoptEpochIfRoom } from "./epoch.js";
import { alone } from "./locks.js";
import { sendPreviews } from "./previews.js";
import { misses } from "./room.js";
import { sweep } from "./sweeping.js";
import { newRun, sendStuck, sendText } from "./text_lane.js";
import { sendPhotos } from "./uploads.js";
import { anythingWaits } from "./waiting.js";
import { isId, requestJson, WireProblem } from "./wire.js";

/** @typedef {import("./types.js").Drained} Drained */
/** @typedef {{sent: number, photos: number, moved: boolean}} Counts  `moved`: the server has taken something */

/** Codes of the wire as what the person is told (texts `drain_…`). */
/** @type {Record<string, string>} */
const TOLD = { offline: "offline", portal: "portal", "storage-full": "full" };
/** Reasons that nobody stands behind: they do not ask for a new enrolment. */
const BY_ITSELF = new Set(["timer", "sync"]);
/** Reasons to hope anew: they are not lost to a run that began before, and may be failing just now. */
const HOPEFUL = new Set(["online", "visible", "now"]);
const LOCK = "doorstep-drain";
const PROBE_MS = 8000;
/** Whether a run of this page waits for the end of another one. */
let linedUp = false;

/**
 * Send everything; never throws for the network. When somebody else is sending, nothing is done; where there is new
 * hope, the rest is tried once more when that run has ended.
 * @param {string} reason  start, online, visible, timer, finish, now, sync
 * @returns {Promise<Drained>} `problem`: offline, portal, enrol, full, busy, refused (some of it got no answer), storage
 *   (this phone has no room to write down what became of it)
 */
export async function drain(reason) {
  const done = await alone(LOCK, () => send(reason));
  if (!done && HOPEFUL.has(reason) && !linedUp) void lineUp(reason);
  return done ?? outcome(nothing(), null);
}

/** @param {string} reason */
async function lineUp(reason) {
  linedUp = true;
  await alone(LOCK, () => send(reason), { wait: true }).catch(() => null);
  linedUp = false;
}

/** @param {string} reason @returns {Promise<Drained>} */
async function send(reason) {
  const counts = nothing();
  if (!(await anythingWaits())) return outcome(counts, null);
  const before = await sending();
  if (mustWait(before)) return outcome(counts, before.problem);
  // Somebody asks for it: the server may take this phone again.
  if (before.problem === "enrol" && !(await enrolAgain(reason)) && BY_ITSELF.has(reason))
    return outcome(counts, "enrol");
  await begun();
  const problem = await lanes(counts).catch((error) => afterProblem(error, reason, counts));
  if (!problem) await succeeded();
  notify("drain");
  return outcome(counts, problem);
}

/** @returns {Counts} */
function nothing() {
  return { sent: 0, photos: 0, moved: false };
}

/** @param {Counts} counts @param {string | null} problem @returns {Promise<Drained>} */
async function outcome({ sent, photos }, problem) {
  return { sent, photos, next_attempt_at: await nextAttemptAt(), problem };
}

/**
 * Text, then a small preview of every photo, then the photos with an eye on new text and its previews.
 * @param {Counts} counts
 * @returns {Promise<string | null>} the problem that is left
 */
async function lanes(counts) {
  await probe();
  const [run, missed] = [newRun(), misses()];
  const text = async () => {
    await sendText(run).finally(() => {
      counts.sent += run.settled;
      counts.moved ||= run.settled > 0;
      run.settled = 0;
    });
  };
  const moved = () => {
    counts.moved = true;
  };
  const stored = (/** @type {string} */ id) => {
    counts.photos += 1;
    notify("drain", { photos: [id] });
  };
  const urgent = async () => {
    await text();
    if ((await sendPreviews(text)) > 0) moved();
  };
  await text();
  await sendStuck(run);
  await urgent();
  const failures = await sendPhotos({ text: urgent, moved, stored });
  await text();
  if (run.now !== null) await sweep(run.now);
  const problem = misses() > missed ? "storage" : run.unanswered + failures > 0 ? "refused" : null;
  if (problem) await failed(problem, counts.moved);
  return problem;
}

/**
 * What keeps everything from being sent; when the phone only has to be enrolled again and somebody is there, once more.
 * @param {unknown} error @param {string} reason @param {Counts} counts
 * @returns {Promise<string | null>}
 */
async function afterProblem(error, reason, counts) {
  if (!(error instanceof WireProblem)) {
    const storage = error instanceof StorageFailure;
    await failed(storage ? "storage" : "busy", counts.moved);
    if (storage) return "storage";
    throw error;
  }
  const unknown = error.status === 401 && error.code !== "portal"; // whoever stands in between may say 401 too
  if (unknown && (await enrolAgain(reason))) {
    return lanes(counts).catch((/** @type {unknown} */ again) => afterProblem(again, "timer", counts));
  }
  const problem = unknown ? "enrol" : (TOLD[error.code] ?? "busy");
  // A network that has just come is often not there yet: the pauses begin anew with the shortest.
  await failed(problem, counts.moved || reason === "online", error.retryAfter);
  return problem;
}

/** Works when somebody has signed in since; whoever has signed out is not signed in by the back door. */
/** @param {string} reason */
async function enrolAgain(reason) {
  if (BY_ITSELF.has(reason) || !(await meta("user"))) return false;
  try {
    return Boolean(await enrol(await meta("build")));
  } catch (error) {
    if (error instanceof WireProblem) return false;
    throw error;
  }
}

/** Whether this server is really there: navigator.onLine lies, and captive portals answer anything. */
async function probe() {
  const answer = await requestJson("/sync/probe", (body) => isId(body.doorstep), { timeout: PROBE_MS });
  await adoptEpochIfRoom(answer.doorstep);
}
