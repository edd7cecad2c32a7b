// Which notices can be shown again at a door, from the round and from what this phone has recorded since.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./shell.js";

const { hazardsAt, papersAt } = await import("../../../static/js/phone/door_papers.js");

const CODE = "ABCDEFGH2345";
const PACKED = "2026-11-26T08:00:00Z";

function aRecord({ findings = [{ id: "f", item: "H09", action: "notice_left" }], ...overrides } = {}) {
  const body = JSON.stringify({
    findings,
    hazard_notice: { code: CODE, response: "signed", signer: "lessor" },
  });
  return { visit: "v", body, recorded_at: "2026-11-26T09:00:00Z", receipt: null, ...overrides };
}

const aFinding = (overrides = {}) => ({ id: "f", item: "H09", due_on: "2026-12-03", ...overrides });
const papers = (view) => papersAt({ findings: [], records: [], packed: PACKED, ...view });

test("a notice that was given a moment ago can be shown again, with its answer", () => {
  const [paper] = papers({ records: [aRecord()] });

  assert.deepEqual([paper.code, paper.response, paper.signer], [CODE, "signed", "lessor"]);
  assert.deepEqual(
    paper.lines.map(({ id }) => id),
    ["f"],
  );
});

test("what was put right on the spot stands on no notice", () => {
  const findings = [
    { id: "f", item: "H09", action: "notice_left" },
    { id: "g", item: "H02", action: "fixed_on_site" },
  ];

  const [paper] = papers({ records: [aRecord({ findings })] });

  assert.equal(paper.lines.length, 1);
});

test("the round tells of a notice that a colleague gave", () => {
  const notice = { code: "ZZZZZZZZ2345", at: "2026-11-20T09:00:00Z" };

  const [paper] = papers({ findings: [aFinding({ notice })] });

  assert.deepEqual(
    [paper.code, paper.on, paper.response, paper.lines[0].due_on],
    ["ZZZZZZZZ2345", "2026-11-20", undefined, "2026-12-03"],
  );
});

test("one notice is told of once, with the deadline that the desk set", () => {
  const finding = aFinding({ notice: { code: CODE, at: "2026-11-26T09:00:00Z" } });

  const found = papers({ findings: [finding], records: [aRecord()] });

  assert.deepEqual([found.length, found[0].lines.length, found[0].response], [1, 1, "signed"]);
  assert.equal(found[0].lines[0].due_on, "2026-12-03");
});

test("a notice of hazards that are closed by now is not offered", () => {
  const record = aRecord({ receipt: { number: "A" }, answered_at: "2026-11-26T07:00:00Z" });

  assert.deepEqual(papers({ records: [record] }), []);
});

test("a hazard that the desk has put on a newer notice is shown on that one", () => {
  const finding = aFinding({ notice: { code: "ZZZZZZZZ2345", at: "2026-11-27T09:00:00Z" } });

  const found = papers({ findings: [finding], records: [aRecord()] });

  assert.deepEqual(
    found.map(({ code }) => code),
    ["ZZZZZZZZ2345"],
  );
});

test("a correction takes the place of what it corrects", () => {
  const records = [aRecord(), aRecord({ findings: [] })];

  assert.deepEqual(papers({ records }), []);
});

test("what this phone has found since the round was packed is open too, as far as the round does not tell of it", () => {
  const said = [
    { id: "f", item: "H09", action: "notice_left" },
    { id: "g", item: "H10", action: "refer" },
    { id: "h", item: "H11", action: "fixed_on_site" },
  ];
  const open = (view) =>
    hazardsAt({ findings: [], packed: PACKED, ...view }).map(({ id, status, unsent }) => [
      id,
      status,
      unsent,
    ]);
  const sent = {
    receipt: { received_at: "2026-11-26T07:00:00Z" },
    answered_at: "2026-11-26T09:00:01Z",
    state: "accepted",
  };
  const known = { receipt: { number: "A" }, answered_at: "2026-11-26T07:00:00Z", state: "accepted" };

  const news = [
    ["f", "notified", true],
    ["g", "referred", true],
  ];
  assert.deepEqual(open({ records: [aRecord({ findings: said, state: "waiting" })] }), news);
  const findings = [aFinding({ status: "recheck_due" })];
  assert.deepEqual(open({ findings, records: [aRecord({ findings: said, ...sent })] }), [
    ["f", "recheck_due", undefined],
    ["g", "referred", false],
  ]);
  assert.deepEqual(open({ records: [aRecord({ findings: said, ...known })] }), []);
  assert.deepEqual(open({ records: [aRecord({ findings: said }), aRecord({ findings: [] })] }), []);
});
