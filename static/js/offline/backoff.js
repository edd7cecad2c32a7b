// When to try again: full jitter between nothing and a ceiling that doubles from 2 s to 15 min, for ever.
import { meta, setMeta } from "./db.js";

const FIRST = 2000;
const LONGEST = 15 * 60_000;

/**
 * Milliseconds until the next try.
 * @param {number} failures  so far, 1 for the first
 * @param {() => number} [random]
 */
export function pauseAfter(failures, random = Math.random) {
  const ceiling = Math.min(LONGEST, FIRST * 2 ** Math.min(failures - 1, 20));
  return Math.max(500, Math.round(random() * ceiling));
}

/**
 * Remember a failure and when to try again.
 * @param {number | null} retryAfter  seconds that the server asked for
 * @returns {Promise<number>} the time of the next try in milliseconds
 */
export async function failed(retryAfter) {
  const failures = ((await meta("failures")) ?? 0) + 1;
  const at = Date.now() + Math.max(pauseAfter(failures), (retryAfter ?? 0) * 1000);
  const asked = retryAfter ? Date.now() + retryAfter * 1000 : null;
  await setMeta({ failures, next_attempt_at: at, not_before: asked ?? undefined });
  return at;
}

/** Everything went through: no pause is left. */
export async function succeeded() {
  if (await meta("failures")) {
    await setMeta({ failures: undefined, next_attempt_at: undefined, not_before: undefined });
  }
}

/** When the next try by itself is due, in milliseconds; null when none is planned. */
export async function nextAttemptAt() {
  return /** @type {number | null} */ ((await meta("next_attempt_at")) ?? null);
}

/** Whether the server asked to be left alone until later; a phone whose clock was turned back does not wait for ever. */
export async function mustWait() {
  const until = (await meta("not_before")) ?? 0;
  return until > Date.now() && until - Date.now() < LONGEST;
}
