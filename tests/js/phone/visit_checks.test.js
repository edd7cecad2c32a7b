// What the phone asks for before a visit ends, so that no slip of a finger reaches the desk as a riddle.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./shell.js";

globalThis.document.addEventListener ??= () => {};
const { firstProblem, notAsked, photoMissing } = await import("../../../static/js/phone/visit_checks.js");
const { tidy } = await import("../../../static/js/phone/tidying.js");
const { actionsFor, dueLine } = await import("../../../static/js/phone/finding_card.js");

const problem = (part, known = {}) =>
  firstProblem({
    body: { outcome: "done", ...part },
    view: { findings: [], records: [], door: {}, ...known },
  });
/** A day so many days from now, as the phone's calendar has it. */
const inDays = (n) => {
  const now = new Date();
  const there = new Date(now.getFullYear(), now.getMonth(), now.getDate() + n, 12);
  return there.toISOString().slice(0, 10);
};
const PERSON = { action: "add", occupancy: "o", person: "p", name: "李四" };
const CHILD = "110105202001010015";

for (const [name, value] of [
  ["rooms", 2.5],
  ["rooms", 201],
  ["rooms_let", -1],
  ["headcount", -1],
  ["children", 1001],
  ["floor_area_m2", -3],
  ["floor_area_m2", 100_001],
])
  test(`a dwelling with ${name} ${value} is asked about at its field`, () => {
    assert.equal(problem({ dwelling_changes: { [name]: value } })?.at, `[data-fact="${name}"]`);
  });

test("numbers of a dwelling within the contract pass, and so does none", () => {
  const facts = { rooms: 0, rooms_let: 200, headcount: 1000, children: null, floor_area_m2: 45.5 };

  assert.equal(problem({ dwelling_changes: facts }), null);
});

for (const [name, value] of [
  ["headcount", -1],
  ["dormitory_headcount", 100_001],
])
  test(`a place of work with ${name} ${value} is asked about at its field`, () => {
    const entry = { action: "change", workplace: "w", [name]: value };

    assert.equal(problem({ workplaces: [entry] })?.at, `[data-workplace="w"] [name="${name}"]`);
  });

test("a hazard outside the grid's power can only be referred; what was said before stays in sight", () => {
  assert.deepEqual(actionsFor({ stop_use: true }, {}), ["refer"]);
  assert.deepEqual(actionsFor({ severity: "suspected_major" }, { action: "refer" }), ["refer"]);
  assert.deepEqual(actionsFor({ stop_use: true }, { action: "fixed_on_site" }), ["fixed_on_site", "refer"]);
  assert.deepEqual(actionsFor({ severity: "general" }, {}), ["fixed_on_site", "notice_left", "refer"]);
});

for (const phone of ["abc", "139****1234", "+861390943123", "0086139094312345"])
  test(`a telephone ${phone} is asked about wherever it stands`, () => {
    const entry = { action: "change", workplace: "w", contact_phone: phone };

    assert.equal(problem({ occupants: [{ ...PERSON, phone }] })?.at, '[data-occupancy="o"] [name="phone"]');
    assert.equal(problem({ workplaces: [entry] })?.at, '[data-workplace="w"] [name="contact_phone"]');
    assert.equal(problem({ dwelling_changes: { lessor_phone: phone } })?.at, "[data-fact-phone]");
  });

test("telephones leave in their normal form", () => {
  const body = {
    outcome: "done",
    occupants: [{ ...PERSON, phone: "＋８６１３９０９４３１２３４" }],
    workplaces: [{ action: "change", workplace: "w", contact_phone: "０９４３－８２２８１２３" }],
    dwelling_changes: { lessor_phone: "139 0943 1234" },
  };

  tidy(body);

  assert.equal(body.occupants[0].phone, "13909431234");
  assert.equal(body.workplaces[0].contact_phone, "0943-8228123");
  assert.equal(body.dwelling_changes.lessor_phone, "13909431234");
});

