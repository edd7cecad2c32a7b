// The checklist: items by group; a tapped item becomes a finding with action, photos, place and note.
import { uuid7 } from "../offline/ids.js";
import * as photos from "../offline/photos.js";
import { copy, find, hide, make } from "./bind.js";
import { addFinding, nameList, removeFinding, tickList } from "./checked_list.js";
import { findingCard, isGrave } from "./finding_card.js";
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
/** Photos of the open visit. @type {any[]} */
let stored = [];
/** @typedef {{item: any, chip: HTMLElement, found: HTMLElement}} Part  an item with the place of what is found */
/** What stands in a box. @type {WeakMap<HTMLElement, Part[]>} */
const standing = new WeakMap();
/** The visit on the screen. @type {() => Visit} */
let open;

/** @param {HTMLElement} section @param {() => Visit} current */
export function startFindings(section, current) {
  open = current;
  const checked = /** @type {HTMLInputElement} */ (find(section, "[data-checked]"));
  checked.addEventListener("change", () => current().change((body) => tickList(body, list, checked.checked)));
  section.addEventListener("visit:changed", () => {
    const visit = current();
    checked.checked = Boolean(visit.body.checklist?.checked);
    if (drawnFor !== placeKey(visit)) void drawAgain(section, visit);
  });
}

/** Another kind of place: with the photos that were taken meanwhile. @param {HTMLElement} section @param {Visit} visit */
async function drawAgain(section, visit) {
  drawnFor = placeKey(visit);
  stored = await photos.ofDraft(visit.draft.id);
  draw(section, visit);
}

/** @param {HTMLElement} section @param {Visit} visit @param {any[]} taken  photos of the draft that are on this phone */
export async function showFindings(section, visit, taken) {
  list = await lists.checklist();
  nameList(visit.body, list);
  stored = taken;
  draw(section, visit);
  /** @type {HTMLInputElement} */ (find(section, "[data-checked]")).checked = Boolean(
    visit.body.checklist?.checked,
  );
}

/** The chips of an ordinary home, before the first visit asks for them. @param {HTMLElement} section */
export async function drawItems(section) {
  list = await lists.checklist();
  const { inside, shared } = itemsFor(list?.items ?? [], new Set(["dwelling"]));
  place(find(section, "[data-groups]"), inside);
  place(find(section, "[data-shared-groups]"), shared);
}

/** @param {Visit} visit */
function placeKey(visit) {
  return `${visit.draft.id} ${[...placesOf(visit.view, visit.body)].join()}`;
}

/** @param {HTMLElement} section @param {Visit} visit */
function draw(section, visit) {
  drawnFor = placeKey(visit);
  const { inside, shared } = itemsFor(list?.items ?? [], placesOf(visit.view, visit.body));
  // What was found stays on the page, whatever kind of place this turns out to be.
  const findings = visit.body.findings ?? [];
  const said = findings.map((/** @type {any} */ one) => one.item);
  const lost = (list?.items ?? []).filter(
    (/** @type {any} */ item) => said.includes(item.code) && !has([...inside, ...shared], item.code),
  );
  const parts = [
    ...place(find(section, "[data-groups]"), [...inside, ...lost]),
    ...place(find(section, "[data-shared-groups]"), shared),
  ];
  for (const { item, chip, found } of parts) {
    chip.setAttribute("aria-pressed", "false");
    const finding = findings.find((/** @type {any} */ one) => one.item === item.code);
    if (finding) openCard(visit, item, finding, chip, found);
  }
  const fold = /** @type {HTMLDetailsElement} */ (find(section, "[data-shared]"));
  hide(fold, shared.length === 0);
  fold.open = said.some((/** @type {string} */ code) => has(shared, code));
}

/** @param {any[]} items @param {string} code */
function has(items, code) {
  return items.some((item) => item.code === code);
}

/**
 * The groups of some items, empty of findings. What stands there is kept while it is the same: from home to home it is.
 * @param {HTMLElement} box
 * @param {any[]} items
 * @returns {Part[]}
 */
function place(box, items) {
  const before = standing.get(box);
  const same = before?.length === items.length && before.every(({ item }, at) => item === items[at]);
  if (same) {
    for (const { found } of before) if (found.firstChild) found.replaceChildren();
    return before;
  }
  /** @type {Map<string, Part>} */
  const parts = new Map();
  box.replaceChildren(...groups(items, (part) => parts.set(part.item.code, part)));
  const inOrder = items.map((item) => /** @type {Part} */ (parts.get(item.code)));
  standing.set(box, inOrder);
  return inOrder;
}

/** @param {any[]} items @param {(part: Part) => void} tell */
function groups(items, tell) {
  const names = [...new Set(items.map((item) => item.group))];
  return names.map((name) => {
    const key = `group_${name}`;
    const group = make("t-group", { name: known(key) ? say(key) : name });
    const found = find(group, "[data-found]");
    const chips = items
      .filter((one) => one.group === name)
      .map((item) => {
        const chip = itemChip(item);
        chip.addEventListener("click", () => pick(open(), item, chip, found));
        tell({ item, chip, found });
        return chip;
      });
    find(group, "[data-items]").append(...chips);
    return group;
  });
}

/** @param {any} item */
function itemChip(item) {
  const major = item.severity === "suspected_major";
  const chip = make("t-item", { name: word(item.name), severity: major ? say("suspected_major") : "" });
  if (major) chip.append(copy("t-item-major"));
  return chip;
}

/**
 * A first tap makes the finding, a second one leads to it. What is outside the grid's power is referred at once.
 * @param {Visit} visit
 * @param {any} item
 * @param {HTMLElement} chip
 * @param {HTMLElement} found
 */
function pick(visit, item, chip, found) {
  const there = (visit.body.findings ?? []).find((/** @type {any} */ one) => one.item === item.code);
  const finding = there ?? { id: uuid7(), item: item.code, ...(isGrave(item) ? { action: "refer" } : {}) };
  if (!there) {
    visit.change((body) => addFinding(body, finding, list));
  }
  const card = () => openCard(visit, item, finding, chip, found);
  const shown = there ? find(found, `[data-finding="${finding.id}"]`) : card();
  shown.scrollIntoView({ block: "nearest" });
  find(shown, "h4").focus({ preventScroll: true });
}

/**
 * @param {Visit} visit
 * @param {any} item
 * @param {any} finding
 * @param {HTMLElement} chip
 * @param {HTMLElement} found
 */
function openCard(visit, item, finding, chip, found) {
  chip.setAttribute("aria-pressed", "true");
  const card = findingCard(visit, item, finding, stored);
  find(card, "[data-remove]").addEventListener("click", () => {
    card.remove();
    chip.setAttribute("aria-pressed", "false");
    chip.focus();
    const back = remove(visit, finding);
    const undo = () => {
      visit.change(back);
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
  /** @type {(body: any) => void} */
  let back = () => {};
  visit.change((body) => {
    back = removeFinding(body, finding);
  });
  return back;
}
