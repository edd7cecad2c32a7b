// Facts of the dwelling, prefilled from the register; the body keeps only what differs.
import { all, find, make } from "./bind.js";
import * as lists from "./lists.js";
import { say, word } from "./texts.js";
import { phoneIsRight } from "./visit_checks.js";

/** @typedef {import("./visit.js").Visit} Visit */

/** @param {HTMLElement} section @param {() => Visit} current */
export function bindDwelling(section, current) {
  const part = find(section, "[data-visit-dwelling]");
  // Heads are counted where the people are listed.
  for (const input of all(section, "[data-fact]")) {
    const field = /** @type {HTMLInputElement} */ (input);
    field.addEventListener("input", () => put(current(), String(field.dataset.fact), entered(field)));
  }
  const phone = /** @type {HTMLInputElement} */ (find(part, "[data-fact-phone]"));
  phone.addEventListener("input", () => put(current(), "lessor_phone", phone.value.trim() || null));
  phone.addEventListener("blur", () => {
    const line = find(part, "[data-phone-error]");
    line.hidden = !phone.value || phoneIsRight(phone.value);
    line.textContent = say("phone_wrong");
  });
  section.addEventListener("visit:changed", () => reflect(part, current().body));
}

/** @param {HTMLElement} section @param {Visit} visit */
export async function showDwelling(section, visit) {
  const part = find(section, "[data-visit-dwelling]");
  const { door } = visit.view;
  const now = { ...door, ...visit.body.dwelling_changes };
  for (const input of all(section, "[data-fact]")) {
    /** @type {HTMLInputElement} */ (input).value = String(now[String(input.dataset.fact)] ?? "");
  }
  const phone = /** @type {HTMLInputElement} */ (find(part, "[data-fact-phone]"));
  phone.value = visit.body.dwelling_changes?.lessor_phone ?? "";
  phone.placeholder = door.lessor_phone ?? "";
  for (const box of all(part, "[data-fact-chips]")) {
    const codes = await lists.codes(String(box.dataset.list));
    const rows = codes.map((/** @type {any} */ code) => ({ value: code.code, label: word(code) }));
    chips(box, visit, String(box.dataset.factChips), rows, now);
  }
  const yesNo = [
    { value: true, label: say("yes") },
    { value: false, label: say("no") },
  ];
  for (const box of all(part, "[data-fact-yesno]"))
    chips(box, visit, String(box.dataset.factYesno), yesNo, now);
  reflect(part, visit.body);
}

/**
 * @param {HTMLElement} box
 * @param {Visit} visit
 * @param {string} key
 * @param {{value: unknown, label: string}[]} rows
 * @param {any} now
 */
function chips(box, visit, key, rows, now) {
  const made = rows.map(({ value, label }) => {
    const chip = make("t-choice-radio", { label });
    const input = /** @type {HTMLInputElement} */ (find(chip, "input"));
    input.name = `fact-${key}`;
    input.checked = now[key] === value;
    input.addEventListener("change", () => put(visit, key, value));
    return chip;
  });
  box.replaceChildren(...made);
}

/** @param {HTMLInputElement} field */
function entered(field) {
  if (field.type !== "number") return field.value.trim() || null;
  return field.value === "" || Number.isNaN(field.valueAsNumber) ? null : field.valueAsNumber;
}

/**
 * Keep a fact when it differs from the register; the same as the register takes it back. Emptying a field
 * that the register knows is not a change: nobody at the door can unknow it. In a correction the register
 * already holds what the version before said, so those facts are said again.
 * @param {Visit} visit
 * @param {string} key
 * @param {unknown} value
 */
function put(visit, key, value) {
  visit.change((body) => {
    const changes = { ...body.dwelling_changes };
    const saidBefore = key in (visit.returned?.body.dwelling_changes ?? {});
    if (value === null || (value === visit.view.door[key] && !saidBefore)) delete changes[key];
    else changes[key] = value;
    body.dwelling_changes = changes;
    if (Object.keys(changes).length) delete body.unchanged;
  });
}

/** @param {HTMLElement} part @param {any} body */
function reflect(part, body) {
  const n = Object.keys(body.dwelling_changes ?? {}).length;
  find(part, "[data-dwelling-state]").textContent = n ? say("n_changed", { n }) : say("as_known");
}
