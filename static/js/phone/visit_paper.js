// The hazard notice at the door: filled from the findings, shown large, signed, left, or declined.
import { today } from "../offline/days.js";
import { noticeCode } from "../offline/ids.js";
import { find, make } from "./bind.js";
import { doorName, placeName } from "./door_states.js";
import { dueLine } from "./finding_card.js";
import { bindTurn, showTurn, speakTo, theirs } from "./household.js";
import * as lists from "./lists.js";
import { answerOf, forgetAnswer, isUnconfirmed, listChanged, listed, listShown } from "./paper_answer.js";
import { signaturePad } from "./signature.js";
import { fullDay, say, statute, word } from "./texts.js";
import { hideToast, toast } from "./toast.js";

/** @typedef {import("./visit.js").Visit} Visit */

const SIGNERS = ["occupant", "lessor", "manager"];
const UNDO_LASTS = 8000;
/** @type {ReturnType<typeof signaturePad>} */
let pad;
/** @type {any} */
let list = null;
/** The visit whose sheet is open, and its notice as it was before anybody drew. @type {{visit: Visit, paper: any} | null} */
let opened = null;
/** The list of the answer that stood last. @type {string | undefined} */
let shown;

/** @param {HTMLElement} section @param {() => Visit} current */
export function bindPaper(section, current) {
  const sheet = sheetOf();
  find(section, "[data-paper-open]").addEventListener("click", () => void open(sheet, current()));
  pad = signaturePad(/** @type {any} */ (find(sheet, "[data-pad]")), (signature) => {
    hideError(sheet);
    edit(current(), (paper) => {
      if (signature) paper.signature = signature;
      else delete paper.signature;
      if (paper.response === "signed") delete paper.response;
    });
  });
  bindTurn(find(sheet, "[data-turn]"), () => {
    if (sheet.open) write(sheet, current());
  });
  find(sheet, "[data-pad-clear]").addEventListener("click", () => {
    pad.clear();
    if (opened?.paper) forgetAnswer(opened.paper);
  });
  sheet.addEventListener("close", () => leave(sheet, current));
  find(sheet, "[data-paper-sign]").addEventListener("click", () => sign(sheet, current()));
  for (const button of sheet.querySelectorAll("[data-paper-answer]"))
    button.addEventListener("click", () => {
      answer(current(), String(/** @type {HTMLElement} */ (button).dataset.paperAnswer));
      sheet.close();
    });
  section.addEventListener("visit:changed", () => reflect(section, current()));
}

/** @param {HTMLElement} section @param {Visit} visit */
export async function showPaper(section, visit) {
  list = await lists.checklist();
  if (sheetOf().open) sheetOf().close();
  const paper = visit.body.hazard_notice;
  if (paper?.response) paper.shown ??= listShown(visit.body);
  reflect(section, visit);
}

/** @returns {HTMLDialogElement} */
function sheetOf() {
  return /** @type {HTMLDialogElement} */ (find(document, "[data-sheet]"));
}

/** @param {HTMLElement} section @param {Visit} visit */
function reflect(section, { body }) {
  const box = find(section, "[data-paper]");
  box.classList.toggle("absent", listed(body).length === 0);
  const { hazard_notice: paper } = body;
  // A finish that failed has tidied away what was shown.
  if (paper?.response) paper.shown ??= shown;
  shown = paper?.shown;
  const response = answerOf(body);
  find(box, "[data-paper-changed]").hidden = !listChanged(body);
  const state = find(box, "[data-paper-state]");
  state.textContent = response ? say(`paper_${response}`) : "";
  state.classList.toggle("is-done", Boolean(response));
}

/** @param {HTMLDialogElement} sheet @param {Visit} visit */
async function open(sheet, visit) {
  edit(visit, (paper) => {
    if (listChanged(visit.body)) forgetAnswer(paper);
  });
  const { body, view } = visit;
  opened = { visit, paper: isUnconfirmed(body) ? null : structuredClone(body.hazard_notice) };
  find(sheet, "[data-sheet-place]").textContent = `${placeName(view.building)} ${doorName(view.door)}`;
  find(sheet, "[data-sheet-code]").textContent = spaced(body.hazard_notice.code);
  find(sheet, "[data-sheet-address]").textContent = `${location.host}/n`;
  write(sheet, visit);
  showSigners(sheet, visit);
  hideError(sheet);
  hideToast();
  sheet.showModal();
  pad.show(body.hazard_notice.signature);
}

