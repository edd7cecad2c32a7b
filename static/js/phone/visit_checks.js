// What must be right before a visit can be finished, and the last tidying of what will be sent.
import { checkCreditCode, checkDocument, checkMobile } from "../offline/documents.js";
import { noticeCode } from "../offline/ids.js";
import { isChild } from "./guardian.js";
import { say } from "./texts.js";
import { listed } from "./visit_paper.js";
import { toRecheck } from "./visit_rechecks.js";

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

/** @typedef {{line: string, at: string}} Missing */

/**
 * The first thing that is missing or wrong, with a selector of where.
 * @param {import("./visit.js").Visit} visit
 * @returns {Missing | null}
 */
export function firstProblem(visit) {
  const { body } = visit;
  if (!body.outcome) return { line: say("need_outcome"), at: "[data-outcomes] input" };
  if (body.outcome !== "done") return null;
  const lessor = body.dwelling_changes?.lessor_phone;
  return (
    first(toRecheck(visit), (finding) => recheckProblem(body, finding)) ??
    first(body.findings, findingProblem) ??
    first(body.workplaces, workplaceProblem) ??
    first(body.occupants, personProblem) ??
    (lessor && !phoneIsRight(lessor) ? { line: say("phone_wrong"), at: "[data-fact-phone]" } : null)
  );
}

/** @param {any[] | undefined} rows @param {(row: any) => Missing | null} judge @returns {Missing | null} */
function first(rows, judge) {
  for (const row of rows ?? []) {
    const wrong = judge(row);
    if (wrong) return wrong;
  }
  return null;
}

/** "All in order" does not pass over what was open: each is asked for. @param {any} body @param {any} finding */
function recheckProblem(body, finding) {
  const at = `[data-recheck="${finding.id}"]`;
  const said = (body.rechecks ?? []).find((/** @type {any} */ one) => one.finding === finding.id);
  const all = body.unchanged || body.checklist?.checked;
  if (!said) return all ? { line: say("need_recheck"), at: `${at} [data-results] input` } : null;
  if (said.passed && !said.photos?.length) return { line: say("need_new_photo"), at: `${at} [data-shoot]` };
  return null;
}

/** @param {any} finding @returns {Missing | null} */
function findingProblem(finding) {
  if (finding.action) return null;
  return { line: say("need_action"), at: `[data-finding="${finding.id}"] [data-actions] input` };
}

/** @param {any} entry @returns {Missing | null} */
function workplaceProblem(entry) {
  const at = (/** @type {string} */ name) => `[data-workplace="${entry.workplace}"] [name="${name}"]`;
  if (entry.action === "add" && !entry.name) return { line: say("need_workplace"), at: at("name") };
  if (entry.contact_phone && !phoneIsRight(entry.contact_phone))
    return { line: say("phone_wrong"), at: at("contact_phone") };
  return null;
}

/** @param {any} person @returns {Missing | null} */
function personProblem(person) {
  const at = (/** @type {string} */ name) => `[data-occupancy="${person.occupancy}"] [name="${name}"]`;
  if (person.action === "add" && !person.name) return { line: say("need_name"), at: at("name") };
  if (isChild(person.document_number) && !person.guardian_consent)
    return { line: say("need_guardian"), at: at("guardian_consent") };
  if (person.document_number && !checkDocument(person.document_type ?? "111", person.document_number).ok)
    return { line: say("number_wrong"), at: at("document_number") };
  if (person.phone && !phoneIsRight(person.phone)) return { line: say("phone_wrong"), at: at("phone") };
  return null;
}

/** A mobile number, or a landline that we do not judge. @param {string} text */
export function phoneIsRight(text) {
  return !/^(\+?86)?\s*1/.test(text) || checkMobile(text).ok;
}

/** Leave out what does not apply, and lists that are empty. @param {any} body */
export function tidy(body) {
  if (body.outcome !== "done") for (const key of ONLY_DONE) delete body[key];
  for (const key of LISTS) if (body[key]?.length === 0) delete body[key];
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
  for (const entry of body.workplaces ?? []) {
    if (entry.contact_phone && checkMobile(entry.contact_phone).ok)
      entry.contact_phone = checkMobile(entry.contact_phone).value;
    if (entry.credit_code) entry.credit_code = checkCreditCode(entry.credit_code).value;
  }
  tidyPaper(body);
}

/** A notice that was said to be left gets its number, also when nobody looked at it on the screen. @param {any} body */
function tidyPaper(body) {
  const left = (body.findings ?? []).some((/** @type {any} */ one) => one.action === "notice_left");
  if (listed(body).length === 0 || (!left && !body.hazard_notice?.response)) delete body.hazard_notice;
  else body.hazard_notice = { response: "left", code: noticeCode(), ...body.hazard_notice };
}
