// Saves the open draft after every input, one write at a time, the newest wins; says so, or says in red that it failed.
import * as drafts from "../offline/drafts.js";
import { showBanner } from "./banners.js";
import { moment, say } from "./texts.js";

/** @type {{id: string, patch: any, line: HTMLElement} | null} */
let next = null;
/** @type {Promise<void>} */
let writing = Promise.resolve();
let busy = false;

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
      await drafts.save(id, patch);
      line.textContent = say("draft_saved", { time: moment(Date.now()) });
      line.classList.remove("error");
    } catch {
      line.textContent = say("not_saved");
      line.classList.add("error");
      showBanner("storage", true);
      next ??= mine;
      break;
    }
  }
  busy = false;
}
