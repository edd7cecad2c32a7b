// Outcome, consent, and "nothing changed": the top of the visit page.
import { all, find } from "./bind.js";
import { drawChoices, tick } from "./choices.js";
import * as lists from "./lists.js";
import { known, say } from "./texts.js";

/** @typedef {import("./visit.js").Visit} Visit */

/** The visit on the screen. @type {() => Visit} */
let open;

/** @param {HTMLElement} section @param {() => Visit} current */
export function bindOutcome(section, current) {
  open = current;
  const consent = /** @type {HTMLInputElement} */ (find(section, "[data-consent]"));
  consent.addEventListener("change", () =>
    current().change((body) => {
      body.consent = consent.checked;
    }),
  );
  find(section, "[data-unchanged]").addEventListener("click", () => void sayUnchanged(current()));
  section.addEventListener("visit:changed", () => reflect(section, current().body));
}

/** The choices, before the first visit asks for them. @param {HTMLElement} section */
export async function drawOutcomes(section) {
  const outcomes = await lists.codes("visit_outcome");
  const chosen = (/** @type {any} */ { code }) =>
    open().change((body) => {
      body.outcome = code;
    });
  drawChoices(find(section, "[data-outcomes]"), outcomes, { name: "outcome", chosen });
  return outcomes;
}

/** @param {HTMLElement} section @param {Visit} visit */
export async function showOutcome(section, visit) {
  const outcomes = await drawOutcomes(section);
  tick(find(section, "[data-outcomes]"), outcomes, ({ code }) => visit.body.outcome === code);
  /** @type {HTMLDetailsElement} */ (find(section, "[data-visit-outcome]")).open =
    visit.body.outcome !== "done";
  reflect(section, visit.body);
}

/** Said again, it is taken back. @param {Visit} visit */
async function sayUnchanged(visit) {
  const list = await lists.checklist();
  visit.change((body) => {
    if (isAllGood(body)) {
      delete body.unchanged;
      delete body.checklist;
      delete body.people_confirmed;
      return;
    }
    body.unchanged = true;
    if (visit.view.occupants.length) body.people_confirmed = true;
    if (list) body.checklist = { code: list.code, version: list.version, checked: true };
  });
}

/** @param {any} body */
export function hasChanges(body) {
  const lists = [body.occupants, body.workplaces, Object.keys(body.dwelling_changes ?? {})];
  return lists.some((list) => list?.length);
}

/** @param {any} body */
function isAllGood(body) {
  return Boolean(body.unchanged && body.checklist?.checked && !body.findings?.length);
}

/** @param {HTMLElement} section @param {any} body */
function reflect(section, body) {
  const done = body.outcome === "done";
  for (const part of all(section, "[data-only-done]")) part.hidden = !done;
  /** @type {HTMLInputElement} */ (find(section, "[data-consent]")).checked = Boolean(body.consent);
  const button = find(section, "[data-unchanged]");
  button.setAttribute("aria-pressed", String(isAllGood(body)));
  const state = [
    known(`state_${body.outcome}`) ? say(`state_${body.outcome}`) : "",
    done && body.consent ? say("agreed") : "",
  ];
  find(section, "[data-outcome-state]").textContent = state.filter(Boolean).join(" · ") || say("not_said");
  button.hidden = !done || hasChanges(body) || Boolean(body.findings?.length);
}
