// Deadlines on the phone are those of the desk: the same cases as in tests/hazards/test_terms.py.
import assert from "node:assert/strict";
import { test } from "node:test";
import { dueOn } from "../../../static/js/phone/deadlines.js";

const FRIDAY = "2026-11-27";
/** A Monday off, a Saturday on. */
const HOLIDAYS = { "2026-11-30": false, "2026-12-05": true };

for (const [item, calendar, due] of /** @type {[any, Record<string, boolean> | undefined, string][]} */ ([
  [{ due_days: 7 }, undefined, "2026-12-04"],
  [{ due_days: 3 }, {}, "2026-11-30"],
  [{ due_days: 7, working_days: true }, {}, "2026-12-08"],
  [{ due_days: 1, working_days: true }, undefined, "2026-11-30"],
  [{ due_days: 0, working_days: true }, {}, FRIDAY],
  [{ due_days: 1, working_days: true }, HOLIDAYS, "2026-12-01"],
  [{ due_days: 5, working_days: true }, HOLIDAYS, "2026-12-05"],
  [{}, {}, FRIDAY],
  [undefined, {}, FRIDAY],
])) {
  test(`${JSON.stringify(item)} with ${JSON.stringify(calendar)} is due on ${due}`, () => {
    assert.equal(dueOn(item && { ...item, calendar }, FRIDAY), due);
  });
}

test("a calendar without a working day ends somewhere", () => {
  const never = new Proxy({}, { get: () => false });
  assert.ok(dueOn({ due_days: 1, working_days: true, calendar: never }, FRIDAY) > FRIDAY);
});