for (const home_county of ["62042", "6204211", "62O421"])
  test(`a county ${home_county} is asked about`, () => {
    const at = '[data-occupancy="o"] [name="home_county"]';

    assert.equal(problem({ occupants: [{ ...PERSON, home_county }] })?.at, at);
  });

test("a county of six digits leaves in its normal form", () => {
  const body = { outcome: "done", occupants: [{ ...PERSON, home_county: "６２０ ４２１" }] };

  assert.equal(problem(body), null);
  tidy(body);

  assert.equal(body.occupants[0].home_county, "620421");
});

test("of a child whom the register knows, the number can be cleared; who is new can be counted only", () => {
  const child = { document_number: CHILD };

  assert.equal(problem({ occupants: [{ ...PERSON, ...child }] })?.line, "need_guardian");
  assert.equal(
    problem({ occupants: [{ action: "change", occupancy: "o", ...child }] })?.line,
    "need_guardian_known",
  );
});

test("a credit code that is none leaves as it was typed, and no longer than that", () => {
  const code = "㍿".repeat(30);
  const body = { outcome: "done", workplaces: [{ action: "change", workplace: "w", credit_code: code }] };

  tidy(body);

  assert.equal(body.workplaces[0].credit_code, code);
});

test("a number is judged by the document that the register knows, when none was chosen anew", () => {
  const occupants = [{ action: "change", occupancy: "o", document_number: "e1234567" }];
  const view = { findings: [], records: [], door: {}, occupants: [{ id: "o", document_type: "414" }] };
  const body = { outcome: "done", occupants };

  assert.equal(firstProblem({ body, view }), null);
  tidy(body, view);

  assert.deepEqual(occupants[0], {
    action: "change",
    occupancy: "o",
    document_type: "414",
    document_number: "E1234567",
  });
});

test("a number that is longer than the desk takes is asked about, whatever its kind", () => {
  const person = { ...PERSON, document_type: "999", document_number: "1".repeat(31) };

  assert.equal(problem({ occupants: [person] })?.at, '[data-occupancy="o"] [name="document_number"]');
});

for (const day of [inDays(1), "12026-01-01", "0006-03-01"])
  test(`who moved on ${day} is asked about`, () => {
    const gone = { action: "moved_out", occupancy: "o", moved_out_on: day };

    assert.equal(
      problem({ occupants: [{ ...PERSON, moved_in_on: day }] })?.at,
      '[data-occupancy="o"] [name="moved_in_on"]',
    );
    assert.equal(problem({ occupants: [gone] })?.at, '[data-occupancy="o"] [data-moved-on] input');
  });

test("who moved today is not asked about", () => {
  const gone = { action: "moved_out", occupancy: "o", moved_out_on: inDays(0) };

  assert.equal(problem({ occupants: [{ ...PERSON, moved_in_on: inDays(0) }] }), null);
  assert.equal(problem({ occupants: [gone] }), null);
});

test("a year of five digits in the day to be reminded of is asked about", () => {
  const asked = (remind_on) => problem({ requests: [{ id: "r", kind: "permit", remind_on }] })?.at;

  assert.equal(asked("20261-01-01"), '[data-request="r"] [data-remind]');
  assert.equal(asked("2027-01-01"), undefined);
});

test("nobody is reminded of a day that has come, unless an earlier version had said it before", () => {
  for (const [remind_on, said, at] of [
    [inDays(-1), [], '[data-request="r"] [data-remind]'],
    [inDays(0), [], '[data-request="r"] [data-remind]'],
    [inDays(1), [], undefined],
    [inDays(-1), [{ id: "r", kind: "permit", remind_on: inDays(-1) }], undefined],
  ]) {
    const body = { outcome: "done", requests: [{ id: "r", kind: "permit", remind_on }] };
    const view = { findings: [], records: [], door: {} };

    assert.equal(firstProblem({ body, view, returned: { body: { requests: said } } })?.at, at, remind_on);
  }
});

