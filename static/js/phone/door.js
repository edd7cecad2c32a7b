// One door: what is known about it, and the taps that begin a visit or end it at once.
import { today } from "../offline/days.js";
import { StorageFailure } from "../offline/db.js";
import * as drafts from "../offline/drafts.js";
import * as register from "../offline/register.js";
import { standings } from "../offline/standing.js";
import { showBanner } from "./banners.js";
import { all, fill, find, hide, make, wear, write } from "./bind.js";
import { callsAt } from "./calls.js";
import { listedLine, showFacts, showHistory, showPeople, showWork } from "./door_lists.js";
import { hazardsAt, showPapers } from "./door_papers.js";
import { doorName, isPutOff, placeName, settles } from "./door_states.js";
import { end, settle } from "./endings.js";
import * as lists from "./lists.js";
import { correction, ownToChange, stillReturned } from "./returned.js";
import { roundFacts, standingOf } from "./round_facts.js";
import { go, isOn } from "./router.js";
import { ago, beside, byWhen, day, daysAgo, inARow, label, moment, say, word } from "./texts.js";
import { hideToast } from "./toast.js";
import { hasBegun } from "./visit.js";
import { hoursFor, nextDoor } from "./walking.js";

/** Days in which a second visit deserves a question. */
const LATELY = 30;
const CODES = ["dwelling_use", "heating", "stay_reason", "finding_status", "visit_outcome", "workplace_kind"];
/** @type {any} */
let view = null;
/** At the door that is shown, newest first. @type {import("./calls.js").Call[]} */
let calls = [];
/** Which door was asked for last, of all that were. */
let turn = 0;
/** A second tap while the draft is made must not make another. */
let beginning = false;

/** Bind the buttons once. */
export function startDoor() {
  const section = find(document, '[data-screen="door"]');
  find(section, "[data-door-start]").addEventListener("click", () => void begin());
  for (const way of ["returned", "own"]) {
    const button = find(section, `[data-door-${way}]`);
    button.addEventListener("click", () => void correct(button, way === "own"));
  }
  find(section, "[data-door-endings]").addEventListener("click", (event) => {
    const button = /** @type {HTMLElement} */ (event.target).closest("button");
    if (button instanceof HTMLButtonElement) void endHere(button);
  });
}

/** What every door needs; read once. @returns {[Promise<Record<string, any[]>>, Promise<any>]} */
export function listsNeeded() {
  return [lists.codeLists(...CODES), lists.checklist()];
}

/** Out of sight, so that the first door that is tapped need not wait for what the browser does once. */
export async function drawOneAhead() {
  const door = (await roundFacts()).blocks[0]?.cells[0]?.door;
  if (door && !turn && isOn("round")) await showDoor(door.id);
}

/** @type {import("./router.js").Screen["show"]} */
export async function showDoor(id) {
  const mine = ++turn;
  const section = find(document, '[data-screen="door"]');
  const reading = register.door(id);
  const [known, back, reviews, records, round, codes, list] = await Promise.all([
    reading,
    lists.returned(),
    lists.reviews(),
    standings(reading),
    lists.round(),
    ...listsNeeded(),
  ]);
  if (mine !== turn) return null;
  view = known;
  if (!view?.door) return null;
  const { door, building, draft } = view;
  calls = callsAt(door, records, draft);
  const returned = stillReturned(back, records).find((row) => row.door === id);
  const open = draft && !draft.screen?.ending ? draft : null;
  const { kind, why } = standingOf(view, records, Boolean(returned), round);
  const again = kind === "revisit" ? againLine(door) : "";
  const hours = await hoursAt(door);
  if (mine !== turn) return null;
  fill(find(section, "[data-door]"), {
    number: doorName(door),
    address: building.address,
    ...(again
      ? { when: "", guard: "" }
      : visitLines(calls.find(wasLately) ?? calls[0], codes.visit_outcome, returned)),
    begun: Boolean(open),
    again,
    reason: open ? "" : returned?.reason,
    proposed: door.proposed,
    late: why === "overdue",
    putOff: isPutOff(calls[0]) && say("again_line", { day: day(calls[0].again_on) }),
    remind: reminderLine(door, why),
    reminded: why === "remind" && "away",
    hours,
    hasHazards: hazardsAt(view).length > 0,
    hasHistory: calls.length > 1,
    hasWork: view.workplaces.length > 0,
    listed: listedLine(door.headcount, view.occupants.length),
  });
  showHazards(section, list, codes.finding_status ?? []);
  showPapers(section, view);
  showWork(section, view, codes);
  showHistory(section, calls, codes.visit_outcome);
  showPeople(section, view, codes);
  showFacts(section, door, codes);
  showWays(section, open, returned);
  const own = open || returned ? "" : ownToChange(calls[0], records, reviews);
  showOwn(section, own);
  return { title: `${placeName(building)} ${doorName(door)}`, back: "/phone/round" };
}

/**
 * The last visit: a warning before a second knock when it was lately, else a line beside the plate.
 * @param {any} last
 * @param {any[]} outcomes
 * @param {any} returned  then not all is done here
 */
function visitLines(last, outcomes, returned) {
  if (!last) return { when: say("never_visited"), guard: "" };
  const about = { when: ago(last.at), outcome: label(outcomes, last.outcome) };
  if (daysAgo(last.at) > LATELY) return { when: say("last_visit", about), guard: "" };
  // One's own visit is no warning: it says that all is done here.
  if (last.mine && last.outcome === "done") {
    const line = say("visited_by_you", about);
    return returned ? { when: line, guard: "" } : { when: "", guard: line };
  }
  const guard = say(last.mine ? "visited_by_me" : "visited_by_other", about);
  return { when: "", guard, guarded: "away" };
}

