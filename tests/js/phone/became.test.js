// How an escalation is told below what became of a hazard.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./shell.js";

const { pressedLine } = await import("../../../static/js/phone/became.js");
const at = "2026-11-20T04:00:00Z";

test("what was escalated by itself says why in the words of this phone", () => {
  assert.equal(pressedLine({ at, by_itself: true, cause: "not_accepted" }), "pressed_not_accepted");
});

test("a cause that this app does not know, and a sentence of earlier days, are marked as automatic", () => {
  assert.equal(pressedLine({ at, by_itself: true, cause: "newer" }), "pressed_by_itself");
  assert.equal(pressedLine({ at, by_itself: true, reason: "未整改" }), "pressed_by_itself");
});

test("what somebody pressed for is marked as theirs", () => {
  assert.equal(pressedLine({ at, by_itself: false, reason: "本周内" }), "pressed");
});