test("nobody moves out before they moved in", () => {
  const gone = { action: "moved_out", occupancy: "o", moved_out_on: "2026-03-01" };
  const since = (moved_in_on) => ({ occupants: [{ id: "o", moved_in_on }] });

  assert.equal(
    problem({ occupants: [gone] }, since("2026-03-02"))?.at,
    '[data-occupancy="o"] [data-moved-on] input',
  );
  assert.equal(problem({ occupants: [gone] }, since("2026-03-01")), null);
  assert.equal(problem({ occupants: [gone] }, since(null)), null);
});

test("another kind of document without its number is asked about, but not where only the version before holds it", () => {
  const change = { action: "change", occupancy: "o", document_type: "999" };
  const known = { occupants: [{ id: "o", document_type: "111" }] };

  assert.equal(problem({ occupants: [change] }, known)?.at, '[data-occupancy="o"] [name="document_number"]');
  assert.equal(problem({ occupants: [{ ...change, document: "E12***8" }] }, known), null);
  assert.equal(problem({ occupants: [{ ...change, document_type: "111" }] }, known), null);
  assert.equal(problem({ occupants: [{ ...change, document_type: undefined }] }, known), null);
});

test("more children than heads are asked about, also when one of the two was known before", () => {
  const at = '[data-fact="children"]';

  assert.equal(problem({ dwelling_changes: { headcount: 2, children: 3 } })?.at, at);
  assert.equal(problem({ dwelling_changes: { children: 3 } }, { door: { headcount: 2 } })?.at, at);
  assert.equal(problem({ dwelling_changes: { headcount: 2 } }, { door: { children: 3 } })?.at, at);
  assert.equal(problem({ dwelling_changes: { children: 3 } }), null);
  assert.equal(problem({ dwelling_changes: { rooms: 3 } }, { door: { headcount: 1, children: 2 } }), null);
});

test("more people sleeping at a place of work than are there are asked about", () => {
  const workplaces = [{ action: "change", workplace: "w", dormitory_headcount: 9 }];

  assert.equal(
    problem({ workplaces }, { workplaces: [{ id: "w", headcount: 8 }] })?.at,
    '[data-workplace="w"] [name="dormitory_headcount"]',
  );
  assert.equal(problem({ workplaces }, { workplaces: [{ id: "w" }] }), null);
});

test("more people than the desk takes in one visit are asked about", () => {
  const occupants = Array.from({ length: 201 }, (_none, at) => ({ ...PERSON, occupancy: String(at) }));

  assert.equal(problem({ occupants: occupants.slice(1) }), null);
  assert.equal(problem({ occupants })?.at, "[data-add-person]");
});

test("a guardian's consent goes with a child only", () => {
  const said = (person) => {
    const body = { outcome: "done", occupants: [{ ...PERSON, guardian_consent: true, ...person }] };
    tidy(body);
    return body.occupants[0].guardian_consent;
  };

  assert.equal(said({ document_number: CHILD }), true);
  assert.equal(said({ document_number: "11010519491231002X" }), undefined);
  assert.equal(said({}), undefined);
  assert.equal(
    said({ document: "110***********0016" }),
    true,
    "the number of the version before is not here",
  );
});

test("a hazard without a deadline of the district is not said to be due today", () => {
  assert.equal(dueLine({ due_days: null }), "");
  assert.equal(dueLine({ due_days: 0 }), "fix_today");
});

test("a child's number is one however the keyboard writes it", () => {
  const spellings = [
    CHILD.replaceAll(/\d/g, (digit) => "０１２３４５６７８９"[digit]),
    `${CHILD.slice(0, 6)}　${CHILD.slice(6)}`,
  ];

  for (const document_number of spellings)
    assert.match(problem({ occupants: [{ ...PERSON, document_number }] })?.at ?? "", /guardian_consent/);
});

