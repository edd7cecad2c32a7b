// Notices of a door whose hazards are still open: who comes back down the stairs can be shown theirs again.
import { dayOf } from "../offline/days.js";
import { isNews } from "../offline/standing.js";
import { find, make } from "./bind.js";
import { listed } from "./paper_answer.js";
import { showSheet } from "./paper_sheet.js";
import { beside, day, say } from "./texts.js";

/** @typedef {import("./paper_sheet.js").Paper & {response?: string, signer?: string}} Given  with the answer that this phone knows of */

/**
 * Newest first. The round tells of a notice once it is at the desk; until then the records of this phone do.
 * @param {{findings: any[], records: any[], packed: string}} view  records oldest first; what was answered after `packed`
 *   the round does not know
 * @returns {Given[]}
 */
export function papersAt({ findings, records, packed }) {
  const known = new Map(findings.map((one) => [one.id, one]));
  const newest = new Map(records.map((record) => [record.visit, record]));
  /** @type {Map<string, Given>} */
  const papers = new Map();
  for (const record of newest.values()) {
    const { hazard_notice: paper, ...said } = JSON.parse(record.body);
    if (!paper) continue;
    const isOpen = (/** @type {any} */ { id }) =>
      known.has(id) ? isOn(known.get(id), paper.code) : isNews(record, packed);
    const lines = listed(said)
      .filter(isOpen)
      .map((one) => ({ ...one, due_on: known.get(one.id)?.due_on }));
    if (lines.length) papers.set(paper.code, { ...paper, on: dayOf(record.recorded_at), lines });
  }
  for (const finding of findings) {
    if (!finding.notice) continue;
    const { code, at } = finding.notice;
    /** @type {Given} */
    const paper = papers.get(code) ?? { code, on: dayOf(at), lines: [] };
    if (!paper.lines.some((/** @type {any} */ one) => one.id === finding.id)) paper.lines.push(finding);
    papers.set(code, paper);
  }
  return [...papers.values()].sort((a, b) => (a.on < b.on ? 1 : -1));
}

/** Whether a hazard stands on this notice last; the desk may have given it another. @param {any} finding @param {string} code */
function isOn({ notice }, code) {
  return !notice || notice.code === code;
}

/**
 * Open hazards of a door, with those that visits of this phone have left and the round cannot tell of yet.
 * @param {any} view @returns {any[]}
 */
export function hazardsAt({ findings, records, packed }) {
  const known = new Set(findings.map((/** @type {any} */ finding) => finding.id));
  /** @type {Map<string, any>} */
  const newest = new Map(records.map((/** @type {any} */ record) => [record.visit, record]));
  const news = [...newest.values()]
    .filter((record) => isNews(record, packed))
    .flatMap(({ body, state }) =>
      listed(JSON.parse(body)).map((finding) => ({
        ...finding,
        status: finding.action === "refer" ? "referred" : "notified",
        unsent: state === "waiting",
      })),
    );
  return [...findings, ...news.filter(({ id }) => !known.has(id))];
}

/** A button for each. @param {HTMLElement} section @param {any} view */
export function showPapers(section, view) {
  const buttons = papersAt(view).map((paper) => {
    const { response = "", signer } = paper;
    const said = response && beside([say(`paper_${response}`), signer && say(`signer_${signer}`)]);
    const button = make("t-paper-again", {
      line: beside([day(paper.on), response && say(`paper_${response}`)]),
    });
    button.addEventListener("click", () => void showSheet(view, paper, said));
    return button;
  });
  find(section, "[data-door-papers]").replaceChildren(...buttons);
}
