// The fields of one person, for somebody new or for changes to somebody known; numbers are checked while typing.
import { today } from "../offline/days.js";
import { birthOf, checkDocument, sexOf } from "../offline/documents.js";
import { fill, find, make } from "./bind.js";
import {
  bindChips,
  bindText,
  field,
  nextField,
  pointAt,
  put,
  showChosen,
  showError,
  showPhone,
} from "./fields.js";
import { bindGuardian } from "./guardian.js";
import { bindCounty } from "./home_county.js";
import { attachKeypad, keypadFits } from "./keypad.js";
import { fullDay, say, word } from "./texts.js";

/** @typedef {import("./fields.js").Binding} Binding */

/** @param {Binding & {countOnly?: () => void}} binding */
export function personForm(binding) {
  const { entry, known } = binding;
  const form = make("t-person-form");
  fill(form, { adding: !known, known: Boolean(known) });
  form.dataset.occupancy = form.dataset.entry = entry.occupancy;
  bindText(form, binding, "name");
  bindText(form, binding, "phone", { value: entry.phone ?? "", masked: known?.phone ?? entry.phone_masked });
  bindText(form, binding, "moved_in_on");
  field(form, "moved_in_on").max = today();
  const child = bindGuardian(form, binding);
  bindDocument(form, binding, child);
  bindChips(form, binding, "reason", binding.lists.stay_reason);
  bindChips(form, binding, "intended_stay", binding.lists.intended_stay);
  field(form, "phone").addEventListener("blur", () => showPhone(form, "phone"));
  return form;
}

/** @param {HTMLElement} form @param {Binding} binding @param {() => void} look  whether it is a child's number */
function bindDocument(form, binding, look) {
  const { entry, known, said, lists } = binding;
  const type = /** @type {HTMLSelectElement} */ (find(form, '[name="document_type"]'));
  const number = field(form, "document_number");
  const county = bindCounty(form, binding);
  type.append(...lists.document_type.map((code) => new Option(word(code), code.code)));
  type.value = entry.document_type ?? known?.document_type ?? "111";
  showChosen(type);
  number.value = entry.document_number ?? "";
  number.placeholder = known?.document ?? entry.document ?? "";
  attachKeypad(number, find(form, "[data-keypad]"), () => keypadFits(type.value));
  county(type.value);
  type.addEventListener("change", () => {
    showChosen(type);
    binding.edit((one) => {
      put(one, { known, said }, "document_type", type.value);
      if (one.document_number) one.document_type = type.value; // the two go together
    });
    county(type.value, number.value);
    showNumber(form, type.value, number, true);
  });
  number.addEventListener("input", () => {
    binding.edit((one) => {
      put(one, { known: null }, "document_number", number.value.replaceAll(" ", "").toUpperCase());
      if (one.document_number) one.document_type = type.value;
    });
    county(type.value, number.value);
    showNumber(form, type.value, number, false);
    look();
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
  showChosen(input);
  const text = input.value.trim();
  const check = checkDocument(type, text);
  const complete = left || check.value.length >= 18;
  const wrong = text !== "" && complete && !check.ok;
  showError(form, "document_number", wrong ? numberLine(check) : "");
  pointAt(form, "document_number", wrong ? check : null);
  find(form, '[data-help="document_number"]').textContent =
    check.ok && text ? readBack(type, check.value) : "";
}

/** @param {{position?: number, problem?: string}} check */
function numberLine(check) {
  if (check.position === undefined) return say("number_wrong");
  return say(check.problem === "check" ? "number_check" : "number_wrong_at", { n: check.position + 1 });
}

/** Birth and sex that the number holds, to compare with the person; nobody is asked for them. */
/** @param {string} type @param {string} value */
function readBack(type, value) {
  if (!keypadFits(type)) return "";
  const birth = birthOf(value);
  const sex = sexOf(value);
  return birth ? say("number_right", { birth: fullDay(birth), sex: sex ? say(`sex_${sex}`) : "" }) : "";
}
