// Hazards that earlier visits left open: each is looked at again, with the old picture beside it.
import { pictureOf } from "../offline/pictures.js";
import { find, hide, make } from "./bind.js";
import { bindRadio } from "./choices.js";
import { hazardsAt } from "./door_papers.js";
import { bindPhotos } from "./finding_photos.js";
import { entryIn, LOOKED_AT, place, withGone } from "./known_entries.js";
import * as lists from "./lists.js";
import { drawFilling } from "./shrink.js";
import { beside, byWhen, label, say, word } from "./texts.js";

/** @typedef {import("./visit.js").Visit} Visit */

/** Where somebody of the grid may look again; while a department has it, it is only told. */
const CHECKABLE = new Set([
  "notified",
  "recheck_due",
  "awaiting_photo",
  "recheck_failed",
  "returned",
  "fed_back",
]);
const RESULTS = [
  ["gone", true],
  ["still_there", false],
];

/** Open hazards of earlier visits at this door; a correction's own findings are not among them. @param {Visit} visit */
export function openBefore({ view, body, returned }) {
  // Also those that this correction takes out: the register still holds them.
  const said = [...(body.findings ?? []), ...(returned?.body?.findings ?? [])];
  const mine = new Set(said.map((/** @type {any} */ one) => one.id));
  return hazardsAt(view).filter((one) => !mine.has(one.id));
}

/** Those of them that have to be looked at now, and what was said of others already. @param {Visit} visit */
export function toRecheck(visit) {
  return known(visit).filter(
    (/** @type {any} */ one) => CHECKABLE.has(one.status) || entryIn(visit.body, LOOKED_AT, one.id),
  );
}

/** With those that the register has closed since on the word of this very visit. @param {Visit} visit */
function known(visit) {
  return withGone(openBefore(visit), visit, LOOKED_AT);
}

/** @param {HTMLElement} section @param {Visit} visit @param {any[]} stored  its photos that are on this phone */
export async function showRechecks(section, visit, stored) {
  const [list, statuses] = await Promise.all([lists.checklist(), lists.codes("finding_status")]);
  const rows = known(visit).map((/** @type {any} */ finding) => {
    const item = list?.items.find((/** @type {any} */ one) => one.code === finding.item);
    if (finding.gone) {
      const title = beside([word(item?.name) || finding.item, finding.spot]);
      const words = { title: title || say("recheck_gone"), line: say("recheck_gone_line") };
      return card(visit, finding, words, stored);
    }
    const line = beside([label(statuses, finding.status), finding.spot]);
    const words = { title: word(item?.name) || finding.item, line, more: byWhen(finding.due_on) };
    return card(visit, finding, words, stored);
  });
  find(section, "[data-open-list]").replaceChildren(...rows);
  const box = find(section, "[data-open-before]");
  box.classList.toggle("absent", rows.length === 0);
}

/** @param {Visit} visit @param {any} finding @param {{title: string, line: string, more?: string}} words @param {any[]} stored */
function card(visit, finding, words, stored) {
  const row = make("t-recheck", words);
  row.dataset.recheck = finding.id;
  void showBefore(row, finding.id);
  const before = entryIn(visit.returned?.body, LOOKED_AT, finding.id);
  const taken = stored.filter((photo) => photo.finding === finding.id);
  const entry = entryIn(visit.body, LOOKED_AT, finding.id) ?? {
    finding: finding.id,
    ...(taken.length ? { photos: taken.map(({ id }) => id) } : {}),
    ...before,
  };
  const said = () => Boolean(entryIn(visit.body, LOOKED_AT, finding.id));
  if (!CHECKABLE.has(finding.status) && !said() && !before) return row;
  let bound = false;
  const redraw = () => {
    hide(find(row, "[data-seen]"), !said());
    if (!said() || bound) return;
    bound = true;
    bindPhotos(row, visit, entry, taken, () => pictureBefore(finding.id));
    bindNote(row, visit, entry);
  };
  const box = find(row, "[data-results]");
  for (const [key, passed] of RESULTS) {
    const chip = make("t-choice-radio", { label: say(String(key)) });
    const input = /** @type {HTMLInputElement} */ (find(chip, "input"));
    input.name = `recheck-${finding.id}`;
    input.value = String(passed);
    input.checked = said() && entry.passed === passed;
    const answer = (/** @type {any} */ one) => {
      visit.change((body) => place(body, LOOKED_AT, finding.id, one));
      redraw();
    };
    bindRadio(
      box,
      input,
      () => answer(Object.assign(entry, { passed })),
      () => answer(null),
    );
    box.append(chip);
  }
  redraw();
  return row;
}

/** @param {HTMLElement} row @param {Visit} visit @param {any} entry */
function bindNote(row, visit, entry) {
  const input = /** @type {HTMLInputElement} */ (find(row, "[data-note]"));
  input.value = entry.note ?? "";
  input.addEventListener("input", () =>
    visit.change(() => {
      if (input.value.trim()) entry.note = input.value.trim();
      else delete entry.note;
    }),
  );
}

/** @param {HTMLElement} row @param {string} id */
async function showBefore(row, id) {
  const picture = await pictureBefore(id);
  if (!picture) return;
  const canvas = /** @type {HTMLCanvasElement} */ (/** @type {unknown} */ (find(row, "[data-before]")));
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", say("photo_before"));
  await drawFilling(canvas, picture);
  hide(canvas, false);
}

/** The small picture that came with the round, if it is here. @param {string} id @returns {Promise<Blob | null>} */
async function pictureBefore(id) {
  const bytes = await pictureOf(id);
  return bytes ? new Blob([bytes], { type: "image/jpeg" }) : null;
}
