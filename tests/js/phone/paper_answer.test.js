// The household's answer to the hazard notice: for the list that they saw, and a signature only with "Signed".
import assert from "node:assert/strict";
import { test } from "node:test";
import "./shell.js";

globalThis.document.addEventListener ??= () => {};
const { answerOf, listShown } = await import("../../../static/js/phone/paper_answer.js");
const { firstProblem } = await import("../../../static/js/phone/visit_checks.js");
const { tidy } = await import("../../../static/js/phone/tidying.js");

const SIGNATURE = { wide: 300, high: 100, strokes: [[1, 1]] };
const CODE = "ABCDEFGHJKMN";

function aBody(action, paper = {}) {
  const findings = [{ id: "f", item: "H02", action }];
  const checklist = { code: "home-safety", version: 1, checked: true };
  return { outcome: "done", findings, checklist, hazard_notice: { code: CODE, ...paper } };
}

function answered(action, response) {
  const body = aBody(action, { response, ...(response === "signed" ? { signature: SIGNATURE } : {}) });
  body.hazard_notice.shown = listShown(body);
  return body;
}

const problem = (body) => firstProblem({ body, view: { findings: [], records: [] } });
const more = (body) => body.findings.push({ id: "g", item: "H04", action: "notice_left" });

for (const action of ["notice_left", "refer"])
  test(`strokes without "signed" are asked about before a visit ends: ${action}`, () => {
    assert.equal(problem(aBody(action, { signature: SIGNATURE })).line, "paper_unconfirmed");
  });

for (const response of [undefined, "declined", "left"])
  test(`strokes beside the answer ${response} are never sent`, () => {
    const body = aBody("notice_left", {
      signature: SIGNATURE,
      signer: "lessor",
      ...(response && { response }),
    });

    tidy(body);

    assert.deepEqual(body.hazard_notice, { code: CODE, response: response ?? "left" });
  });

test("what was signed is sent with the signature and who signed, and nothing else", () => {
  const body = answered("notice_left", "signed");

  assert.equal(problem(body), null);
  tidy(body);

  assert.deepEqual(body.hazard_notice, {
    code: CODE,
    response: "signed",
    signature: SIGNATURE,
    signer: "occupant",
  });
});

test("a signature does not hold for a list that grew after it", () => {
  const body = answered("notice_left", "signed");
  more(body);

  assert.equal(answerOf(body), undefined);
  assert.equal(problem(body).line, "paper_changed");
  tidy(body);

  assert.deepEqual(body.hazard_notice, { code: CODE, response: "left" });
});

test("neither does it for another spot of the same hazard, nor a word that they declined", () => {
  const body = answered("refer", "declined");
  body.findings[0].spot = "stairs";

  assert.equal(problem(body).line, "paper_changed");
});

test("a change that is taken back takes nothing from the answer", () => {
  const body = answered("notice_left", "signed");
  body.findings.push({ id: "g", item: "H04" });
  body.findings[0].note = "not on the sheet";
  body.findings.reverse();

  assert.equal(answerOf(body), "signed");
});

test("a notice that was left is left again with what came to it, unasked", () => {
  const body = answered("notice_left", "left");
  more(body);

  assert.equal(problem(body), null);
  tidy(body);

  assert.deepEqual(body.hazard_notice, { code: CODE, response: "left" });
});

test("the language in which they answered goes with the answer, and not with another list", () => {
  const body = answered("notice_left", "declined");
  body.hazard_notice.language = "en";
  const changed = structuredClone(body);
  more(changed);

  tidy(body);
  tidy(changed);

  assert.equal(body.hazard_notice.language, "en");
  assert.equal(changed.hazard_notice.language, undefined);
});
