// The visit page: holds the draft, saves every change, and finishes it into the outbox.
import { Overtaken, discard as throwAway } from "../offline/drafts.js";
import * as outbox from "../offline/outbox.js";
import * as register from "../offline/register.js";
import { upcast } from "../offline/upcasts.js";
import { all, find, hide, make, write } from "./bind.js";
import { doorName, placeName } from "./door_states.js";
import { discardSoon, nextOffer } from "./endings.js";
import { photosKept } from "./finding_photos.js";
import * as lists from "./lists.js";
import { correction } from "./returned.js";
import { go, isOn } from "./router.js";
import { beside, say } from "./texts.js";
import { tidy } from "./tidying.js";
import { announce, toast } from "./toast.js";
import { firstProblem, notAsked, photoMissing } from "./visit_checks.js";
import { bindDwelling, drawDwelling, showDwelling } from "./visit_dwelling.js";
import { drawItems, showFindings, startFindings } from "./visit_findings.js";
import { showMarks } from "./visit_marks.js";
import { bindNotice, drawNotice, leaveNotice, showNotice } from "./visit_notice.js";
import { bindOccupants, showOccupants } from "./visit_occupants.js";
import { bindOutcome, drawOutcomes, showOutcome } from "./visit_outcome.js";
import { bindPaper, showPaper } from "./visit_paper.js";
import { showRechecks } from "./visit_rechecks.js";
import { bindRequests, drawRequests, showRequests } from "./visit_requests.js";
import { follow, keep, whenKept, whenOvertaken } from "./visit_saving.js";
import { bindWorkplaces, showWorkplaces } from "./visit_workplaces.js";
import { wake } from "./wakeups.js";
import { nextDoor } from "./walking.js";

/**
 * @typedef {object} Visit
 * @property {any} draft
 * @property {any} body  what will be sent, in the shape of the contract
 * @property {any} view  the door, its people and open hazards as the register knows them
 * @property {any} returned  what is corrected: the row of the pack when it came back, else the body that was sent
 * @property {Record<string, any>} [asked]  requests by their kind, as they were when they were last ticked
 * @property {(mutate: (body: any) => void) => void} change  alter the body; it is saved at once
 */

/** The lists that every visit shows. */
const CODES = [
  ...["dwelling_use", "heating", "address_anomaly", "visit_outcome", "service_kind", "finding_status"],
  ...["document_type", "stay_reason", "intended_stay", "workplace_kind"],
];
/** @type {Visit | null} */
let visit = null;

/** The visit on the screen; throws when there is none. @returns {Visit} */
export function current() {
  if (!visit) throw new Error("No visit is open");
  return visit;
}

/** Bind what stays the same for every visit. */
export function startVisit() {
  const section = find(document, '[data-screen="visit"]');
  find(section, "[data-visit]").addEventListener("submit", (event) => event.preventDefault());
  find(section, "[data-finish]").addEventListener("click", () => void finish(section));
  find(section, "[data-discard]").addEventListener("click", () => void discard());
  const note = /** @type {HTMLTextAreaElement} */ (find(section, "[data-visit-note]"));
  note.addEventListener("input", () => current().change((body) => setText(body, "note", note.value)));
  bindOutcome(section, current);
  bindNotice(section, current);
  bindOccupants(section, current);
  bindDwelling(section, current);
  bindWorkplaces(section, current);
  bindPaper(section, current);
  bindRequests(current);
  startFindings(section, current);
  whenOvertaken(async (id) => {
    if (visit?.draft.id === id) await go(`/phone/visit#${id}`, { replace: true });
    toast(say(isOn("visit") ? "changed_elsewhere" : "ended_elsewhere"), { here: true, lasts: 10_000 });
  });
}

/**
 * What is the same at every visit, piece by piece, for when the phone has nothing else to do: the first visit need not
 * wait for it. An open one is left alone.
 */
export const VISIT_AHEAD = [
  readLists,
  ...[drawItems, drawDwelling, drawOutcomes, drawRequests, drawNotice].map(ifNoneIsOpen),
];

async function readLists() {
  await Promise.all([lists.codeLists(...CODES), lists.checklist(), lists.notice()]);
}

