// Outcome, consent, and "nothing changed": the top of the visit page.
import { all, find, hide, write } from "./bind.js";
import { drawChoices, tick } from "./choices.js";
import { comeAgainAnew } from "./come_again.js";
import * as lists from "./lists.js";
import { go } from "./router.js";
import { beside, known, say } from "./texts.js";
import { toast } from "./toast.js";

/** @typedef {import("./visit.js").Visit} Visit */

/** What is sent with "visited" only, as far as it was entered by hand. */
const CONTENT = [
  ...["findings", "rechecks", "hazard_notice", "occupants", "workplaces", "requests"],
  "dwelling_changes",
];
const UNDO_LASTS = 8000;

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
  find(section, "[data-leave-out]").addEventListener("click", () => void leaveOut(current()));
  section.addEventListener("visit:changed", () => reflect(section, current().body));
}

/** Whether something was entered that does not go with another outcome. @param {any} body */
export function hasContent(body) {
  return [
    hasChanges(body),
    ...[body.findings, body.rechecks, body.requests].map((list) => list?.length),
  ].some(Boolean);
}

/** Only the outcome is told; what was entered can be had back for some seconds. @param {Visit} visit */
async function leaveOut({ draft, change }) {
  const shownAnew = () => go(`/phone/visit#${draft.id}`, { replace: true });
  /** @type {Record<string, any>} */
  const entered = {};
  change((body) => {
    for (const key of CONTENT) {
      if (key in body) entered[key] = body[key];
      delete body[key];
    }
  });
  await shownAnew();
  const undo = () => {
    open().change((body) => Object.assign(body, entered));
    void shownAnew();
  };
  toast(say("left_out_done"), { undo, lasts: UNDO_LASTS, here: true });
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

/** What was said of people and list before "nothing changed" said it. @type {WeakMap<Visit, any>} */
const before = new WeakMap();

/** Said again, it is taken back. @param {Visit} visit */
async function sayUnchanged(visit) {
  const list = await lists.checklist();
  visit.change((body) => {
    if (isAllGood(body)) {
      for (const key of ["unchanged", "checklist", "people_confirmed"]) delete body[key];
      Object.assign(body, before.get(visit));
      return;
    }
    const { checklist, people_confirmed } = body;
    before.set(visit, { ...(checklist && { checklist }), ...(people_confirmed && { people_confirmed }) });
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

/** @param {string | undefined} on */
function putOff(on) {
  open().change((body) => {
    if (on) body.come_again_on = on;
    else delete body.come_again_on;
  });
}

/** @param {HTMLElement} section @param {any} body */
function reflect(section, body) {
  const done = body.outcome === "done";
  for (const part of all(section, "[data-only-done]")) hide(part, !done);
  /** @type {HTMLInputElement} */ (find(section, "[data-consent]")).checked = Boolean(body.consent);
  const again = find(section, "[data-come-again]");
  hide(again, body.outcome !== "rescheduled");
  if (!again.hidden) comeAgainAnew(find(again, "div"), body.come_again_on, putOff);
  hide(find(section, "[data-left-out]"), done || !body.outcome || !hasContent(body));
  const button = find(section, "[data-unchanged]");
  button.setAttribute("aria-pressed", String(isAllGood(body)));
  const state = [
    known(`state_${body.outcome}`) ? say(`state_${body.outcome}`) : "",
    done && body.consent ? say("agreed") : "",
  ];
  write(find(section, "[data-outcome-state]"), beside(state) || say("not_said"));
  hide(button, !done || hasChanges(body) || Boolean(body.findings?.length));
}
