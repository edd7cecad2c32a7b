// What the household asks for, with who may apply and which papers are needed where that is written down.
import { uuid7 } from "../offline/ids.js";
import { find, hide, make, write } from "./bind.js";
import { drawChoices, tick } from "./choices.js";
import * as lists from "./lists.js";
import { day, say, word } from "./texts.js";

/** @typedef {import("./visit.js").Visit} Visit */

/** The visit on the screen. @type {() => Visit} */
let open;

/** @param {() => Visit} current */
export function bindRequests(current) {
  open = current;
}

/** The choices, before the first visit asks for them. @param {HTMLElement} section */
export async function drawRequests(section) {
  const kinds = await lists.codes("service_kind");
  const chosen = (/** @type {any} */ kind, /** @type {HTMLInputElement} */ input) => {
    ask(open(), kind.code, input.checked);
    void drawCards(section, open(), kinds);
  };
  drawChoices(find(section, "[data-requests]"), kinds, {
    template: "t-choice-check",
    name: "request",
    chosen,
  });
  return kinds;
}

/** @param {HTMLElement} section @param {Visit} visit */
export async function showRequests(section, visit) {
  const kinds = await drawRequests(section);
  tick(find(section, "[data-requests]"), kinds, ({ code }) => Boolean(requestOf(visit, code)));
  await drawCards(section, visit, kinds);
}

/** @param {Visit} visit @param {string} kind */
function requestOf(visit, kind) {
  return (visit.body.requests ?? []).find((/** @type {any} */ one) => one.kind === kind);
}

/** What was typed is there again after a second tap and a third. @param {Visit} visit @param {string} kind @param {boolean} wanted */
function ask(visit, kind, wanted) {
  visit.asked ??= {};
  visit.asked[kind] ??= requestOf(visit, kind) ?? { id: uuid7(), kind };
  const request = visit.asked[kind];
  visit.change((body) => {
    const others = (body.requests ?? []).filter((/** @type {any} */ one) => one.kind !== kind);
    body.requests = wanted ? [...others, request] : others;
  });
}

/** @param {HTMLElement} section @param {Visit} visit @param {any[]} kinds */
async function drawCards(section, visit, kinds) {
  const guides = new Map();
  for (const { kind } of visit.body.requests ?? []) guides.set(kind, await lists.guide(kind));
  // As it is said now: another tap may have come while this was read.
  const requests = visit.body.requests ?? [];
  const cards = requests.map((/** @type {any} */ request) => {
    const kind = kinds.find((one) => one.code === request.kind);
    return card(visit, request, word(kind), guides.get(request.kind));
  });
  find(section, "[data-request-notes]").replaceChildren(...cards);
  const n = requests.length;
  write(find(section, "[data-requests-state]"), n ? say("n_requests", { n }) : say("none"));
}

/** @param {Visit} visit @param {any} request @param {string} label @param {any} guide */
function card(visit, request, label, guide) {
  const source = guide ? say("guide_source", { source: word(guide.source), day: day(guide.as_of) }) : "";
  const box = make("t-request", { label, intro: word(guide?.intro), source });
  box.dataset.request = request.id;
  bindEntry(visit, request, "note", find(box, "[data-request-note]"));
  if (!guide) return box;
  hide(find(box, "[data-guide]"), false);
  const verdict = () => showVerdict(box, guide, request);
  ticks(find(box, "[data-conditions]"), visit, request, "eligibility", guide.conditions, verdict);
  ticks(find(box, "[data-papers]"), visit, request, "papers", guide.papers, () => {});
  find(box, "[data-hints]").replaceChildren(
    ...guide.hints.map((/** @type {any} */ hint) => make("t-hint", { line: word(hint) })),
  );
  bindEntry(visit, request, "remind_on", find(box, "[data-remind]"));
  verdict();
  return box;
}

/** @param {Visit} visit @param {any} request @param {string} key @param {HTMLElement} element */
function bindEntry(visit, request, key, element) {
  const input = /** @type {HTMLInputElement} */ (element);
  input.value = request[key] ?? "";
  input.addEventListener("input", () =>
    visit.change(() => {
      if (input.value.trim()) request[key] = input.value.trim();
      else delete request[key];
    }),
  );
}

/**
 * @param {HTMLElement} place @param {Visit} visit @param {any} request @param {string} key
 * @param {any[]} rows @param {() => void} changed
 */
function ticks(place, visit, request, key, rows, changed) {
  hide(place, rows.length === 0);
  for (const row of rows) {
    const tick = make("t-tick", { label: word(row) });
    const input = /** @type {HTMLInputElement} */ (find(tick, "input"));
    input.checked = (request[key] ?? []).includes(row.code);
    input.addEventListener("change", () => {
      visit.change(() => {
        const others = (request[key] ?? []).filter((/** @type {string} */ code) => code !== row.code);
        request[key] = input.checked ? [...others, row.code] : others;
        if (request[key].length === 0) delete request[key];
      });
      changed();
    });
    place.append(tick);
  }
}

/**
 * What all of the ticks mean: every condition that is always needed, and one of the others where there are any.
 * @param {HTMLElement} box @param {any} guide @param {any} request
 */
function showVerdict(box, guide, request) {
  const ticked = new Set(request.eligibility ?? []);
  const must = guide.conditions.filter((/** @type {any} */ one) => one.always);
  const either = guide.conditions.filter((/** @type {any} */ one) => !one.always);
  const met =
    guide.conditions.length > 0 &&
    must.every((/** @type {any} */ one) => ticked.has(one.code)) &&
    (either.length === 0 || either.some((/** @type {any} */ one) => ticked.has(one.code)));
  const line = find(box, "[data-verdict]");
  hide(line, !met);
  write(line, met ? say("qualifies") : "");
}
