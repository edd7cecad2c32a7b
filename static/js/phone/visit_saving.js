// Saves the open draft after every input, one write at a time, the newest wins; says so, or says in red that it failed.
// What another window has written meanwhile is not written over: the visit is shown anew, as it is kept.
import * as drafts from "../offline/drafts.js";
import { showBanner } from "./banners.js";
import { moment, say } from "./texts.js";

/** @typedef {{id: string, revision: number, saves: number}} Read */

/** @type {{id: string, patch: any, line: HTMLElement} | null} */
let next = null;
/** @type {Promise<void>} */
let writing = Promise.resolve();
let busy = false;
/** How often the open draft has been saved, as this window knows it. @type {Read | null} */
let known = null;
/** @type {drafts.Overtaken | null} */
let overtaken = null;
let showAnew = (/** @type {string} */ _id) => Promise.resolve();

/** @param {(id: string) => Promise<void>} work  shows a draft that another window has changed */
export function whenOvertaken(work) {
  showAnew = work;
}

/** A draft is shown from now on, as it was read. @param {Read} draft */
export function follow({ id, revision, saves }) {
  if (busy && known?.id === id) return; // what is being written is newer than what was read
  known = { id, revision, saves };
  overtaken = null;
}

/**
 * Write a patch into a draft soon; a newer patch replaces one that has not begun.
 * @param {string} id
 * @param {{body?: any, screen?: any}} patch
 * @param {HTMLElement} line  where "saved at 14:05" is shown
 */
export function keep(id, patch, line) {
  next = { id, patch: structuredClone(patch), line };
  if (!busy) writing = write();
}

/** Resolves when all that was entered is stored. Throws when it could not be; it is tried again with the next entry. */
export async function whenKept() {
  await writing;
  if (overtaken) throw overtaken;
  if (next) throw new Error("What was entered is not stored");
}

/** Try again what could not be written. */
export function keepAgain() {
  if (next && !busy) writing = write();
  return writing;
}

async function write() {
  busy = true;
  while (next) {
    const mine = next;
    const { id, patch, line } = mine;
    next = null;
    try {
      const saves = await drafts.save(id, patch, known?.id === id ? known : undefined);
      if (known?.id === id) known.saves = saves;
      line.textContent = say("draft_saved", { time: moment(Date.now()) });
      line.classList.remove("error");
    } catch (error) {
      if (error instanceof drafts.Overtaken) {
        overtaken = error;
        void showAnew(id);
        continue;
      }
      line.textContent = say("not_saved");
      line.classList.add("error");
      showBanner("storage", true);
      next ??= mine;
      break;
    }
  }
  busy = false;
}
