// The last tidying of a visit before it is sent: what does not apply is left out, numbers take their normal form.
import { checkCounty, checkCreditCode, checkDocument, checkPhone } from "../offline/documents.js";
import { tidyList } from "./checked_list.js";
import { isChild } from "./guardian.js";
import { tidyPaper } from "./paper_answer.js";
import { documentOf } from "./visit_checks.js";

const ONLY_DONE = [
  "consent",
  "notice",
  "unchanged",
  "dwelling_changes",
  "people_confirmed",
  "occupants",
  "workplaces",
  "checklist",
  "findings",
  "rechecks",
  "hazard_notice",
  "requests",
];

const LISTS = ["occupants", "workplaces", "findings", "rechecks", "requests"];

/** Leave out what does not apply, and lists that are empty. @param {any} body @param {any} [view]  what the register knows */
export function tidy(body, view) {
  if (body.outcome !== "done") for (const key of ONLY_DONE) delete body[key];
  if (body.outcome !== "rescheduled") delete body.come_again_on;
  for (const key of LISTS) if (body[key]?.length === 0) delete body[key];
  if (body.dwelling_changes && Object.keys(body.dwelling_changes).length === 0) delete body.dwelling_changes;
  for (const person of body.occupants ?? []) tidyPerson(person, view);
  for (const entry of body.workplaces ?? []) {
    const code = entry.credit_code && checkCreditCode(entry.credit_code);
    if (code?.ok) entry.credit_code = code.value;
    tidyPhone(entry, "contact_phone");
  }
  tidyPhone(body.dwelling_changes ?? {}, "lessor_phone");
  tidyList(body);
  tidyPaper(body);
}

/** @param {any} person @param {any} view */
function tidyPerson(person, view) {
  // A child whose number only the version before holds is still one.
  if (!isChild(person.document_number) && (person.document_number || !person.document))
    delete person.guardian_consent;
  // Shown in a correction, never sent back: a number that is not typed again stays as it was.
  delete person.document;
  delete person.phone_masked;
  if (person.document_number) {
    const known = view?.occupants?.find((/** @type {any} */ one) => one.id === person.occupancy);
    person.document_type = documentOf(person, known);
    person.document_number = checkDocument(person.document_type, person.document_number).value;
  }
  if (person.home_county) person.home_county = checkCounty(person.home_county).value;
  tidyPhone(person, "phone");
}

/** @param {any} entry @param {string} key */
function tidyPhone(entry, key) {
  if (entry[key]) entry[key] = checkPhone(entry[key]).value;
}
