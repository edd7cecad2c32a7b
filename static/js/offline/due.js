// Why a door that is settled in this round is to be called at again. Pure: what the pack says, and which day it is.
import { beginningOf, dayOf } from "./days.js";

/**
 * @typedef {{day: string, failed: string}} Look  what the open hazards of a door ask for: the day from when on somebody
 *   looks again (AT_ONCE; "" while nobody of the grid is asked), and the day that has to pass at one that was looked at
 *   in vain
 * @typedef {{why: "recheck" | "overdue" | "revisit" | "agreed" | "remind", since: string}} Want  `since`: a call from then on has met it
 */

/** In place of a day, and after every day. */
export const AT_ONCE = "~";
/** Where a hazard waits to be looked at again, and where it does once its day has come. */
const AT_ONCE_IN = new Set(["recheck_due", "fed_back"]);
const BY_ITS_DAY_IN = new Set(["notified", "recheck_failed", "returned"]);

/**
 * What a door's hazards ask for, with one more.
 * @param {Look | undefined} known
 * @param {{status: string, due_on?: string | null, yours?: boolean | null}} hazard
 * @returns {Look}
 */
export function withHazard(known, { status, due_on, yours }) {
  const day = yours || AT_ONCE_IN.has(status) ? AT_ONCE : BY_ITS_DAY_IN.has(status) ? (due_on ?? "") : "";
  const failed = status === "recheck_failed" ? (due_on ?? "") : "";
  return {
    day: [day, known?.day].includes(AT_ONCE) ? AT_ONCE : earlier(day, known?.day),
    failed: earlier(failed, known?.failed),
  };
}

/**
 * What is asked for on a day. A hazard that was found as it was, and whose day has passed, asks on every day anew: until
 * it is put right or has another day, having been there once is not enough.
 * @param {Look | undefined} look
 * @param {string} now  YYYY-MM-DD
 * @returns {Want | null}
 */
export function wantedLook(look, now) {
  if (!look) return null;
  if (look.day === AT_ONCE) return { why: "recheck", since: AT_ONCE };
  if (look.failed && look.failed < now) return { why: "overdue", since: beginningOf(now) };
  return look.day && look.day <= now ? { why: "recheck", since: beginningOf(look.day) } : null;
}

/**
 * Whether it is time to visit a dwelling again; the desk has counted the day, by the dwelling and the district's intervals.
 * @param {string | null | undefined} again  YYYY-MM-DD
 * @param {string} now
 * @returns {Want | null}
 */
export function wantedVisit(again, now) {
  return again && again <= now ? { why: "revisit", since: beginningOf(again) } : null;
}

/** @param {string} day @param {string | undefined} other */
function earlier(day, other) {
  return !day || (other && other < day) ? (other ?? "") : day;
}

/** On the day of the call itself they mean its evening. */
const EVENING = "17:00";

/**
 * The moment from when on a household that put a visit off is called at again.
 * @param {string} on  YYYY-MM-DD
 * @param {string} called  when it was put off
 */
export function againFrom(on, called) {
  return on === dayOf(called) ? new Date(`${on}T${EVENING}`).toISOString() : beginningOf(on);
}

/**
 * The first day on which somebody is to be reminded of what they asked help with, and no call has settled the door since.
 * @param {string[] | null | undefined} days
 * @param {{at: string} | null | undefined} held  the call that settled it last
 */
export function reminderAfter(days, held) {
  if (!days?.length) return "";
  const met = held ? dayOf(held.at) : "";
  return [...days].sort().find((day) => day > met) ?? "";
}
