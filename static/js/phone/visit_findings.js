// The checklist: items by group; a tapped item becomes a finding with action, photos, place and note.
import { uuid7 } from "../offline/ids.js";
import * as photos from "../offline/photos.js";
import { find, make } from "./bind.js";
import { findingCard } from "./finding_card.js";
import * as lists from "./lists.js";
import { known, say, word } from "./texts.js";
import { toast } from "./toast.js";
import { itemsFor, placesOf } from "./visit_places.js";

/** @typedef {import("./visit.js").Visit} Visit */

const UNDO_LASTS = 8000;
/** @type {any} */
let list = null;
/** Which kinds of place the items on the page are for. */
let drawnFor = "";

/** @param {HTMLElement} section @param {() => Visit} current */
export function startFindings(section, current) {
  const checked = /** @type {HTMLInputElement} */ (find(section, "[data-checked]"));
  checked.addEventListener("change", () => current().change((body) => setChecked(body, checked.checked)));
  section.addEventListener("visit:changed", () => {
    const visit = current();
    checked.checked = Boolean(visit.body.checklist?.checked);
    if (drawnFor !== placeKey(visit)) void draw(section, visit);
  });
}

/** @param {HTMLElement} section @param {Visit} visit */
export async function showFindings(section, visit) {
  list = await lists.checklist();
  await draw(section, visit);
  /** @type {HTMLInputElement} */ (find(section, "[data-checked]")).checked = Boolean(
    visit.body.checklist?.checked,
  );
}

/** @param {Visit} visit */
function placeKey(visit) {
  return `${visit.draft.id} ${[...placesOf(visit.view, visit.body)].join()}`;
}

/** @param {HTMLElement} section @param {Visit} visit */
async function draw(section, visit) {
  drawnFor = placeKey(visit);
  const stored = await photos.ofDraft(visit.draft.id);
  const { inside, shared } = itemsFor(list?.items ?? [], placesOf(visit.view, visit.body));
  // What was found stays on the page, whatever kind of place this turns out to be.
  const said = (visit.body.findings ?? []).map((/** @type {any} */ one) => one.item);
  const lost = (list?.items ?? []).filter(
    (/** @type {any} */ item) => said.includes(item.code) && !has([...inside, ...shared], item.code),
  );
  find(section, "[data-groups]").replaceChildren(...groups(visit, [...inside, ...lost], stored));
  find(section, "[data-shared-groups]").replaceChildren(...groups(visit, shared, stored));
  const fold = /** @type {HTMLDetailsElement} */ (find(section, "[data-shared]"));
  fold.hidden = shared.length === 0;
  fold.open = said.some((/** @type {string} */ code) => has(shared, code));
}

/** @param {any[]} items @param {string} code */
function has(items, code) {
  return items.some((item) => item.code === code);
}

/** @param {Visit} visit @param {any[]} items @param {any[]} stored */
function groups(visit, items, stored) {
  const names = [...new Set(items.map((item) => item.group))];
  return names.map((name) => {
    const key = `group_${name}`;
    const group = make("t-group", { name: known(key) ? say(key) : name });
    const found = find(group, "[data-found]");
    for (const item of items.filter((one) => one.group === name)) {
      const chip = itemChip(item);
      const card = (/** @type {any} */ finding) => openCard(visit, item, finding, chip, found, stored);
      chip.addEventListener("click", () => pick(visit, item, found, card));
      find(group, "[data-items]").append(chip);
      const finding = (visit.body.findings ?? []).find((/** @type {any} */ one) => one.item === item.code);
      if (finding) card(finding);
    }
    return group;
  });
}

/** @param {any} item */
function itemChip(item) {
  const major = item.severity === "suspected_major";
  return make("t-item", { name: word(item.name), major, severity: major ? say("suspected_major") : "" });
}

/**
 * A first tap makes the finding, a second one leads to it. What is outside the grid's power is referred at once.
 * @param {Visit} visit
 * @param {any} item
 * @param {HTMLElement} found
 * @param {(finding: any) => HTMLElement} card
 */
function pick(visit, item, found, card) {
  const there = (visit.body.findings ?? []).find((/** @type {any} */ one) => one.item === item.code);
  const grave = item.stop_use || item.severity === "suspected_major";
  const finding = there ?? { id: uuid7(), item: item.code, ...(grave ? { action: "refer" } : {}) };
  if (!there) {
    visit.change((body) => {
      body.findings = [...(body.findings ?? []), finding];
      delete body.unchanged;
      setChecked(body, true);
    });
  }
  const shown = there ? find(found, `[data-finding="${finding.id}"]`) : card(finding);
  shown.scrollIntoView({ block: "nearest" });
  find(shown, "h4").focus({ preventScroll: true });
}

/**
 * @param {Visit} visit
 * @param {any} item
 * @param {any} finding
 * @param {HTMLElement} chip
 * @param {HTMLElement} found
 * @param {any[]} stored
 */
function openCard(visit, item, finding, chip, found, stored) {
  chip.setAttribute("aria-pressed", "true");
  const card = findingCard(visit, item, finding, stored);
  find(card, "[data-remove]").addEventListener("click", () => {
    card.remove();
    chip.setAttribute("aria-pressed", "false");
    chip.focus();
    remove(visit, finding);
    const undo = () => {
      visit.change((body) => {
        body.findings = [...(body.findings ?? []), finding];
      });
      chip.setAttribute("aria-pressed", "true");
      found.append(card);
      find(card, "h4").focus();
    };
    toast(say("removed", { what: word(item.name) }), { undo, lasts: UNDO_LASTS, here: true });
  });
  found.append(card);
  return card;
}

/** Its photos stay until the visit is finished, so that this can be undone; only photos of findings are sent. */
/** @param {Visit} visit @param {any} finding */
function remove(visit, finding) {
  visit.change((body) => {
    body.findings = body.findings.filter((/** @type {any} */ one) => one.id !== finding.id);
  });
}

/** @param {any} body @param {boolean} checked */
function setChecked(body, checked) {
  if (!list || !checked) delete body.checklist;
  else body.checklist = { code: list.code, version: list.version, checked: true };
}
