// One finding: how grave it is, what was done, by when, where, note; its photos are in finding_photos.js.
import { today } from "../offline/days.js";
import { fill, find, make } from "./bind.js";
import { dueOn } from "./deadlines.js";
import { bindPhotos } from "./finding_photos.js";
import { day, say, word } from "./texts.js";

/** @typedef {import("./visit.js").Visit} Visit */

const ACTIONS = ["fixed_on_site", "notice_left", "refer"];
/** What is outside the grid's power: referred the same day, also when it was made safe. */
const GRAVE = ["refer"];

/**
 * @param {Visit} visit
 * @param {any} item  of the checklist
 * @param {any} finding  of the body; changed in place
 * @param {any[]} stored  photos of the draft
 */
export function findingCard(visit, item, finding, stored) {
  const card = make("t-finding");
  card.dataset.finding = finding.id;
  const mine = stored.filter((photo) => photo.finding === finding.id);
  const earlier = (finding.photos ?? []).filter(
    (/** @type {string} */ id) => !mine.some((photo) => photo.id === id),
  );
  fill(card, {
    name: word(item.name),
    violation: word(item.violation),
    ...gravity(item),
    earlier: earlier.length ? say("earlier_photos", { n: earlier.length }) : "",
  });
  // What is asked for in red is not called optional beside it.
  if (isGrave(item)) find(card, ".why .soft").textContent = say("if_agreed");
  bindActions(card, visit, item, finding);
  bindText(card, "[data-spot]", visit, finding, "spot");
  bindText(card, "[data-note]", visit, finding, "note");
  bindPhotos(card, visit, finding, mine);
  showDue(card, visit, item, finding);
  return card;
}

/** @param {any} item */
export function isGrave(item) {
  return Boolean(item.stop_use || item.severity === "suspected_major");
}

/** What can be said to have been done; what an earlier version said stays in sight. @param {any} item @param {any} finding */
export function actionsFor(item, finding) {
  const allowed = isGrave(item) ? GRAVE : ACTIONS;
  return ACTIONS.filter((action) => allowed.includes(action) || action === finding.action);
}

/** How grave it is, and what follows from that. @param {any} item */
function gravity(item) {
  if (item.stop_use) return { state: "stop", warning: say("stop_use"), next_step: say("stop_use_next") };
  if (item.severity === "suspected_major") {
    return { state: "major", warning: say("suspected_major"), next_step: say("suspected_major_next") };
  }
  return { state: "hazard", warning: "", next_step: "" };
}

/** By when, in words; nothing where the district has set no deadline. @param {any} item @param {string} [due]  where it is fixed */
export function dueLine(item, due = dueDay(item, today())) {
  return due && say(due === today() ? "fix_today" : "fix_by", { day: day(due) });
}

/** @param {any} item @param {string} on  day of the notice */
export function dueDay(item, on) {
  return item?.due_days == null ? "" : dueOn(item, on);
}

/**
 * What the register says of a finding that is corrected, as far as it holds: what is no longer referred gets its days anew.
 * @param {Visit} visit @param {any} finding
 */
export function registered({ view }, { id, action }) {
  const known = view.findings.find((/** @type {any} */ one) => one.id === id);
  return known?.status === "referred" && action !== "refer" ? undefined : known;
}

/** @param {HTMLElement} card @param {Visit} visit @param {any} item @param {any} finding */
function showDue(card, visit, item, finding) {
  const line = dueLine(item, registered(visit, finding)?.due_on || undefined);
  find(card, "[data-due]").textContent = finding.action === "notice_left" ? line : "";
}

/** @param {HTMLElement} card @param {Visit} visit @param {any} item @param {any} finding */
function bindActions(card, visit, item, finding) {
  const box = find(card, "[data-actions]");
  for (const action of actionsFor(item, finding)) {
    const chip = make("t-choice-radio", { label: say(`action_${action}`) });
    const input = /** @type {HTMLInputElement} */ (find(chip, "input"));
    input.name = `action-${finding.id}`;
    input.checked = finding.action === action;
    input.addEventListener("change", () => {
      set(visit, finding, "action", action);
      showDue(card, visit, item, finding);
    });
    box.append(chip);
  }
}

/**
 * @param {HTMLElement} card
 * @param {string} selector
 * @param {Visit} visit
 * @param {any} finding
 * @param {string} key
 */
function bindText(card, selector, visit, finding, key) {
  const input = /** @type {HTMLInputElement} */ (find(card, selector));
  input.value = finding[key] ?? "";
  input.addEventListener("input", () => set(visit, finding, key, input.value.trim()));
}

/** @param {Visit} visit @param {any} finding @param {string} key @param {unknown} value */
function set(visit, finding, key, value) {
  visit.change(() => {
    if (value === "") delete finding[key];
    else finding[key] = value;
  });
}
