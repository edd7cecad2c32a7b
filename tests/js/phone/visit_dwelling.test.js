// What is pointed out beside the facts of a dwelling, and never refused.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./shell.js";

globalThis.document.addEventListener ??= () => {};
const { tooManyLet } = await import("../../../static/js/phone/visit_dwelling.js");

const odd = (dwelling_changes, door = {}) => tooManyLet({ body: { dwelling_changes }, view: { door } });

test("more rooms let than there are is pointed out, also when one of the two was known before", () => {
  assert.equal(odd({ rooms: 2, rooms_let: 3 }), true);
  assert.equal(odd({ rooms_let: 3 }, { rooms: 2 }), true);
  assert.equal(odd({ rooms: 2 }, { rooms_let: 3 }), true);
});

test("as many as there are, or a number that nobody said, is nothing odd", () => {
  assert.equal(odd({ rooms: 3, rooms_let: 3 }), false);
  assert.equal(odd({ rooms_let: 3 }), false);
});

test("what the register knows already is not pointed out at a visit that says nothing of it", () => {
  assert.equal(odd({ heating: "gas" }, { rooms: 2, rooms_let: 3 }), false);
  assert.equal(odd(undefined, { rooms: 2, rooms_let: 3 }), false);
});
