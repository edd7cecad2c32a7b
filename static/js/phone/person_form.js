// The fields of one person, for somebody new or for changes to somebody known; numbers are checked while typing.
import { birthOf, checkDocument, sexOf } from "../offline/documents.js";
import { fill, find, make } from "./bind.js";
import { attachKeypad, keypadFits } from "./keypad.js";
import { say, word } from "./texts.js";
import { phoneIsRight } from "./visit_checks.js";

/**
 * @typedef {object} Binding
 * @property {any} entry  the entry of the body
 * @property {any} known  the row of the register when the person is known, else null
 * @property {Record<string, any[]>} lists
 * @property {(change: (entry: any) => void) => void} edit
 */

/** @param {Binding} binding */
export function personForm(binding) {
  const { entry, known } = binding;
  const form = make("t-person-form");
  fill(form, { adding: !known });
  form.dataset.occupancy = entry.occupancy;
  const start = { ...known, ...entry };
  bindText(form, binding, "name", start.name ?? "");
  bindText(form, binding, "phone", entry.phone ?? "", known?.phone ?? entry.phone_masked);
  bindText(form, binding, "moved_in_on", start.moved_in_on ?? "");
  bindDocument(form, binding);
  bindChips(form, binding, "reason", binding.lists.stay_reason, start.reason);
  bindChips(form, binding, "intended_stay", binding.lists.intended_stay, start.intended_stay);
  find(form, '[name="phone"]').addEventListener("blur", () => showPhone(form));
  return form;
}

/**
 * @param {HTMLElement} form
 * @param {Binding} binding
 * @param {string} name
 * @param {string} value
 * @param {string} [masked]  what is known, shown behind an empty field
 */
function bindText(form, binding, name, value, masked) {
  const input = /** @type {HTMLInputElement} */ (find(form, `[name="${name}"]`));
  input.value = value;
  if (masked) input.placeholder = masked;
  input.addEventListener("input", () => {
    showError(form, name, "");
    binding.edit((entry) => put(entry, binding.known, name, input.value.trim()));
  });
  input.addEventListener("keydown", nextField);
}

/** Only what differs from the register is kept. @param {any} entry @param {any} known @param {string} key @param {string} value */
function put(entry, known, key, value) {
  if (!value || (known && known[key] === value)) delete entry[key];
  else entry[key] = value;
}

/** Enter goes to the next field instead of sending anything. @param {KeyboardEvent} event */
function nextField(event) {
  if (event.key !== "Enter") return;
  event.preventDefault();
  const input = /** @type {HTMLInputElement} */ (event.target);
  const fields = Array.from(input.closest(".person-form")?.querySelectorAll("input:not([type=radio])") ?? []);
  const next = fields[fields.indexOf(input) + 1];
  if (next instanceof HTMLInputElement && next.type !== "date") next.focus();
  else input.blur();
}

/** @param {HTMLElement} form @param {Binding} binding */
function bindDocument(form, binding) {
  const { entry, known, lists } = binding;
  const type = /** @type {HTMLSelectElement} */ (find(form, '[name="document_type"]'));
  const number = /** @type {HTMLInputElement} */ (find(form, '[name="document_number"]'));
  type.append(...lists.document_type.map((code) => new Option(word(code), code.code)));
  type.value = entry.document_type ?? known?.document_type ?? "111";
  number.value = entry.document_number ?? "";
  number.placeholder = known?.document ?? entry.document ?? "";
  attachKeypad(number, find(form, "[data-keypad]"), () => keypadFits(type.value));
  type.addEventListener("change", () => {
    binding.edit((one) => put(one, known, "document_type", type.value));
    showNumber(form, type.value, number, true);
  });
  number.addEventListener("input", () => {
    binding.edit((one) => {
      put(one, null, "document_number", number.value.replaceAll(" ", "").toUpperCase());
      if (one.document_number) one.document_type = type.value;
    });
    showNumber(form, type.value, number, false);
  });
  number.addEventListener("blur", () => showNumber(form, type.value, number, true));
  number.addEventListener("keydown", nextField);
  if (number.value) showNumber(form, type.value, number, true);
}

/**
 * Say what is wrong and where; before the number is complete only when the field was left.
 * @param {HTMLElement} form
 * @param {string} type
 * @param {HTMLInputElement} input
 * @param {boolean} left
 */
function showNumber(form, type, input, left) {
  const text = input.value.trim();
  const check = checkDocument(type, text);
  const complete = left || text.replaceAll(" ", "").length >= 18;
  const wrong = text !== "" && complete && !check.ok;
  showError(form, "document_number", wrong ? numberLine(check) : "");
  pointAt(find(form, "[data-pointer]"), wrong ? text.replaceAll(" ", "") : "", check.position);
  find(form, '[data-help="document_number"]').textContent =
    check.ok && text ? readBack(type, check.value) : "";
}

/** @param {{position?: number, problem?: string}} check */
function numberLine(check) {
  if (check.position === undefined) return say("number_wrong");
  return say("number_wrong_at", { n: check.position + 1 });
}

/** Birth and sex that the number holds, to compare with the person; nobody is asked for them. */
/** @param {string} type @param {string} value */
function readBack(type, value) {
  if (!keypadFits(type)) return "";
  const birth = birthOf(value);
  const sex = sexOf(value);
  return birth ? say("number_right", { birth, sex: sex ? say(`sex_${sex}`) : "" }) : "";
}

/** The number with its wrong character marked. @param {HTMLElement} line @param {string} text @param {number} [position] */
function pointAt(line, text, position) {
  line.hidden = !text || position === undefined;
  if (line.hidden || position === undefined) return;
  const mark = document.createElement("mark");
  mark.textContent = text[position] ?? "＿";
  line.replaceChildren(text.slice(0, position), mark, text.slice(position + 1));
}

/** @param {HTMLElement} form */
function showPhone(form) {
  const { value } = /** @type {HTMLInputElement} */ (find(form, '[name="phone"]'));
  showError(form, "phone", value && !phoneIsRight(value) ? say("phone_wrong") : "");
}

/** @param {HTMLElement} form @param {string} name @param {string} line */
function showError(form, name, line) {
  const input = find(form, `[name="${name}"]`);
  input.setAttribute("aria-invalid", String(Boolean(line)));
  const place = form.querySelector(`[data-error="${name}"]`);
  if (!(place instanceof HTMLElement)) return;
  place.textContent = line;
  place.hidden = !line;
}

/**
 * @param {HTMLElement} form
 * @param {Binding} binding
 * @param {string} name
 * @param {any[]} codes
 * @param {string | null | undefined} chosen
 */
function bindChips(form, binding, name, codes, chosen) {
  const box = find(form, `[data-chips="${name}"]`);
  for (const code of codes) {
    const chip = make("t-choice-radio", { label: word(code) });
    const input = /** @type {HTMLInputElement} */ (find(chip, "input"));
    input.name = `${name}-${binding.entry.occupancy}`;
    input.checked = code.code === String(chosen ?? "");
    input.addEventListener("change", () =>
      binding.edit((entry) => put(entry, binding.known, name, code.code)),
    );
    box.append(chip);
  }
}
