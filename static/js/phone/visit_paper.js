// The hazard notice at the door: filled from the findings, shown large, signed, left, or declined.
import { dayOf } from "../offline/days.js";
import { noticeCode } from "../offline/ids.js";
import { find, hide, make, write } from "./bind.js";
import { registered } from "./finding_card.js";
import { theirs } from "./household.js";
import { answerOf, forgetAnswer, isUnconfirmed, listChanged, listed, listShown } from "./paper_answer.js";
import { sheetOf, showSheet } from "./paper_sheet.js";
import { signaturePad } from "./signature.js";
import { say } from "./texts.js";
import { hideToast, toast } from "./toast.js";

/** @typedef {import("./visit.js").Visit} Visit */

const SIGNERS = ["occupant", "lessor", "manager"];
const UNDO_LASTS = 8000;
/** @type {ReturnType<typeof signaturePad>} */
let pad;
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
export function showPaper(section, visit) {
  if (sheetOf().open) sheetOf().close();
  const paper = visit.body.hazard_notice;
  if (paper?.response) paper.shown ??= listShown(visit.body);
  reflect(section, visit);
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
  hide(find(box, "[data-paper-changed]"), !listChanged(body));
  const state = find(box, "[data-paper-state]");
  box.toggleAttribute("data-answered", Boolean(response));
  write(state, response ? say(`paper_${response}`) : "");
  state.classList.toggle("is-done", Boolean(response));
}

/** @param {HTMLDialogElement} sheet @param {Visit} visit */
async function open(sheet, visit) {
  edit(visit, (paper) => {
    if (listChanged(visit.body)) forgetAnswer(paper);
  });
  const { body, view } = visit;
  opened = { visit, paper: isUnconfirmed(body) ? null : structuredClone(body.hazard_notice) };
  showSigners(sheet, visit);
  hideError(sheet);
  hideToast();
  const { code } = body.hazard_notice;
  const lines = listed(body).map((one) => {
    const { due_on, notice } = registered(visit, one) ?? {};
    return { ...one, due_on, notice };
  });
  // What is at the desk with all that it lists has its own day.
  const isNew = lines.some(({ notice }) => notice?.code !== code);
  await showSheet(view, { code, on: dayOf((!isNew && lines[0]?.notice.at) || Date.now()), lines });
  pad.show(body.hazard_notice.signature);
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
    hide(error, false);
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
  hide(find(sheet, "[data-sheet-error]"), true);
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
