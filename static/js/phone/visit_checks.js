// What must be right before a visit can be finished: nothing that passes here is set aside at the desk for its form.
import { today } from "../offline/days.js";
import { checkCounty, checkDocument, checkPhone } from "../offline/documents.js";
import { isChild } from "./guardian.js";
import { paperProblem } from "./paper_answer.js";
import { say } from "./texts.js";
import { hasContent } from "./visit_outcome.js";
import { toRecheck } from "./visit_rechecks.js";

/** What the contract takes: whole numbers of a dwelling, its area, heads of a place of work. @type {[string, number][]} */
const FACTS = [
  ["rooms", 200],
  ["rooms_let", 200],
  ["headcount", 1000],
  ["children", 1000],
];
const AREA = 100_000;
const HEADS = 100_000;
const NUMBER = 30;

/** So many of a kind in one visit, and where more of them are asked for. @type {[string, number, string][]} */
const MOST = [
  ["occupants", 200, "[data-add-person]"],
  ["workplaces", 20, "[data-add-workplace]"],
  ["findings", 60, "[data-checked]"],
  ["rechecks", 60, "[data-open-list] input"],
];

/** @typedef {{line: string, at: string}} Missing */

/**
 * The first thing that is missing or wrong, with a selector of where.
 * @param {import("./visit.js").Visit} visit
 * @returns {Missing | null}
 */
export function firstProblem(visit) {
  const { body, view } = visit;
  if (!body.outcome) return { line: say("need_outcome"), at: "[data-outcomes] input" };
  if (body.outcome !== "done")
    return hasContent(body) ? { line: say("left_out"), at: "[data-leave-out]" } : null;
  return (
    first(toRecheck(visit), (finding) => recheckProblem(body, finding)) ??
    first(body.findings, findingProblem) ??
    first(body.workplaces, (entry) => workplaceProblem(entry, rowOf(view.workplaces, entry.workplace))) ??
    first(body.occupants, (entry) => personProblem(entry, rowOf(view.occupants, entry.occupancy))) ??
    dwellingProblem(body.dwelling_changes ?? {}, view.door) ??
    first(body.requests, (request) => requestProblem(request, visit.returned)) ??
    first(MOST, ([list, most, at]) =>
      body[list]?.length > most ? { line: say("too_many", { most }), at } : null,
    ) ??
    noticeProblem(body)
  );
}

/** What the register knows of it. @param {any[] | undefined} rows @param {string} id */
function rowOf(rows, id) {
  return rows?.find((/** @type {any} */ row) => row.id === id);
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
  const all = body.unchanged || body.checklist?.checked || body.findings?.length;
  if (!said) return all ? { line: say("need_recheck"), at: `${at} [data-results] input` } : null;
  if (said.passed && !said.photos?.length) return { line: say("need_new_photo"), at: `${at} [data-shoot]` };
  return null;
}

/** @param {any} finding @returns {Missing | null} */
function findingProblem(finding) {
  if (finding.action) return null;
  return { line: say("need_action"), at: `[data-finding="${finding.id}"] [data-actions] input` };
}

/** Hazards and people about whom was reminded: once, as a camera may be broken, and some do not want to say. @type {Set<string>} */
const reminded = new Set();

/** What the desk never sees is asked for before it is sent. @param {any} body @returns {Missing | null} */
export function photoMissing({ outcome, findings = [] }) {
  if (outcome !== "done") return null;
  const [one, ...more] = findings.filter(
    (/** @type {any} */ { id, action, photos }) =>
      action !== "notice_left" && !photos?.length && !reminded.has(id),
  );
  for (const { id } of one ? [one, ...more] : []) reminded.add(id);
  return one ? { line: say("no_photo_yet"), at: `[data-finding="${one.id}"] [data-shoot]` } : null;
}

/** What the rules ask of everybody who is added, as the table of purposes has it. */
const STATUTORY = ["document_number", "phone", "moved_in_on"];

/**
 * What of it a new person was not asked, once: it can be left, and the same help is given.
 * @param {any} body @returns {Missing | null}
 */
export function notAsked({ outcome, occupants = [] }) {
  if (outcome !== "done") return null;
  const left = (/** @type {any} */ person) => STATUTORY.find((name) => isUnsaid(person, name));
  const [one, ...more] = occupants.filter(
    (/** @type {any} */ person) =>
      person.action === "add" && !reminded.has(person.occupancy) && left(person) !== undefined,
  );
  for (const { occupancy } of one ? [one, ...more] : []) reminded.add(occupancy);
  return one
    ? { line: say("left_empty"), at: `[data-occupancy="${one.occupancy}"] [name="${left(one)}"]` }
    : null;
}

/** In a correction, what the version before said stands masked in its place. @param {any} person @param {string} name */
function isUnsaid(person, name) {
  const before = { document_number: "document", phone: "phone_masked" }[name] ?? name;
  return !person[name] && !person[before];
}