for (const part of [
  { findings: [{ id: "f", item: "A1", action: "refer" }] },
  { rechecks: [{ finding: "f", passed: false }] },
  { occupants: [{ ...PERSON }] },
  { workplaces: [{ action: "closed", workplace: "w" }] },
  { requests: [{ id: "r", kind: "job" }] },
  { dwelling_changes: { rooms: 3 } },
])
  test(`${Object.keys(part)} do not get lost with an outcome that they do not go with`, () => {
    assert.equal(problem({ ...part, outcome: "refused" })?.at, "[data-leave-out]");
  });

test("what one tap said of an ordinary visit is left out without a question", () => {
  const said = { unchanged: true, people_confirmed: true, checklist: { checked: true }, findings: [] };

  assert.equal(problem({ ...said, outcome: "no_answer" }), null);
});

test("a hazard fixed on the spot or referred without a photo is asked about once, then the visit goes without", () => {
  const findings = [
    { id: "left", action: "notice_left" },
    { id: "fixed", action: "fixed_on_site" },
    { id: "grave", action: "refer" },
    { id: "shown", action: "refer", photos: ["p"] },
  ];
  const body = { outcome: "done", findings };

  assert.deepEqual(photoMissing(body), { line: "no_photo_yet", at: '[data-finding="fixed"] [data-shoot]' });
  assert.equal(photoMissing(body), null);
  assert.equal(photoMissing({ outcome: "done", findings: findings.slice(3) }), null);
  assert.equal(photoMissing({ outcome: "no_answer" }), null);
});

test("what was open is asked about beside a new hazard too, though the list was not gone through", () => {
  const found = { findings: [{ id: "new", action: "notice_left" }], checklist: { checked: false } };

  assert.equal(problem(found, { findings: [{ id: "old", status: "notified" }] })?.line, "need_recheck");
});

test("a hazard whose recheck waits for its photo can be looked at again, and is asked about", () => {
  for (const [status, at] of [
    ["awaiting_photo", '[data-recheck="f"] [data-results] input'],
    ["referred", undefined],
  ])
    assert.equal(problem({ unchanged: true }, { findings: [{ id: "f", status }] })?.at, at);
});

test("what this phone found here a visit ago is asked about, though the round cannot tell of it yet", () => {
  const said = { findings: [{ id: "f", item: "H09", action: "notice_left" }] };
  const record = (body) => ({ visit: "v", body: JSON.stringify(body), receipt: null, state: "waiting" });
  const at = (...records) => problem({ unchanged: true }, { records })?.at;

  assert.equal(at(record(said)), '[data-recheck="f"] [data-results] input');
  assert.equal(at(record(said), record({})), undefined);
});

test("what the rules ask of somebody new is asked about once, and can be left empty", () => {
  const whole = { document_number: "11010519491231002X", phone: "13900000000", moved_in_on: "2026-11-01" };
  const told = (id, left = {}) => ({ ...PERSON, occupancy: id, ...whole, ...left });
  const first = {
    outcome: "done",
    occupants: [told("a"), told("b", { phone: undefined }), told("c", { moved_in_on: "" })],
  };

  assert.deepEqual(notAsked(first), { line: "left_empty", at: '[data-occupancy="b"] [name="phone"]' });
  assert.equal(notAsked(first), null);
});

test("nothing is asked about of those who are known, of what stays as it was sent, or where nobody was let in", () => {
  const known = { action: "change", occupancy: "d", reason: "205" };
  const corrected = {
    ...PERSON,
    occupancy: "e",
    document: "110***",
    phone_masked: "139****",
    moved_in_on: "2026-11-01",
  };

  assert.equal(notAsked({ outcome: "done", occupants: [known, corrected] }), null);
  assert.equal(notAsked({ outcome: "refused", occupants: [{ ...PERSON, occupancy: "f" }] }), null);
});
