// What the phone asks for before a visit ends, so that no slip of a finger reaches the desk as a riddle.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./shell.js";

globalThis.document.addEventListener ??= () => {};
const { firstProblem } = await import("../../../static/js/phone/visit_checks.js");
const { actionsFor } = await import("../../../static/js/phone/finding_card.js");

const problem = (part) => firstProblem({ body: { outcome: "done", ...part }, view: { findings: [] } });

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