/** What the household reads, in their language. @param {HTMLElement} sheet @param {Visit} visit */
function write(sheet, { body }) {
  speakTo(find(sheet, "[data-theirs]"));
  showTurn(find(sheet, "[data-turn]"));
  find(sheet, "[data-sheet-day]").textContent = fullDay(today(), theirs());
  find(sheet, "[data-sheet-list]").replaceChildren(...listed(body).map(line));
}

/** Groups of four are easier to read out. @param {string} code */
function spaced(code) {
  return code.replace(/(.{4})(?=.)/g, "$1-");
}

/** @param {any} finding */
function line(finding) {
  const item = list?.items.find((/** @type {any} */ one) => one.code === finding.item);
  return make("t-paper-line", {
    name: word(item?.name, theirs()) || finding.item,
    violation: word(item?.violation, theirs()),
    spot: finding.spot,
    because: item?.basis && say("basis", {}, theirs()),
    basis: statute(item?.basis ?? ""),
    due: item?.stop_use ? say("paper_stop", {}, theirs()) : dueLine(item, theirs()),
  });
}

/** @param {HTMLElement} sheet @param {Visit} visit */
function showSigners(sheet, visit) {
  const chips = SIGNERS.map((signer) => {
    const chip = make("t-choice-radio", { label: say(`signer_${signer}`) });
    const input = /** @type {HTMLInputElement} */ (find(chip, "input"));
    input.name = "paper-signer";
    input.checked = (visit.body.hazard_notice?.signer ?? SIGNERS[0]) === signer;
    input.addEventListener("change", () =>
      edit(visit, (paper) => {
        paper.signer = signer;
      }),
    );
    return chip;
  });
  find(sheet, "[data-signers]").replaceChildren(...chips);
}

/** @param {HTMLDialogElement} sheet @param {Visit} visit */
function sign(sheet, visit) {
  if (!visit.body.hazard_notice?.signature) {
    const error = find(sheet, "[data-sheet-error]");
    error.textContent = say("sign_first");
    error.hidden = false;
    return;
  }
  edit(visit, (paper) => {
    paper.response = "signed";
    paper.language = theirs();
    paper.shown = listShown(visit.body);
    paper.signer ??= SIGNERS[0];
  });
  sheet.close();
}

/**
 * Back without "Signed": what was drawn is not a signature. It goes, and can be had back to be confirmed.
 * @param {HTMLDialogElement} sheet
 * @param {() => Visit} current
 */
function leave(sheet, current) {
  const was = opened;
  opened = null;
  // A sheet that is put away because another visit is shown: its strokes are asked about when it is finished.
  if (!was || was.visit !== current() || !isUnconfirmed(was.visit.body)) return;
  const { visit, paper } = was;
  const drawn = visit.body.hazard_notice;
  put(visit, paper ?? { code: drawn.code });
  const undo = () => {
    put(visit, drawn);
    void open(sheet, visit);
  };
  toast(say("signature_dropped"), { undo, lasts: UNDO_LASTS, here: true });
}

/** @param {Visit} visit @param {any} paper */
function put(visit, paper) {
  visit.change((body) => {
    body.hazard_notice = paper;
  });
}

/** @param {HTMLElement} sheet */
function hideError(sheet) {
  find(sheet, "[data-sheet-error]").hidden = true;
}

/** Left or declined: then there is no signature. @param {Visit} visit @param {string} response */
function answer(visit, response) {
  edit(visit, (paper) => {
    forgetAnswer(paper);
    paper.response = response;
    paper.language = theirs();
    paper.shown = listShown(visit.body);
  });
}

/** Change the notice; it gets its number when it is first shown. @param {Visit} visit @param {(paper: any) => void} change */
function edit(visit, change) {
  visit.change((body) => {
    body.hazard_notice ??= { code: noticeCode() };
    change(body.hazard_notice);
  });
}