/** @param {(section: HTMLElement) => unknown} draw */
function ifNoneIsOpen(draw) {
  return () => (visit ? null : draw(find(document, '[data-screen="visit"]')));
}

/** A visit that was begun this moment, with what its door has just shown; nothing of it need be read again. */
/** @type {{draft: any, view: any, taken: any[], keeping: Promise<any>} | null} */
let begun = null;

/**
 * Hand over a fresh visit from the screen of its door.
 * @param {any} draft
 * @param {any} view  what the register knows of the door
 * @param {Promise<any>} keeping  resolves when the draft is kept
 */
export function hasBegun(draft, view, keeping) {
  begun = { draft, view, taken: [], keeping };
}

/** @type {import("./router.js").Screen["show"]} */
export async function showVisit(id) {
  const section = find(document, '[data-screen="visit"]');
  const handed = begun?.draft.id === id ? begun : null;
  begun = null;
  const [open, corrections] = await Promise.all([handed ?? register.openVisit(id), lists.returned()]);
  if (!open) return null;
  const { draft, view, taken } = open;
  follow(draft);
  // One's own change of the correction is none of what came back.
  const returned = corrections.find(
    (/** @type {any} */ row) => row.visit === draft.id && row.revision === draft.revision - 1,
  );
  visit = {
    draft,
    body: structuredClone(draft.body),
    view,
    returned: returned ?? sentBefore(draft, view.records),
    change: (mutate) => alter(section, mutate),
  };
  hide(find(section, "[data-visit-gone]"), !view.door.gone);
  const banner = find(section, "[data-visit-returned]");
  hide(banner, !returned);
  hide(find(section, "[data-visit-own]"), Boolean(returned) || draft.revision === 1);
  write(find(section, "[data-discard-word]"), say(draft.revision > 1 ? "discard_changes" : "discard_visit"));
  write(find(section, "[data-visit-reason]"), returned?.reason ?? "");
  /** @type {HTMLTextAreaElement} */ (find(section, "[data-visit-note]")).value = visit.body.note ?? "";
  forgive(section);
  void sayKept(find(section, "[data-saved]"), visit, handed?.keeping);
  const folds = all(section, "details:not([data-visit-notice])");
  for (const fold of /** @type {HTMLDetailsElement[]} */ (folds)) fold.open = false;
  await Promise.all([
    showNotice(section, visit),
    showOutcome(section, visit),
    showRechecks(section, visit, taken),
    showWorkplaces(section, visit),
    showFindings(section, visit, taken),
    showPaper(section, visit),
    showOccupants(section, visit),
    showDwelling(section, visit),
    showRequests(section, visit),
  ]);
  showMarks(section, returned?.fields, returned?.reason ?? "");
  const back = view.door.gone ? "/phone/round" : `/phone/door#${draft.door}`;
  return {
    title: `${placeName(view.building)} ${doorName(view.door)}`.trim() || say("door_left"),
    sub: say(draft.revision > 1 ? "correction" : "visit"),
    back,
  };
}

/** What a change of one's own visit follows. @param {any} draft @param {any[]} records  of this door */
function sentBefore({ previous }, records) {
  const sent = previous && records.find(({ id }) => id === previous);
  return sent ? { body: upcast(JSON.parse(sent.body), sent.schema), gone: sent.gone } : undefined;
}

/** Only what is kept is said to be. @param {HTMLElement} line @param {Visit} shown @param {Promise<any> | undefined} keeping */
async function sayKept(line, shown, keeping) {
  write(line, keeping ? "" : say("draft_kept"));
  const kept = await keeping?.catch(() => null);
  if (kept && visit === shown && !line.textContent) line.textContent = say("draft_kept");
}

/** Everything is in the database before another screen shows. */
export async function leaveVisit() {
  leaveNotice(find(document, '[data-screen="visit"]'));
  await whenKept().catch(() => null);
  const own = find(document, "[data-visit-own]");
  // Opened by a slip of the finger: what is finished is not to be called unfinished.
  if (visit && !own.hidden) await throwAway(visit.draft.id, { untouched: true });
}

