// The checklist: items by group; a tapped item becomes a finding with action, photos, place and note.
import { uuid7 } from "../offline/ids.js";
import * as photos from "../offline/photos.js";
import { find, make } from "./bind.js";
import { findingCard } from "./finding_card.js";
import * as lists from "./lists.js";
import { day, known, label, say, word } from "./texts.js";

/** @typedef {import("./visit.js").Visit} Visit */

/** @type {any} */
let list = null;

/** @param {HTMLElement} section @param {() => Visit} current */
export function startFindings(section, current) {
  const checked = /** @type {HTMLInputElement} */ (find(section, "[data-checked]"));
  checked.addEventListener("change", () => current().change((body) => setChecked(body, checked.checked)));
  section.addEventListener("visit:changed", () => {
    checked.checked = Boolean(current().body.checklist?.checked);
  });
}

/** @param {HTMLElement} section @param {Visit} visit */
export async function showFindings(section, visit) {
  list = await lists.checklist();
  const stored = await photos.ofDraft(visit.draft.id);
  const items = list?.items ?? [];
  const inside = items.filter((/** @type {any} */ item) => item.applies_to.includes("dwelling"));
  const outside = items.filter(
    (/** @type {any} */ item) => item.applies_to.includes("shared") && !item.applies_to.includes("dwelling"),
  );
  find(section, "[data-groups]").replaceChildren(...groups(visit, inside, stored));
  find(section, "[data-shared-groups]").replaceChildren(...groups(visit, outside, stored));
  /** @type {HTMLInputElement} */ (find(section, "[data-checked]")).checked = Boolean(
    visit.body.checklist?.checked,
  );
  const shared = /** @type {HTMLDetailsElement} */ (find(section, "[data-shared]"));
  shared.hidden = outside.length === 0;
  shared.open = (visit.body.findings ?? []).some((/** @type {any} */ one) => has(outside, one.item));
  await showOpenBefore(section, visit);
}

/** @param {any[]} items @param {string} code */
function has(items, code) {
  return items.some((item) => item.code === code);
}

/** Hazards of earlier visits stay open until somebody rechecks them: said here so that none is reported twice. */
/** @param {HTMLElement} section @param {Visit} visit */
async function showOpenBefore(section, visit) {
  const statuses = await lists.codes("finding_status");
  const mine = new Set((visit.body.findings ?? []).map((/** @type {any} */ one) => one.id));
  const before = visit.view.findings.filter((/** @type {any} */ one) => !mine.has(one.id));
  const rows = before.map((/** @type {any} */ finding) => {
    const item = list?.items.find((/** @type {any} */ one) => one.code === finding.item);
    const due = finding.due_on ? say("due", { day: day(finding.due_on) }) : "";
    const line = [label(statuses, finding.status), finding.spot, due].filter(Boolean).join(" · ");
    return make("t-line", { title: word(item?.name) || finding.item, line });
  });
  find(section, "[data-open-list]").replaceChildren(...rows);
  find(section, "[data-open-before]").hidden = rows.length === 0;
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
 * A first tap makes the finding, a second one leads to it.
 * @param {Visit} visit
 * @param {any} item
 * @param {HTMLElement} found
 * @param {(finding: any) => HTMLElement} card
 */
function pick(visit, item, found, card) {
  const there = (visit.body.findings ?? []).find((/** @type {any} */ one) => one.item === item.code);
  const finding = there ?? { id: uuid7(), item: item.code };
  if (!there) {
    visit.change((body) => {
      body.findings = [...(body.findings ?? []), finding];
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
    void removeFinding(visit, finding);
  });
  found.append(card);
  return card;
}

/** @param {Visit} visit @param {any} finding */
async function removeFinding(visit, finding) {
  visit.change((body) => {
    body.findings = body.findings.filter((/** @type {any} */ one) => one.id !== finding.id);
  });
  const mine = (await photos.ofDraft(visit.draft.id)).filter(
    (/** @type {any} */ one) => one.finding === finding.id,
  );
  for (const photo of mine) await photos.remove(photo.id);
}

/** @param {any} body @param {boolean} checked */
function setChecked(body, checked) {
  if (!list || !checked) delete body.checklist;
  else body.checklist = { code: list.code, version: list.version, checked: true };
}
