// The outbox: each record of this phone with the steps it has come, "send now", and the full check.

import { nextAttemptAt, sending } from "../offline/backoff.js";
import { onChange } from "../offline/changes.js";
import { today } from "../offline/days.js";
import * as drafts from "../offline/drafts.js";
import { reconcile } from "../offline/reconcile.js";
import { newest, standings, unsentOf } from "../offline/standing.js";
import { arrange } from "./arranging.js";
import { showEndings } from "./became.js";
import { fill, find, hide, make, write } from "./bind.js";
import { settleOrSay } from "./endings.js";
import * as lists from "./lists.js";
import { stepsOf } from "./outbox_steps.js";
import { again, isOn } from "./router.js";
import { beside, inARow, known, moment, say } from "./texts.js";
import { announce, hideToast } from "./toast.js";
import { wake } from "./wakeups.js";

/** @type {{all_in: boolean, at: string, missing: number, lost: number} | null} */
let checked = null;
/** Somebody asked for sending, so that also a missing connection is worth a word. */
let asked = false;
let checkFailed = false;
/** @type {ReturnType<typeof setInterval> | undefined} */
let ticking;
/** So many records are drawn: a phone that was out for long holds a thousand. */
const DRAWN_AT_ONCE = 40;
let drawn = DRAWN_AT_ONCE;
/** The card of each record that is drawn, and what it says. @type {Map<string, {key: string, card: HTMLElement}>} */
const cards = new Map();
/** The records that are drawn, and on which day: while nothing is new they stay. @type {any[]} */
let shown = [];
let on = "";
/** Many changes in a row are one redraw; milliseconds. */
const REDRAW_AFTER = 150;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let soon;
/** What moves the number beside the tab. */
const TOPICS = ["outbox", "drain", "pack", "drafts"];
/** Problems that do not pass by walking on. */
const LASTING = new Set(["enrol", "portal", "full", "storage"]);

/** Bind the two buttons, and follow what the sender reports. */
export function startOutbox() {
  const section = find(document, '[data-screen="outbox"]');
  const send = find(section, "[data-send-now]");
  const check = find(section, "[data-check-all]");
  send.addEventListener("click", () => void during(send, sendNow));
  check.addEventListener("click", () => void during(check, checkAll));
  onChange((/** @type {string} */ topic) => {
    if (!TOPICS.includes(topic)) return;
    clearTimeout(soon);
    soon = setTimeout(() => void (isOn("outbox") ? again(["outbox"]) : showCount()), REDRAW_AFTER);
  });
  find(section, "[data-outbox-more]").addEventListener("click", () => {
    drawn += DRAWN_AT_ONCE;
    void again(["outbox"]);
  });
}

/** Nothing ticks while nobody looks. */
export function leaveOutbox() {
  clearInterval(ticking);
  drawn = DRAWN_AT_ONCE;
}

/** @type {import("./router.js").Screen["show"]} */
export async function showOutbox() {
  const section = find(document, '[data-screen="outbox"]');
  const now = drafts.now();
  const [{ open }, records, reviews] = await Promise.all([
    now,
    standings(now),
    lists.reviews(),
    showEndings(section),
  ]);
  const unsent = await unsentNow(records, open);
  const [rows] = await Promise.all([
    newest(records, drawn, reviews),
    unsent.records ? tick() : write(find(section, "[data-outbox-next]"), ""),
  ]);
  const head = await headOf(unsent);
  fill(find(section, "[data-outbox-head]"), head);
  find(section, "[data-outbox-head] .icon").classList.toggle("calm", unsent.records === 0);
  hide(find(section, "[data-send-now]"), unsent.records === 0);
  badge(unsent.records);
  if (shown !== rows || on !== today()) drawRecords(section, rows);
  hide(find(section, "[data-outbox-empty]"), rows.length > 0);
  hide(find(section, "[data-outbox-more]"), rows.length === records.length);
  clearInterval(ticking);
  ticking = setInterval(() => void tick(), 1000);
  return { title: say("outbox"), tabs: true };
}

/** @param {HTMLElement} section @param {any[]} rows */
function drawRecords(section, rows) {
  shown = rows;
  on = today();
  const ids = new Set(rows.map(({ id }) => id));
  for (const id of cards.keys()) if (!ids.has(id)) cards.delete(id);
  void arrange(find(section, "[data-records]"), rows.length, (at) => keptCard(rows[at]));
}

/** When it is tried next, second by second; what is being sent now says so. */
async function tick() {
  const line = find(document, "[data-outbox-next]");
  const at = await nextAttemptAt();
  if (!at) write(line, "");
  else write(line, (await isSending()) ? say("sending_now") : say("next_attempt", { time: inWords(at) }));
}

/** Whether a tab or the worker holds the sender's lock. */
async function isSending() {
  const { held = [] } = (await navigator.locks?.query?.()) ?? {};
  return held.some(({ name }) => name === "doorstep-drain");
}