/** In place of the last visit, once it is time for another. @param {any} door */
function againLine(door) {
  const held = calls.find(({ outcome }) => settles(outcome)) ?? door.settled;
  return say("due_again", { last: day(held?.at), day: day(door.again) });
}

/** On which day they asked to be reminded, of what they asked help with. @param {any} door @param {string} why */
function reminderLine({ remind_on: days = [] }, why) {
  if (why === "remind") return say("remind_now");
  const later = days.find((/** @type {string} */ on) => on > today());
  return later ? say("remind_later", { day: day(later) }) : "";
}

/** Nobody opened the last time: when this door has opened, and when doors here do. @param {any} door */
async function hoursAt(door) {
  // A day that was agreed on is better than any hour.
  if (isPutOff(calls[0]) || !["no_answer", "rescheduled"].includes(calls[0]?.outcome ?? "")) return "";
  const before = door.opened ? say("opened_before", { when: moment(door.opened) }) : "";
  return inARow([before, await hoursFor(door.building)]);
}

/** Somebody has settled this door lately: going on stays possible, and says what it is. @param {any} last */
function wasLately(last) {
  return Boolean(last && daysAgo(last.at) <= LATELY && settles(last.outcome));
}

/** @param {HTMLElement} section @param {any} checklist @param {any[]} statuses */
function showHazards(section, checklist, statuses) {
  const rows = hazardsAt(view).map((finding) => {
    const item = checklist?.items.find((/** @type {any} */ one) => one.code === finding.item);
    const due = byWhen(finding.due_on);
    const status = finding.unsent ? say("state_waiting") : label(statuses, finding.status);
    return make("t-line", {
      title: word(item?.name) || finding.item,
      line: beside([finding.yours && say("hazard_yours"), status, finding.spot]),
      more: beside([due, finding.note]),
    });
  });
  find(section, "[data-door-hazards]").replaceChildren(...rows);
}

/** Which ways on are offered: an open draft first, then a correction and beside it, quieter, what a call led to now. */
/** @param {HTMLElement} section @param {any} open @param {any} returned */
function showWays(section, open, returned) {
  const onward = find(section, "[data-door-continue]");
  hide(onward, !open);
  if (open) onward.setAttribute("href", `/phone/visit#${open.id}`);
  const correction = find(section, "[data-door-returned]");
  hide(correction, Boolean(open) || !returned);
  correction.dataset.visit = returned?.visit ?? "";
  const again = Boolean(returned) || calls.some(wasLately);
  write(find(section, "[data-door-start-word]"), say(again ? "start_again" : "start"));
  const start = find(section, "[data-door-start]");
  for (const part of [start, find(section, "[data-say-first]")]) hide(part, Boolean(open));
  start.classList.toggle("primary", !returned);
  hide(find(section, "[data-door-endings]"), Boolean(open));
  for (const button of all(section, "[data-end]")) button.removeAttribute("aria-disabled");
}

/** Where one has just been, something is put right rather than begun anew. @param {HTMLElement} section @param {string} own */
function showOwn(section, own) {
  const change = find(section, "[data-door-own]");
  hide(change, !own);
  change.dataset.visit = own;
  const first = own !== "" && wasLately(calls[0]);
  change.classList.toggle("primary", first);
  if (first) find(section, "[data-door-start]").classList.remove("primary");
}

/** The visit is shown while it is being kept: what comes into it is kept after it. */
async function begin() {
  if (beginning) return;
  beginning = true;
  hideToast();
  const known = view;
  // The button says that they agreed.
  const agreed = { outcome: "done", consent: true };
  const made = known.user ? drafts.fresh(known.door, known.user, agreed) : undefined;
  const keeping = drafts.start(known.door.id, { outcome: "done", ...(made ? { made } : {}) });
  try {
    const ended = settle();
    if (made) {
      hasBegun(made, known, keeping);
      await go(`/phone/visit#${made.id}`, { replace: true });
    }
    const [draft] = await Promise.all([keeping, ended]);
    // Another one was open here already.
    if (draft.id !== made?.id) await go(`/phone/visit#${draft.id}`, { replace: true });
  } catch {
    showBanner("storage", true);
    if (made && isOn("visit")) await go(`/phone/door#${known.door.id}`, { replace: true });
  } finally {
    beginning = false;
  }
}

/** @param {HTMLElement} button @param {boolean} own */
async function correct(button, own) {
  const { door } = view;
  await settle(); // what was discarded a moment ago is begun anew
  const draft = await correction(door.id, button.dataset.visit ?? "", { own });
  await go(draft ? `/phone/visit#${draft.id}` : `/phone/door#${door.id}`, { replace: true });
}

/** @param {HTMLButtonElement} button */
async function endHere(button) {
  if (button.getAttribute("aria-disabled")) return;
  button.setAttribute("aria-disabled", "true");
  const { door } = view;
  try {
    const next = await nextDoor(door.id);
    await end(door.id, button.dataset.end ?? "no_answer", { name: doorName(door), next });
  } catch (error) {
    if (!(error instanceof StorageFailure)) throw error;
    return showBanner("storage", true); // nothing was saved, and the tap can be made again
  } finally {
    button.removeAttribute("aria-disabled");
    wear(button, "");
  }
  await go("/phone/round", { replace: true });
}
