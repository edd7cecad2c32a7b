// Facts of the dwelling, prefilled from the register; the body keeps only what differs.
import { all, find, hide, write } from "./bind.js";
import { drawChoices, tick } from "./choices.js";
import { entered, pointAt, showError, showPhone } from "./fields.js";
import { differs } from "./known_entries.js";
import * as lists from "./lists.js";
import { say } from "./texts.js";

/** @typedef {import("./visit.js").Visit} Visit */

const YES_NO = ["yes", "no"].map((key) => ({ code: key === "yes", zh: say(key), en: say(key) }));
const PHONE = "lessor_phone";
/** The visit on the screen. @type {() => Visit} */
let open;

/** @param {HTMLElement} section @param {() => Visit} current */
export function bindDwelling(section, current) {
  open = current;
  const part = find(section, "[data-visit-dwelling]");
  // Heads are counted where the people are listed.
  for (const input of all(section, "[data-fact]")) {
    const field = /** @type {HTMLInputElement} */ (input);
    field.addEventListener("input", () => put(current(), String(field.dataset.fact), entered(field)));
  }
  const phone = /** @type {HTMLInputElement} */ (find(part, "[data-fact-phone]"));
  phone.addEventListener("input", () => {
    showError(part, PHONE, "");
    pointAt(part, PHONE, null);
    put(current(), PHONE, phone.value.trim() || null);
  });
  phone.addEventListener("blur", () => showPhone(part, PHONE));
  section.addEventListener("visit:changed", () => reflect(part, current()));
}

/** The choices, before the first visit asks for them. @param {HTMLElement} section */
export async function drawDwelling(section) {
  const boxes = all(find(section, "[data-visit-dwelling]"), "[data-fact-chips], [data-fact-yesno]");
  const rows = await Promise.all(boxes.map(rowsOf));
  boxes.forEach((box, at) => {
    const name = keyOf(box);
    const chosen = (/** @type {any} */ row) => put(open(), name, row.code);
    const unsaid = () => unsay(open(), name);
    drawChoices(box, rows[at] ?? YES_NO, { name: `fact-${name}`, chosen, unsaid });
  });
  return boxes.map((box, at) => ({ box, rows: rows[at] ?? YES_NO }));
}

/** @param {HTMLElement} box @returns {Promise<any[]>} */
async function rowsOf({ dataset }) {
  return dataset.list ? lists.codes(dataset.list) : YES_NO;
}

/** @param {HTMLElement} box */
function keyOf({ dataset }) {
  return String(dataset.factChips ?? dataset.factYesno);
}

/** @param {HTMLElement} section @param {Visit} visit */
export async function showDwelling(section, visit) {
  const part = find(section, "[data-visit-dwelling]");
  const { door } = visit.view;
  const now = { ...door, ...visit.body.dwelling_changes };
  const choices = await drawDwelling(section);
  for (const { box, rows } of choices) tick(box, rows, ({ code }) => now[keyOf(box)] === code);
  for (const input of all(section, "[data-fact]")) {
    /** @type {HTMLInputElement} */ (input).value = String(now[String(input.dataset.fact)] ?? "");
  }
  const phone = /** @type {HTMLInputElement} */ (find(part, "[data-fact-phone]"));
  phone.value = visit.body.dwelling_changes?.lessor_phone ?? "";
  phone.placeholder = door.lessor_phone ?? "";
  // What was said of the one at the door before is over.
  showPhone(part, PHONE);
  reflect(part, visit);
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
    if (Object.keys(changes).length) differs(body);
  });
}

/** A choice is unsaid: what the register knows holds, unless only the version before had said it. @param {Visit} visit @param {string} key */
function unsay(visit, key) {
  put(visit, key, null);
  return key in (visit.returned?.body.dwelling_changes ?? {}) ? null : visit.view.door[key];
}

/** Somebody may mean it, a room that was divided: it is pointed out, and asked about at the desk. @param {Visit} visit */
export function tooManyLet({ body: { dwelling_changes: said = {} }, view: { door } }) {
  const { rooms, rooms_let: let_ } = { ...door, ...said };
  return ("rooms" in said || "rooms_let" in said) && rooms != null && let_ > rooms;
}

/** @param {HTMLElement} part @param {Visit} visit */
function reflect(part, visit) {
  const { body } = visit;
  hide(find(part, "[data-rooms-odd]"), !tooManyLet(visit));
  const n = Object.keys(body.dwelling_changes ?? {}).length;
  write(find(part, "[data-dwelling-state]"), n ? say("n_changed", { n }) : say("as_known"));
}
