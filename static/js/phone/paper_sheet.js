// The sheet of a hazard notice, as the household reads it: at the visit, and when somebody asks for it again later.
import { today } from "../offline/days.js";
import { fill, find, make } from "./bind.js";
import { doorName, placeName } from "./door_states.js";
import { dueDay } from "./finding_card.js";
import { bindTurn, showTurn, speakTo, theirs } from "./household.js";
import * as lists from "./lists.js";
import { fullDay, say, statute, word } from "./texts.js";

/**
 * @typedef {{item: string, spot?: string | null, due_on?: string | null}} Line  what was found, and by when it should be put
 *   right where that is fixed already
 * @typedef {{code: string, on: string, lines: Line[]}} Paper
 */

/** What stands on the sheet, to write it anew in another language. @type {() => void} */
let write = () => {};

/** @returns {HTMLDialogElement} */
export function sheetOf() {
  return /** @type {HTMLDialogElement} */ (find(document, "[data-sheet]"));
}

/** Bind the button that turns its language. */
export function startSheet() {
  const sheet = sheetOf();
  bindTurn(find(sheet, "[data-turn]"), () => {
    if (sheet.open) write();
  });
}

/**
 * Fill the sheet and show it; what is answered below it is another matter.
 * @param {{door: any, building: any}} place
 * @param {Paper} paper
 * @param {string} [said]  what was answered at the visit; then nothing is signed any more
 */
export async function showSheet({ door, building }, { code, on, lines }, said) {
  const sheet = sheetOf();
  const [list, grids] = await Promise.all([lists.checklist(), lists.grids()]);
  const contact = grids.find((one) => one.code === building.grid)?.contact;
  find(sheet, "[data-sheet-place]").textContent = `${placeName(building)} ${doorName(door)}`;
  find(sheet, "[data-sheet-code]").textContent = spaced(code);
  find(sheet, "[data-sheet-address]").textContent = `${location.host}/n`;
  fill(find(sheet, "[data-sheet-call]"), {
    contact,
    office: contact?.name,
    telephone: contact?.telephone,
    tel: contact && `tel:${contact.telephone.replaceAll(" ", "")}`,
  });
  find(sheet, "[data-sheet-answer]").hidden = said !== undefined;
  const line = find(sheet, "[data-sheet-said]");
  line.hidden = !said;
  line.textContent = said ?? "";
  write = () => {
    speakTo(find(sheet, "[data-theirs]"));
    showTurn(find(sheet, "[data-turn]"));
    find(sheet, "[data-sheet-day]").textContent = fullDay(on, theirs());
    const seen = find(sheet, "[data-sheet-seen]");
    if (on !== today()) seen.textContent = say("seen_then", {}, theirs());
    find(sheet, "[data-sheet-list]").replaceChildren(...lines.map((one) => lineOf(list, one, on)));
  };
  write();
  if (!sheet.open) sheet.showModal();
  sheet.scrollTop = 0; // it remembers how far down the last one was
}

/** Groups of four are easier to read out. @param {string} code */
function spaced(code) {
  return code.replace(/(.{4})(?=.)/g, "$1-");
}

/** @param {any} list @param {Line} line @param {string} on */
function lineOf(list, { item: code, spot, due_on }, on) {
  const item = list?.items.find((/** @type {any} */ one) => one.code === code);
  const due = due_on || dueDay(item, on);
  // With its year and without "today": what is shown today is read later.
  const by = due && say("fix_by", { day: fullDay(due, theirs()) }, theirs());
  return make("t-paper-line", {
    name: word(item?.name, theirs()) || code,
    violation: word(item?.violation, theirs()),
    spot,
    because: item?.basis && say("basis", {}, theirs()),
    basis: statute(item?.basis ?? ""),
    due: item?.stop_use ? say("paper_stop", {}, theirs()) : by,
  });
}