/** The number of unsent records beside the tab. */
export async function showCount() {
  const now = drafts.now();
  const [{ open }, records] = await Promise.all([now, standings(now)]);
  await showCountOf(records, open);
}

/** The same of what was read already. @param {import("../offline/standing.js").Standing[]} records @param {any[]} open */
export async function showCountOf(records, open) {
  badge((await unsentNow(records, open)).records);
}

/**
 * With those that can still be undone: they wait to be sent as much as those in the outbox.
 * @param {import("../offline/standing.js").Standing[]} records @param {any[]} open
 */
async function unsentNow(records, open) {
  const unsent = await unsentOf(records);
  return { ...unsent, records: unsent.records + open.filter(drafts.isEnded).length };
}

/** @param {number} unsent */
function badge(unsent) {
  const count = find(document, "[data-unsent]");
  hide(count, unsent === 0);
  write(count, String(unsent));
  count.setAttribute("aria-label", say("n_waiting", { n: unsent }));
}

/** @param {{records: number, photos: number}} left */
async function headOf({ records: unsent, photos }) {
  const problem = await problemNow(unsent);
  const parts = [
    photos ? say("n_photos_left", { n: photos }) : "",
    checked?.all_in && !unsent ? say("all_in", { time: moment(checked.at) }) : "",
    checked?.missing ? say("not_all_in", { n: checked.missing }) : "",
    checked?.lost ? say("n_photos_lost", { n: checked.lost }) : "",
  ];
  return {
    sign: unsent ? "up" : "seal",
    title: unsent ? say("n_waiting", { n: unsent }) : say("nothing_waits"),
    line: beside(parts),
    problem: problem ? sayProblem(problem) : "",
    signIn: problem === "enrol",
  };
}

/** What to say about the last try; what has passed by itself is not said any more. @param {number} unsent */
async function problemNow(unsent) {
  const last = unsent ? (await sending()).problem : null;
  if (last && (asked || LASTING.has(last))) return last;
  return checkFailed ? "offline" : "";
}

/** @param {string | number} at */
function inWords(at) {
  const seconds = Math.max(1, Math.round((new Date(at).getTime() - Date.now()) / 1000));
  return seconds < 90 ? say("seconds", { n: seconds }) : say("minutes", { n: Math.round(seconds / 60) });
}

/** The card as it stands while it says the same. @param {any} record */
function keptCard(record) {
  const returned = record.review?.state === "returned";
  const facts = {
    label: record.label,
    outcome: known(`state_${record.outcome}`) ? say(`state_${record.outcome}`) : "",
    time: moment(record.recorded_at),
    problem: problemOf(record),
    link: returned ? `/phone/door#${record.door}` : "",
  };
  const steps = stepsOf(record);
  const key = JSON.stringify([facts, steps]);
  const kept = cards.get(record.id);
  if (kept?.key === key) return kept.card;
  const card = make("t-record", facts);
  find(card, "[data-steps]").append(...steps.map((step) => make("t-step", step)));
  kept?.card.replaceWith(card);
  cards.set(record.id, { key, card });
  return card;
}

/** @param {any} record */
function problemOf(record) {
  if (record.review?.state === "returned") return record.review.reason ?? "";
  const lineOf = (/** @type {any} */ one) =>
    known(`problem_${one.code}`) ? say(`problem_${one.code}`) : one.detail;
  return inARow((record.problems ?? []).map(lineOf));
}

/** @param {HTMLElement} button @param {() => Promise<void>} work */
async function during(button, work) {
  if (button.getAttribute("aria-busy")) return;
  button.setAttribute("aria-busy", "true");
  try {
    // What can still be undone goes with the rest: whoever sends has done with it.
    if ((await settleOrSay()) > 0) hideToast();
    await work();
  } finally {
    button.removeAttribute("aria-busy");
    await again(["outbox"]);
    // With nothing left to send, the button has gone from under the keys.
    if (button.hidden) find(document, "[data-check-all]").focus();
  }
}

async function sendNow() {
  asked = true;
  checkFailed = false;
  const { problem, sent } = await wake("now");
  announce(problem ? sayProblem(problem) : say("sent", { n: sent }));
}

async function checkAll() {
  await wake("now");
  try {
    let result = await reconcile();
    if (result.missing) {
      // What turned out not to be there is sent, and looked for once more.
      await wake("now");
      result = await reconcile();
    }
    checked = result;
    checkFailed = false;
    announce(saidOf(result));
  } catch {
    checkFailed = true;
  }
}

/** @param {{all_in: boolean, at: string, missing: number, lost: number}} result */
function saidOf({ all_in, at, missing, lost }) {
  if (all_in) return say("all_in", { time: moment(at) });
  return missing ? say("not_all_in", { n: missing }) : say("n_photos_lost", { n: lost });
}

/** What keeps the phone from sending, in plain words. @param {string} code */
function sayProblem(code) {
  return known(`drain_${code}`) ? say(`drain_${code}`) : say("drain_stopped");
}
