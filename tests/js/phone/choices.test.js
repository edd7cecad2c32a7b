// Choices that need not be made can be unsaid.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import "./shell.js";

const { bindRadio, tick } = await import("../../../static/js/phone/choices.js");

let said = [];
let held;
let inputs;
let box;

beforeEach(() => {
  said = [];
  held = null;
  inputs = ["a", "b"].map((value) => Object.assign(new EventTarget(), { value, checked: false }));
  box = { querySelectorAll: () => inputs };
  for (const input of inputs) {
    const unsaid = () => {
      said.push(null);
      return held;
    };
    bindRadio(box, input, () => said.push(input.value), unsaid);
  }
});

/** As a browser does: it chooses first, then tells of the tap, then of what is different from before. */
function tap(input) {
  const before = input.checked;
  for (const one of inputs) one.checked = one === input;
  input.dispatchEvent(new Event("click"));
  if (input.checked !== before) input.dispatchEvent(new Event("change"));
}

const chosen = () => inputs.filter(({ checked }) => checked).map(({ value }) => value);

test("a second tap unsays a choice, a third makes it again", () => {
  tap(inputs[0]);
  tap(inputs[0]);
  assert.deepEqual([chosen(), said], [[], ["a", null]]);

  tap(inputs[0]);

  assert.deepEqual([chosen(), said], [["a"], ["a", null, "a"]]);
});

test("another choice takes its place as always", () => {
  tap(inputs[0]);
  tap(inputs[1]);

  assert.deepEqual([chosen(), said], [["b"], ["a", "b"]]);
});

test("what the register knows holds again when another answer is unsaid, and cannot be unsaid itself", () => {
  held = "a";
  tick(box, [{ code: "a" }, { code: "b" }], ({ code }) => code === held);

  tap(inputs[1]);
  tap(inputs[1]);
  assert.deepEqual(chosen(), ["a"]);
  tap(inputs[0]);

  assert.deepEqual(chosen(), ["a"]);
});
