// What the household said to the hazard notice: it holds for the list that they saw, and a signature only with "Signed".
import { noticeCode } from "../offline/ids.js";

/** What the notice lists: everything that is not put right yet. @param {any} body @returns {any[]} */
export function listed(body) {
  return (body.findings ?? []).filter(
    (/** @type {any} */ one) => one.action && one.action !== "fixed_on_site",
  );
}

/** What stands on the sheet, in any order. @param {any} body */
export function listShown(body) {
  const lines = listed(body).map(({ item, spot }) => JSON.stringify([item, spot ?? ""]));
  return JSON.stringify(lines.sort());
}

/** What was answered, while the list is the one that was shown. @param {any} body @returns {string | undefined} */
export function answerOf(body) {
  const paper = body.hazard_notice ?? {};
  if (listChanged(body) || (paper.response === "signed" && !paper.signature)) return undefined;
  return paper.response;
}

/** It was answered, and lists something else by now. @param {any} body */
export function listChanged(body) {
  const { response, shown } = body.hazard_notice ?? {};
  return Boolean(response) && shown !== undefined && shown !== listShown(body);
}

/** Strokes without "Signed". @param {any} body */
export function isUnconfirmed(body) {
  const { response, signature } = body.hazard_notice ?? {};
  return Boolean(signature) && response !== "signed";
}

/** Why the notice has to be shown once more, as the key of a text. @param {any} body */
export function paperProblem(body) {
  if (listed(body).length === 0) return null;
  if (isUnconfirmed(body)) return "paper_unconfirmed";
  const same = body.hazard_notice?.response === "left" && hasLeft(body);
  return listChanged(body) && !same ? "paper_changed" : null;
}

/** @param {any} body */
function hasLeft(body) {
  return (body.findings ?? []).some((/** @type {any} */ one) => one.action === "notice_left");
}

/** @param {any} paper  changed in place */
export function forgetAnswer(paper) {
  for (const key of ["response", "signature", "signer", "language", "shown"]) delete paper[key];
}

/** A notice that was said to be left gets its number, also when nobody looked at it on the screen. @param {any} body */
export function tidyPaper(body) {
  const said = answerOf(body);
  if (listed(body).length === 0 || (!hasLeft(body) && !said)) return void delete body.hazard_notice;
  const { signature, signer = "occupant", code = noticeCode(), language } = body.hazard_notice ?? {};
  const signed = said === "signed" ? { signature, signer } : {};
  const spoken = said && language ? { language } : {};
  body.hazard_notice = { code, response: said ?? "left", ...spoken, ...signed };
}