/** @param {HTMLElement} section @param {(body: any) => void} mutate */
function alter(section, mutate) {
  const { draft, body } = current();
  mutate(body);
  forgive(section);
  keep(draft.id, { body }, find(section, "[data-saved]"));
  section.dispatchEvent(new Event("visit:changed"));
}

/** Set a text, or leave its key out when it is empty. @param {any} body @param {string} key @param {string} text */
export function setText(body, key, text) {
  if (text.trim()) body[key] = text.trim();
  else delete body[key];
}

/** @param {HTMLElement} section */
async function finish(section) {
  const button = /** @type {HTMLButtonElement} */ (find(section, "[data-finish]"));
  if (button.disabled) return;
  const { draft, body, view } = current();
  button.disabled = true;
  try {
    await photosKept();
    const problem = firstProblem(current()) ?? unread(section, body) ?? photoMissing(body) ?? notAsked(body);
    if (problem) return point(section, problem);
    tidy(body, view);
    keep(draft.id, { body }, find(section, "[data-saved]"));
    await whenKept();
    await outbox.finish(draft.id);
  } catch (error) {
    return error instanceof Overtaken ? undefined : fail(section);
  } finally {
    button.disabled = false;
  }
  visit = null;
  const name = doorName(view.door) || placeName(view.building);
  toast(beside([name, say("saved_here")]), {
    change: () => void changeAgain(draft),
    next: nextOffer(await nextDoor(draft.door)),
    lasts: 20_000,
  });
  await go("/phone/round", { replace: true });
  void wake("finish");
}

/** Something was forgotten. @param {any} draft  it is finished */
async function changeAgain({ id, door }) {
  const draft = await correction(door, id, { own: true });
  await go(draft ? `/phone/visit#${draft.id}` : `/phone/door#${door}`);
}

/** "2-3" is no number: the field gives nothing away of it, and it would be lost. @param {HTMLElement} section @param {any} body */
function unread(section, body) {
  const at = "[type=number]:invalid";
  const fields = /** @type {HTMLInputElement[]} */ (body.outcome === "done" ? all(section, at) : []);
  const field = fields.find(({ validity }) => validity.badInput);
  if (!field) return null;
  const { max: most, inputMode } = field;
  return { line: say(inputMode === "decimal" ? "number_between" : "whole_number_between", { most }), at };
}

/** Show what is missing where it is missing. @param {HTMLElement} section @param {{line: string, at: string}} problem */
function point(section, problem) {
  forgive(section);
  const line = find(section, "[data-visit-error]");
  write(line, problem.line);
  hide(line, false);
  const place = section.querySelector(problem.at);
  if (!(place instanceof HTMLElement)) return;
  place.closest("details")?.setAttribute("open", "");
  sayBeside(place, problem.line);
  place.scrollIntoView({ block: "center" });
  place.focus({ preventScroll: true });
}

/** In the words of the bar at the bottom, where the finger goes on. @param {HTMLElement} place @param {string} line */
function sayBeside(place, line) {
  const box = place.closest("fieldset, .field, [data-photo-ways]") ?? place;
  if (box.querySelector(".error:not([hidden])")) return;
  const missing = make("t-missing", { line });
  const keys = box.querySelector("[data-keypad]");
  if (keys) keys.before(missing);
  else box.after(missing);
  place.setAttribute("aria-describedby", "missing");
}

/** Something was changed: what was missing is judged anew at the next finish. @param {HTMLElement} section */
function forgive(section) {
  hide(find(section, "[data-visit-error]"), true);
  for (const line of all(section, "#missing")) line.remove();
  for (const place of all(section, '[aria-describedby="missing"]')) place.removeAttribute("aria-describedby");
}

/** @param {HTMLElement} section */
function fail(section) {
  const line = find(section, "[data-visit-error]");
  write(line, say("not_saved"));
  hide(line, false);
  announce(say("not_saved"));
}

/** Gone from the page at once; for some seconds it can be had back, as it was. */
async function discard() {
  const { draft, view } = current();
  await whenKept().catch(() => null);
  visit = null;
  await discardSoon(draft.id, doorName(view.door) || placeName(view.building));
  await go("/phone/round", { replace: true });
}
