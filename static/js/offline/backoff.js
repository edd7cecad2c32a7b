// When to try again: full jitter below a ceiling that doubles from 2 s to 15 min, for ever; what the server asks for
// comes first. The state is in the database, so that every tab and the worker agree.
import { meta, StorageFailure, setMeta } from "./db.js";
import { anythingWaits } from "./waiting.js";

const FIRST = 2000;
const LONGEST = 15 * 60_000;
const LONGEST_ASKED = 3_600_000;
const LEASE = 60_000;

/**
 * @typedef {object} Sending  how sending goes; times in milliseconds
 * @property {number} failures  in a row
 * @property {number | null} next_attempt_at
 * @property {number | null} not_before  the server asked to be left alone until then
 * @property {string | null} problem
 */

/** @type {Sending} */
const CALM = { failures: 0, next_attempt_at: null, not_before: null, problem: null };
/**
 * What could not be written down: a phone without room sends all the same, and remembers here how that goes.
 * @type {Sending | null}
 */
let unwritten = null;

/**
 * Milliseconds until the next try.
 * @param {number} failures  so far, 1 for the first
 * @param {() => number} [random]
 */
export function pauseAfter(failures, random = Math.random) {
  const ceiling = Math.min(LONGEST, FIRST * 2 ** Math.min(failures - 1, 20));
  return Math.max(500, Math.round(random() * ceiling));
}

/** @returns {Promise<Sending>} */
export async function sending() {
  return unwritten ?? { ...CALM, ...(await meta("sending")) };
}

/**
 * Say that somebody is sending: whoever looks while that lasts, or after it was killed, comes back later.
 * @returns {Promise<Sending>} as it was before
 */
export function begun() {
  return change((before) => ({ ...before, next_attempt_at: Date.now() + LEASE, not_before: null }));
}

/**
 * Remember a failure and when to try again; without the right to send, only somebody's sign-in can help.
 * @param {string} problem
 * @param {boolean} moved  something was taken before it failed, or a network has just come: the link is not dead
 * @param {number | null} [retryAfter]  seconds that the server asked for
 * @returns {Promise<Sending>} as it was before
 */
export function failed(problem, moved, retryAfter = null) {
  return change((before) => {
    const failures = moved ? 1 : before.failures + 1;
    const asked = retryAfter === null ? null : Math.min(retryAfter * 1000, LONGEST_ASKED);
    const pause = Math.max(pauseAfter(failures), asked ?? 0);
    return {
      failures,
      next_attempt_at: problem === "enrol" ? null : Date.now() + pause,
      not_before: asked === null ? null : Date.now() + asked,
      problem,
    };
  });
}

/** Everything went through: no pause is left. @returns {Promise<Sending>} as it was before */
export function succeeded() {
  return change(() => CALM);
}

/**
 * When the next try by itself is due, in milliseconds; null when nothing waits, or only a sign-in can help.
 * @returns {Promise<number | null>}
 */
export async function nextAttemptAt() {
  const { problem, next_attempt_at } = await sending();
  if (problem === "enrol" || !(await anythingWaits())) return null;
  // Something was finished after the last sender had looked.
  return next_attempt_at ?? Date.now();
}

/** Whether the server asked to be left alone; a phone whose clock was turned back does not wait for ever. */
/** @param {Sending} state */
export function mustWait({ not_before }) {
  const left = (not_before ?? 0) - Date.now();
  return left > 0 && left <= LONGEST_ASKED;
}

/** @param {(before: Sending) => Sending} next @returns {Promise<Sending>} */
async function change(next) {
  const before = await sending();
  const then = next(before);
  try {
    await setMeta({ sending: then });
    unwritten = null;
  } catch (error) {
    if (!(error instanceof StorageFailure)) throw error;
    unwritten = then;
  }
  return before;
}
