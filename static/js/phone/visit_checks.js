// What must be right before a visit can be finished, and the last tidying of what will be sent.
import { checkDocument, checkMobile } from "../offline/documents.js";
import { say } from "./texts.js";

const ONLY_DONE = [
  "consent",
  "notice",
  "unchanged",
  "dwelling_changes",
  "occupants",
  "checklist",
  "findings",
  "requests",
];

/**
 * The first thing that is missing or wrong, with a selector of where.
 * @param {any} body
 * @returns {{line: string, at: string} | null}
 */
export function firstProblem(body) {
  if (!body.outcome) return { line: say("need_outcome"), at: "[data-outcomes] input" };
  if (body.outcome !== "done") return null;
  for (const finding of body.findings ?? []) {
    if (!finding.action)
      return { line: say("need_action"), at: `[data-finding="${finding.id}"] [data-actions] input` };
  }
  for (const person of body.occupants ?? []) {
    const wrong = personProblem(person);
    if (wrong)
      return { line: wrong.line, at: `[data-occupancy="${person.occupancy}"] [name="${wrong.field}"]` };
  }
  const lessor = body.dwelling_changes?.lessor_phone;
  if (lessor && !phoneIsRight(lessor)) return { line: say("phone_wrong"), at: "[data-fact-phone]" };
  return null;
}

/** @param {any} person @returns {{line: string, field: string} | null} */
function personProblem(person) {
  if (person.action === "add" && !person.name) return { line: say("need_name"), field: "name" };
  if (person.document_number && !checkDocument(person.document_type ?? "111", person.document_number).ok) {
    return { line: say("number_wrong"), field: "document_number" };
  }
  if (person.phone && !phoneIsRight(person.phone)) return { line: say("phone_wrong"), field: "phone" };
  return null;
}

/** A mobile number, or a landline that we do not judge. @param {string} text */
export function phoneIsRight(text) {
  return !/^(\+?86)?\s*1/.test(text) || checkMobile(text).ok;
}

/** Leave out what does not apply, and lists that are empty. @param {any} body */
export function tidy(body) {
  if (body.outcome !== "done") for (const key of ONLY_DONE) delete body[key];
  for (const key of ["occupants", "findings", "requests"]) if (body[key]?.length === 0) delete body[key];
  if (body.dwelling_changes && Object.keys(body.dwelling_changes).length === 0) delete body.dwelling_changes;
  for (const person of body.occupants ?? []) {
    // Shown in a correction, never sent back: a number that is not typed again stays as it was.
    delete person.document;
    delete person.phone_masked;
    if (person.document_number) {
      person.document_number = checkDocument(person.document_type ?? "111", person.document_number).value;
    }
    if (person.phone && checkMobile(person.phone).ok) person.phone = checkMobile(person.phone).value;
  }
}
