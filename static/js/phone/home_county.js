// The county where somebody is registered at home: filled in from an identity number, theirs to correct or to leave out.
import { checkCounty, checkDocument } from "../offline/documents.js";
import { find } from "./bind.js";
import { bindText, field, put, showFault } from "./fields.js";

/** Of all documents only the identity card's number begins with it. */
const IDENTITY_CARD = "111";

/**
 * What the number says of it, undefined while that cannot be told.
 * @param {string} type  a code of document_type
 * @param {string} number
 */
export function countyOf(type, number) {
  if (type !== IDENTITY_CARD || number.trim() === "") return "";
  const { ok, value } = checkDocument(type, number);
  return ok ? value.slice(0, 6) : undefined;
}

/**
 * @param {HTMLElement} form
 * @param {import("./fields.js").Binding} binding
 * @returns {(type: string, number?: string) => void}  hears of the document, and of its number when that was entered
 */
export function bindCounty(form, binding) {
  const input = field(form, "home_county");
  const place = /** @type {HTMLElement} */ (input.closest(".field"));
  const told = find(form, '[data-help="home_county"]');
  bindText(form, binding, "home_county");
  const { home_county, document_number } = binding.entry;
  // What was filled in before the page was left still follows the number.
  let filled =
    home_county && countyOf(IDENTITY_CARD, document_number ?? "") === home_county ? home_county : "";
  const show = (/** @type {string} */ type) => {
    place.hidden = type !== IDENTITY_CARD && input.value === "";
    told.hidden = input.value === "" || input.value !== filled;
  };
  let own = input.value !== filled;
  input.addEventListener("input", () => {
    own = true;
    told.hidden = true;
  });
  const judge = () => showFault(form, "home_county", checkCounty, "county_wrong");
  input.addEventListener("blur", judge);
  return (type, number) => {
    const county = number === undefined ? undefined : countyOf(type, number);
    if (!own && county !== undefined && county !== input.value) {
      input.value = filled = county;
      binding.edit((entry) => put(entry, binding, "home_county", county));
      judge();
    }
    show(type);
  };
}
