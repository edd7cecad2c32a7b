// Outcome, consent, and "nothing changed": the top of the visit page.
import { all, find, make } from "./bind.js";
import * as lists from "./lists.js";
import { known, say, word } from "./texts.js";

/** @typedef {import("./visit.js").Visit} Visit */

/** @param {HTMLElement} section @param {() => Visit} current */
export function bindOutcome(section, current) {
  find(section, "[data-outcomes]").addEventListener("change", (event) => {
    const { value } = /** @type {HTMLInputElement} */ (event.target);
    current().change((body) => {
      body.outcome = value;
    });
  });
  const consent = /** @type {HTMLInputElement} */ (find(section, "[data-consent]"));
  consent.addEventListener("change", () =>
    current().change((body) => {
      body.consent = consent.checked;
    }),
  );
  find(section, "[data-unchanged]").addEventListener("click", () => void sayUnchanged(current()));
  section.addEventListener("visit:changed", () => reflect(section, current().body));
}

/** @param {HTMLElement} section @param {Visit} visit */
export async function showOutcome(section, visit) {
  const outcomes = await lists.codes("visit_outcome");
  const chips = outcomes.map((/** @type {any} */ code) => {
    const chip = make("t-choice-radio", { label: word(code) });
    const input = /** @type {HTMLInputElement} */ (find(chip, "input"));
    input.name = "outcome";
    input.value = code.code;
    input.checked = visit.body.outcome === code.code;
    return chip;
  });
  find(section, "[data-outcomes]").replaceChildren(...chips);
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
