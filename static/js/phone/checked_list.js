// "Whole list checked" and what was found: findings always name their list, and a tap by mistake leaves nothing behind.
import { differs } from "./known_entries.js";
import { hasChanges } from "./visit_outcome.js";

/** @typedef {{checklist: any, unchanged: any}} Said */

/** What was said of the list before anything was found, by finding. @type {Map<string, Said>} */
const before = new Map();

/**
 * The worker's own word. With findings the list stays named when it is unticked: they are nothing without it.
 * @param {any} body
 * @param {any} list  of this phone
 * @param {boolean} checked
 */
export function tickList(body, list, checked) {
  for (const { id } of body.findings ?? []) before.delete(id);
  if (checked && list) body.checklist = { ...nameOf(list), checked };
  else if (body.findings?.length) body.checklist = { ...nameOf(body.checklist ?? list), checked: false };
  else delete body.checklist;
}

/** @param {any} list */
function nameOf({ code, version }) {
  return { code, version };
}

/** Found is not gone through: only the worker's own tick says so, and "nothing changed" is none. @param {any} body @param {any} finding @param {any} list */
export function addFinding(body, finding, list) {
  const [other] = body.findings ?? [];
  const said = other ? before.get(other.id) : { checklist: body.checklist, unchanged: body.unchanged };
  body.findings = [...(body.findings ?? []), finding];
  body.checklist = { ...nameOf(list), checked: Boolean(body.checklist?.checked && !body.unchanged) };
  delete body.unchanged;
  if (said) before.set(finding.id, said);
}

/**
 * With the last finding goes what it had said of the list.
 * @param {any} body
 * @param {any} finding
 * @returns {(body: any) => void}  the way back
 */
export function removeFinding(body, finding) {
  const { checklist, unchanged } = body;
  body.findings = body.findings.filter((/** @type {any} */ one) => one.id !== finding.id);
  if (!body.findings.length) restore(body, before.get(finding.id));
  return (later) => {
    later.findings = [...(later.findings ?? []), finding];
    set(later, { checklist, unchanged });
  };
}

/** @param {any} body @param {Said | undefined} said */
function restore(body, said) {
  delete body.findings;
  if (!said) return;
  set(body, said);
  if (hasChanges(body)) differs(body);
}

/** @param {any} body @param {Said} said */
function set(body, said) {
  for (const key of /** @type {const} */ (["checklist", "unchanged"])) {
    if (said[key] === undefined) delete body[key];
    else body[key] = said[key];
  }
}

/** A draft whose findings have lost their list gets it back. @param {any} body @param {any} list */
export function nameList(body, list) {
  if (list && body.findings?.length && !body.checklist) tickList(body, list, false);
}

/** A list that nobody went through, and in which nothing was found, is not sent. @param {any} body */
export function tidyList(body) {
  if (!body.findings?.length && !body.checklist?.checked) delete body.checklist;
}