/** @param {any} facts @param {any} door  as the register knows it @returns {Missing | null} */
function dwellingProblem(facts, door) {
  const at = (/** @type {string} */ name) => `[data-fact="${name}"]`;
  const wrong = first(FACTS, ([name, most]) => numberProblem(facts[name], most, at(name)));
  if (wrong) return wrong;
  const { floor_area_m2: area, lessor_phone: phone } = facts;
  if (area < 0 || area > AREA)
    return { line: say("number_between", { most: AREA }), at: at("floor_area_m2") };
  if (phone && !checkPhone(phone).ok) return { line: say("phone_wrong"), at: "[data-fact-phone]" };
  return partProblem(facts, door, "headcount", "children", at);
}

/** @param {unknown} value @param {number} most @param {string} at @returns {Missing | null} */
function numberProblem(value, most, at) {
  if (value === undefined || value === null) return null;
  const right = Number.isInteger(value) && Number(value) >= 0 && Number(value) <= most;
  return right ? null : { line: say("whole_number_between", { most }), at };
}

/**
 * Some of them cannot be more than all of them; asked about only where one of the two was said.
 * @param {any} said @param {any} known @param {string} all @param {string} some @param {(name: string) => string} at
 * @returns {Missing | null}
 */
function partProblem(said, known, all, some, at) {
  const now = { ...known, ...said };
  const anew = all in said || some in said;
  return anew && now[all] != null && now[some] > now[all]
    ? { line: say("more_than_all"), at: at(some) }
    : null;
}

/** An answer holds for the list that was shown, and a signature only with "Signed". @param {any} body @returns {Missing | null} */
function noticeProblem(body) {
  const why = paperProblem(body);
  return why ? { line: say(why), at: "[data-paper-open]" } : null;
}

/** @param {any} entry @param {any} known @returns {Missing | null} */
function workplaceProblem(entry, known) {
  const at = (/** @type {string} */ name) => `[data-workplace="${entry.workplace}"] [name="${name}"]`;
  if (entry.action === "add" && !entry.name) return { line: say("need_workplace"), at: at("name") };
  if (entry.contact_phone && !checkPhone(entry.contact_phone).ok)
    return { line: say("phone_wrong"), at: at("contact_phone") };
  const heads = ["headcount", "dormitory_headcount"];
  const wrong = first(heads, (/** @type {any} */ name) => numberProblem(entry[name], HEADS, at(name)));
  return wrong ?? partProblem(entry, known, "headcount", "dormitory_headcount", at);
}

/** @param {any} person @param {any} known @returns {Missing | null} */
function personProblem(person, known) {
  const row = `[data-occupancy="${person.occupancy}"]`;
  const at = (/** @type {string} */ name) => `${row} [name="${name}"]`;
  if (person.action === "add" && !person.name) return { line: say("need_name"), at: at("name") };
  if (isChild(person.document_number) && !person.guardian_consent)
    return {
      line: say(person.action === "add" ? "need_guardian" : "need_guardian_known"),
      at: at("guardian_consent"),
    };
  if (person.document_number ? !numberFits(person, known) : isOtherKind(person, known))
    return { line: say("number_wrong"), at: at("document_number") };
  if (person.home_county && !checkCounty(person.home_county).ok)
    return { line: say("county_wrong"), at: at("home_county") };
  if (person.phone && !checkPhone(person.phone).ok) return { line: say("phone_wrong"), at: at("phone") };
  if (!hasCome(person.moved_in_on)) return { line: say("day_wrong"), at: at("moved_in_on") };
  return hasCome(person.moved_out_on) && !(person.moved_out_on < known?.moved_in_on)
    ? null
    : { line: say("day_wrong"), at: `${row} [data-moved-on] input` };
}

/** @param {any} person @param {any} known */
function numberFits(person, known) {
  const { ok, value } = checkDocument(documentOf(person, known), person.document_number);
  return ok && value.length <= NUMBER;
}

/** The register's number is none of another kind of document, which comes without one. @param {any} person @param {any} known */
function isOtherKind(person, known) {
  return (
    person.action === "change" && !person.document && documentOf(person, known) !== documentOf({}, known)
  );
}

/** What is not chosen anew is as the register knows it. @param {any} person @param {any} known @returns {string} */
export function documentOf(person, known) {
  return person.document_type ?? known?.document_type ?? "111";
}

/** A year may be typed with five digits. @param {string} on */
function isDay(on) {
  return /^\d{4}-\d{2}-\d{2}$/.test(on);
}

/** @param {string | null | undefined} on */
function hasCome(on) {
  return !on || (isDay(on) && on > "19" && on <= today());
}

/** Nobody is reminded before tomorrow; a correction may come after the day. @param {any} request @param {any} returned @returns {Missing | null} */
function requestProblem({ id, remind_on: on }, returned) {
  const isSaid = (/** @type {any} */ one) => one.remind_on === on;
  if (!on || (isDay(on) && on > today()) || returned?.body?.requests?.some(isSaid)) return null;
  return { line: say("day_wrong"), at: `[data-request="${id}"] [data-remind]` };
}
