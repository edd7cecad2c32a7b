// What must be right before a visit can be finished, and the last tidying of what will be sent.
import { checkCreditCode, checkDocument, checkMobile } from "../offline/documents.js";
import { tidyList } from "./checked_list.js";
import { isChild } from "./guardian.js";
import { paperProblem, tidyPaper } from "./paper_answer.js";
import { say } from "./texts.js";
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

/** What the contract takes: whole numbers of a dwelling, its area, heads of a place of work. @type {[string, number][]} */
const FACTS = [
  ["rooms", 200],
  ["rooms_let", 200],
  ["headcount", 1000],
  ["children", 1000],
];
const AREA = 100_000;
const HEADS = 100_000;

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
  return (
    first(toRecheck(visit), (finding) => recheckProblem(body, finding)) ??
    first(body.findings, findingProblem) ??
    first(body.workplaces, workplaceProblem) ??
    first(body.occupants, personProblem) ??
    dwellingProblem(body.dwelling_changes ?? {}) ??
    noticeProblem(body)
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

/** @param {any} facts @returns {Missing | null} */
function dwellingProblem(facts) {
  const at = (/** @type {string} */ name) => `[data-fact="${name}"]`;
  const wrong = first(FACTS, ([name, most]) => numberProblem(facts[name], most, at(name)));
  if (wrong) return wrong;
  const { floor_area_m2: area, lessor_phone: phone } = facts;
  if (area < 0 || area > AREA)
    return { line: say("number_between", { most: AREA }), at: at("floor_area_m2") };
  return phone && !phoneIsRight(phone) ? { line: say("phone_wrong"), at: "[data-fact-phone]" } : null;
}

/** @param {unknown} value @param {number} most @param {string} at @returns {Missing | null} */
function numberProblem(value, most, at) {
  if (value === undefined || value === null) return null;
  const right = Number.isInteger(value) && Number(value) >= 0 && Number(value) <= most;
  return right ? null : { line: say("whole_number_between", { most }), at };
}

/** An answer holds for the list that was shown, and a signature only with "Signed". @param {any} body @returns {Missing | null} */
function noticeProblem(body) {
  const why = paperProblem(body);
  return why ? { line: say(why), at: "[data-paper-open]" } : null;
}

/** @param {any} entry @returns {Missing | null} */
function workplaceProblem(entry) {
  const at = (/** @type {string} */ name) => `[data-workplace="${entry.workplace}"] [name="${name}"]`;
  if (entry.action === "add" && !entry.name) return { line: say("need_workplace"), at: at("name") };
  if (entry.contact_phone && !phoneIsRight(entry.contact_phone))
    return { line: say("phone_wrong"), at: at("contact_phone") };
  const heads = ["headcount", "dormitory_headcount"];
  return first(heads, (/** @type {any} */ name) => numberProblem(entry[name], HEADS, at(name)));
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
  tidyList(body);
  tidyPaper(body);
}
