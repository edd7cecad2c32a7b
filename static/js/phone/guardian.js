// Children under 14 are counted; a name is kept only when a guardian agrees, and that is recorded.
import { birthOf } from "../offline/documents.js";
import { find } from "./bind.js";
import { field } from "./fields.js";

const COUNTED_UNTIL = 14;

/** Whether a document number is that of a child today. @param {string | undefined} number */
export function isChild(number) {
  const birth = birthOf(number ?? "");
  if (!birth) return false;
  const [year, month, day] = birth.split("-").map(Number);
  return new Date(year + COUNTED_UNTIL, month - 1, day) > new Date();
}

/**
 * @param {HTMLElement} form
 * @param {import("./fields.js").Binding & {countOnly?: () => void}} binding  `countOnly` of somebody new: whom the
 *   register knows is counted already, and a visit cannot take a name from it
 * @returns {() => void} looks again whether the number is a child's
 */
export function bindGuardian(form, { entry, edit, countOnly }) {
  const consent = field(form, "guardian_consent");
  consent.checked = Boolean(entry.guardian_consent);
  consent.addEventListener("change", () =>
    edit((one) => {
      if (consent.checked) one.guardian_consent = true;
      else delete one.guardian_consent;
    }),
  );
  if (countOnly) find(form, "[data-count-only]").addEventListener("click", countOnly);
  const look = () => {
    find(form, "[data-child]").hidden = !isChild(entry.document_number);
  };
  look();
  return look;
}
