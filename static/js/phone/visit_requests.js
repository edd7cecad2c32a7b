// What the household asks for: registration, permits, schooling and the like, each with a note in their words.
import { uuid7 } from "../offline/ids.js";
import { find, make } from "./bind.js";
import * as lists from "./lists.js";
import { say, word } from "./texts.js";

/** @typedef {import("./visit.js").Visit} Visit */

/** @param {HTMLElement} section @param {Visit} visit */
export async function showRequests(section, visit) {
  const kinds = await lists.codes("service_kind");
  const draw = () => drawNotes(section, visit, kinds);
  const chips = kinds.map((/** @type {any} */ kind) => {
    const chip = make("t-choice-check", { label: word(kind) });
    const input = /** @type {HTMLInputElement} */ (find(chip, "input"));
    input.checked = Boolean(requestOf(visit, kind.code));
    input.addEventListener("change", () => {
      ask(visit, kind.code, input.checked);
      draw();
    });
    return chip;
  });
  find(section, "[data-requests]").replaceChildren(...chips);
  draw();
}

/** @param {Visit} visit @param {string} kind */
function requestOf(visit, kind) {
  return (visit.body.requests ?? []).find((/** @type {any} */ one) => one.kind === kind);
}

/** @param {Visit} visit @param {string} kind @param {boolean} wanted */
function ask(visit, kind, wanted) {
  visit.change((body) => {
    const others = (body.requests ?? []).filter((/** @type {any} */ one) => one.kind !== kind);
    body.requests = wanted ? [...others, { id: uuid7(), kind }] : others;
  });
}

/** @param {HTMLElement} section @param {Visit} visit @param {any[]} kinds */
function drawNotes(section, visit, kinds) {
  const requests = visit.body.requests ?? [];
  const notes = requests.map((/** @type {any} */ request) => {
    const kind = kinds.find((one) => one.code === request.kind);
    const field = make("t-request-note", { label: word(kind) });
    const input = /** @type {HTMLInputElement} */ (find(field, "input"));
    input.value = request.note ?? "";
    input.addEventListener("input", () =>
      visit.change(() => {
        if (input.value.trim()) request.note = input.value.trim();
        else delete request.note;
      }),
    );
    return field;
  });
  find(section, "[data-request-notes]").replaceChildren(...notes);
  const n = requests.length;
  find(section, "[data-requests-state]").textContent = n ? say("n_requests", { n }) : say("none");
}
