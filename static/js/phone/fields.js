// Fields of somebody or something at the door: only what differs from the register is kept, faults stand beside them.
import { checkPhone } from "../offline/documents.js";
import { find, make, write } from "./bind.js";
import { bindRadio } from "./choices.js";
import { say, word } from "./texts.js";

/**
 * @typedef {object} Binding
 * @property {any} entry  the entry of the body
 * @property {any} known  the row of the register, else null
 * @property {any} [said]  in a correction: what the version before said of it
 * @property {Record<string, any[]>} lists
 * @property {(change: (entry: any) => void) => void} edit
 */

/**
 * Only what differs from the register is kept. In a correction the register already holds what the version before said:
 * those facts are said again, for else they would be taken back.
 * @param {any} entry
 * @param {Pick<Binding, "known" | "said">} about
 * @param {string} key
 * @param {unknown} value
 */
export function put(entry, { known, said }, key, value) {
  const asKnown = known && known[key] === value && !(said && key in said);
  if (value === "" || value === null || asKnown) delete entry[key];
  else entry[key] = value;
}

/**
 * @param {HTMLElement} form
 * @param {Binding} binding
 * @param {string} name
 * @param {{value?: string, masked?: string}} [how]  masked: what is known, shown behind an empty field
 */
export function bindText(form, binding, name, { value, masked } = {}) {
  const input = field(form, name);
  input.value = value ?? String({ ...binding.known, ...binding.entry }[name] ?? "");
  if (masked) input.placeholder = masked;
  showChosen(input);
  input.addEventListener("input", () => {
    showChosen(input);
    showError(form, name, "");
    pointAt(form, name, null);
    binding.edit((entry) => put(entry, binding, name, entered(input)));
  });
  input.addEventListener("keydown", nextField);
}

/** What is in a field; null where that is nothing. @param {HTMLInputElement} input */
export function entered(input) {
  if (input.type !== "number") return input.value.trim() || null;
  return Number.isNaN(input.valueAsNumber) ? null : input.valueAsNumber;
}

/** @param {HTMLElement} form @param {string} name @returns {HTMLInputElement} */
export function field(form, name) {
  return /** @type {HTMLInputElement} */ (find(form, `[name="${name}"]`));
}

/**
 * @param {HTMLElement} form
 * @param {Binding} binding
 * @param {string} name
 * @param {any[]} codes
 */
export function bindChips(form, binding, name, codes) {
  const chosen = String({ ...binding.known, ...binding.entry }[name] ?? "");
  const box = find(form, `[data-chips="${name}"]`);
  for (const code of codes) {
    const chip = make("t-choice-radio", { label: word(code) });
    const input = /** @type {HTMLInputElement} */ (find(chip, "input"));
    input.name = `${name}-${form.dataset.entry}`;
    input.value = code.code;
    input.checked = code.code === chosen;
    const choose = (/** @type {string} */ value) => binding.edit((entry) => put(entry, binding, name, value));
    bindRadio(
      box,
      input,
      () => choose(code.code),
      () => {
        choose("");
        return binding.said && name in binding.said ? null : binding.known?.[name];
      },
    );
    box.append(chip);
  }
}

/** In letters so large that the field cuts it, what is in it stands below it, too. */
/** @param {HTMLSelectElement | HTMLInputElement} box */
export function showChosen(box) {
  const line = box.closest(".field")?.querySelector("[data-chosen]");
  if (line) line.textContent = "selectedOptions" in box ? (box.selectedOptions[0]?.label ?? "") : box.value;
}

/** Enter goes to the next field instead of sending anything. @param {KeyboardEvent} event */
export function nextField(event) {
  if (event.key !== "Enter") return;
  event.preventDefault();
  const input = /** @type {HTMLInputElement} */ (event.target);
  const typed = "input:not([type=radio], [type=checkbox])";
  const fields = /** @type {HTMLInputElement[]} */ (
    Array.from(input.closest(".person-form")?.querySelectorAll(typed) ?? [])
  );
  // What fills itself in is not on the way.
  const next = fields.slice(fields.indexOf(input) + 1).find((one) => !("byItself" in one.dataset));
  if (next && next.type !== "date") next.focus();
  else input.blur();
}

/** @param {HTMLElement} form @param {string} name @param {string} line */
export function showError(form, name, line) {
  field(form, name).setAttribute("aria-invalid", String(Boolean(line)));
  const place = form.querySelector(`[data-error="${name}"]`);
  if (!(place instanceof HTMLElement)) return;
  place.textContent = line;
  place.hidden = !line;
}

/** @param {HTMLElement} form @param {string} name */
export function showPhone(form, name) {
  showFault(form, name, checkPhone, "phone_wrong");
}

/**
 * Say what is wrong in a field and point at it; nothing where it is empty.
 * @param {HTMLElement} form @param {string} name
 * @param {(text: string) => import("../offline/documents.js").Check} judge @param {string} key  of the text that says it
 */
export function showFault(form, name, judge, key) {
  const { value } = field(form, name);
  const check = judge(value);
  const wrong = value.trim() !== "" && !check.ok;
  showError(form, name, wrong ? say(key) : "");
  pointAt(form, name, wrong ? check : null);
}

/**
 * What was entered with its wrong character marked; null hides it.
 * @param {HTMLElement} form @param {string} name @param {import("../offline/documents.js").Check | null} check
 */
export function pointAt(form, name, check) {
  const line = /** @type {HTMLElement | null} */ (form.querySelector(`[data-pointer="${name}"]`));
  if (!line) return;
  const { value = "", position, problem, warning } = check ?? {};
  line.hidden = position === undefined;
  if (position === undefined) return;
  // The check character tells that one of all is wrong, not which: they are all compared, place, day of birth and rest.
  if (warning || problem === "check") return write(line, value.replace(/^(.{6})(.{8})/, "$1 $2 "));
  const mark = document.createElement("mark");
  mark.textContent = value[position] ?? "＿";
  line.replaceChildren(value.slice(0, position), mark, value.slice(position + 1));
}
