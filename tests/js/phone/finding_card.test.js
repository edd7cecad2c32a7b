// What the register says of a finding that is corrected: its days hold until it is no longer for a department.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./shell.js";

globalThis.document.addEventListener ??= () => {};
const { registered } = await import("../../../static/js/phone/finding_card.js");

const DUE = "2026-12-03";
const due = (status, action, id = "f") =>
  registered({ view: { findings: [{ id: "f", status, due_on: DUE }] } }, { id, action })?.due_on;

test("the day that the desk has holds in a correction, also for what is referred now", () => {
  for (const action of ["notice_left", "refer"]) assert.equal(due("notified", action), DUE);
  assert.equal(due("referred", "refer"), DUE);
  assert.equal(due("recheck_due", "notice_left"), DUE);
});

test("a notice that is left only now gives its days from now, and so does what is new", () => {
  assert.equal(due("referred", "notice_left"), undefined);
  assert.equal(due("notified", "notice_left", "new"), undefined);
});
