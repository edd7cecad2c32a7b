// How far a record has come, as the outbox tells it.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./shell.js";

const { stepsOf } = await import("../../../static/js/phone/outbox_steps.js");

function aRecord(overrides = {}) {
  return {
    saved_at: "2026-11-20T08:00:00Z",
    state: "waiting",
    attempts: 0,
    photos: [],
    receipt: null,
    ...overrides,
  };
}

const words = (record) => stepsOf(record).map((step) => step.word);

test("a fresh record is on this phone and waits for a signal", () => {
  assert.deepEqual(words(aRecord()).slice(1), ["step_waiting"]);
});

test("a received record shows its receipt and waits for the review", () => {
  const steps = stepsOf(aRecord({ state: "accepted", receipt: { number: "K7Q2MX4D" } }));

  assert.equal(steps[1].number, "K7Q2MX4D");
  assert.equal(steps[2].word, "step_review");
});

test("photos are done only when every one is stored", () => {
  const part = stepsOf(aRecord({ photos: [{ state: "stored" }, { state: "sending" }] }))[2];
  const whole = stepsOf(aRecord({ photos: [{ state: "stored" }, { state: "stored" }] }))[2];

  assert.deepEqual([part.state, whole.state], ["waiting", "done"]);
});

test("stored photos show their receipts", () => {
  const photos = [
    { state: "stored", receipt: "A1B2C3D4" },
    { state: "stored", receipt: "E5F6G7H8" },
  ];

  assert.equal(stepsOf(aRecord({ photos }))[2].number, "A1B2C3D4 E5F6G7H8");
});

test("a photo that cannot be used is said in red", () => {
  assert.equal(stepsOf(aRecord({ photos: [{ state: "unusable" }] }))[2].state, "hazard");
});

test("a returned record says so as its last step", () => {
  const steps = stepsOf(aRecord({ state: "accepted", review: { state: "returned" } }));

  assert.equal(steps.at(-1)?.word, "step_returned");
});

test("a record that was corrected no longer waits for a review", () => {
  const steps = stepsOf(aRecord({ state: "accepted", review: { state: "corrected" } }));

  assert.equal(steps.at(-1)?.word, "step_corrected");
});
