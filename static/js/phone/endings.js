// Visits that end at the door in one tap: kept as a draft for some seconds so that a slip can be undone, then finished.

import { notify } from "../offline/changes.js";
import { StorageFailure } from "../offline/db.js";
import * as drafts from "../offline/drafts.js";
import * as outbox from "../offline/outbox.js";
import { showBanner } from "./banners.js";
import { find } from "./bind.js";
import { comeAgain, comeWhen } from "./come_again.js";
import { go } from "./router.js";
import { beside, say } from "./texts.js";
import { hideToast, isHeld, toast } from "./toast.js";
import { wake } from "./wakeups.js";

const UNDO_LASTS = 6000;
/** With a day to be chosen. */
const CHOICE_LASTS = 10_000;
const SAVED_LASTS = 8000;
const DISCARD_LASTS = 10_000;
const DISCARD = "discard";
/** What they said when they put it off, who declined: worth a word. */
const TOLD = new Set(["rescheduled", "refused"]);
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/**
 * End a visit with an outcome.
 * @param {string} door
 * @param {string} outcome
 * @param {{name: string, next: {id: string, name: string} | null}} around
 */
export async function end(door, outcome, around) {
  await settle();
  const draft = await drafts.start(door, { outcome });
  await drafts.save(draft.id, { screen: { ending: true } });
  notify("drafts");
  const { body } = draft;
  const lineNow = () => {
    const on = body.come_again_on;
    return beside([around.name, say(`state_${outcome}`), on && comeWhen(on)]);
  };
  const next = nextOffer(around.next);
  const undo = async () => {
    clearTimeout(timer);
    await drafts.discard(draft.id);
    toast(say("undone", { door: around.name }), { lasts: 4000 });
  };
  const tell = async () => {
    clearTimeout(timer);
    hideToast();
    await drafts.save(draft.id, { screen: {} });
    await go(`/phone/visit#${draft.id}`);
    find(document, "[data-visit-note]").focus();
  };
  const finish = async () => {
    if (isHeld()) timer = setTimeout(finish, UNDO_LASTS);
    else if ((await settleOrSay()) > 0)
      toast(beside([lineNow(), say("saved_here")]), { next, lasts: SAVED_LASTS });
  };
  const show = () => {
    const more = outcome === "rescheduled" ? comeAgain(body.come_again_on, choose) : undefined;
    const told = TOLD.has(outcome) ? () => void tell() : undefined;
    const line = more && !body.come_again_on ? beside([around.name, say("come_when")]) : lineNow();
    toast(line, { undo: () => void undo(), more, tell: told, next });
    timer = setTimeout(finish, more ? CHOICE_LASTS : UNDO_LASTS);
  };
  /** @param {string | undefined} on */
  const choose = async (on) => {
    clearTimeout(timer);
    try {
      await drafts.save(draft.id, { body: { ...body, come_again_on: on } });
    } catch (error) {
      if (error instanceof drafts.Overtaken) return; // it was finished this moment
      if (!(error instanceof StorageFailure)) throw error;
      timer = setTimeout(finish, UNDO_LASTS);
      return showBanner("storage", true);
    }
    body.come_again_on = on;
    notify("drafts");
    show();
  };
  show();
}

/**
 * Throw an open visit away, with some seconds in which it can be had back as it was.
 * @param {string} id  of the draft
 * @param {string} name  of the door
 */
export async function discardSoon(id, name) {
  await settle();
  await drafts.save(id, { screen: { ending: DISCARD } });
  const undo = async () => {
    clearTimeout(timer);
    await drafts.save(id, { screen: {} });
    await go(`/phone/visit#${id}`);
  };
  toast(say("discarded", { door: name }), { undo: () => void undo() });
  giveTime();
}

/** The time in which something thrown away can be had back, while it can be seen. */
function giveTime() {
  clearTimeout(timer);
  timer = setTimeout(() => {
    if (document.visibilityState !== "visible") return;
    if (isHeld()) return giveTime();
    hideToast();
    void settle();
  }, DISCARD_LASTS);
}

/**
 * Do what waits for its undo time: at the next ending, when the app is hidden, at the next start.
 * @returns {Promise<number>} how many visits were finished
 */
export async function settle() {
  clearTimeout(timer);
  for (const draft of await pending()) if (draft.screen.ending === DISCARD) await drafts.discard(draft.id);
  return finishEnded();
}

/** Where it cannot be saved, that is said in place of what the tap seemed to have done; it is still an open visit. */
export async function settleOrSay() {
  try {
    return await settle();
  } catch (error) {
    if (!(error instanceof StorageFailure)) throw error;
    hideToast();
    showBanner("storage", true);
    return 0;
  }
}

/** @returns {Promise<any[]>} */
async function pending() {
  return (await drafts.all()).filter((/** @type {any} */ draft) => draft.screen?.ending);
}

/** Visits that have ended and can still be undone. */
async function ended() {
  return (await drafts.all()).filter(drafts.isEnded);
}

/** @returns {Promise<number>} how many visits were finished */
async function finishEnded() {
  const done = await ended();
  for (const draft of done) await outbox.finish(draft.id);
  if (done.length) void wake("finish");
  return done.length;
}

/** @param {{id: string, name: string} | null} next */
export function nextOffer(next) {
  return next ? { href: `/phone/door#${next.id}`, label: say("next_door", { door: next.name }) } : undefined;
}

/** When the app is put away, what ended at a door is finished; what was thrown away can still be had back after that. */
export function startEndings() {
  document.addEventListener("visibilitychange", async () => {
    if (document.visibilityState === "hidden" && (await finishEnded()) > 0) hideToast();
    if ((await pending()).some(({ screen }) => screen.ending === DISCARD)) giveTime();
  });
}
