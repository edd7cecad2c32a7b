// What a worker is told at a door about calls before, also about those that nobody but this phone knows of yet.
import assert from "node:assert/strict";
import { test } from "node:test";

const { callsAt } = await import("../../../static/js/phone/calls.js");

const NOON = "2026-11-20T04:00:00.000Z";
const LATER = "2026-11-20T07:00:00.000Z";

function aDoor(overrides = {}) {
  return { id: "door", last: null, ...overrides };
}

function aRecord(overrides = {}) {
  return {
    visit: "own",
    door: "door",
    revision: 1,
    outcome: "no_answer",
    recorded_at: LATER,
    state: "waiting",
    ...overrides,
  };
}

const aColleagues = (outcome, at = NOON) => ({ visit: "theirs", outcome, at, mine: false });

test("a call that waits on this phone is the last one at its door", () => {
  const calls = callsAt(aDoor({ last: aColleagues("done") }), [aRecord()], null);

  assert.deepEqual(
    calls.map(({ outcome, mine }) => [outcome, mine]),
    [
      ["no_answer", true],
      ["done", false],
    ],
  );
});

test("records at other doors tell nothing of this one", () => {
  assert.deepEqual(callsAt(aDoor(), [aRecord({ door: "other" })], null), []);
});

test("an ending that can still be undone counts, a visit that is being written does not", () => {
  const draft = { id: "open", body: { outcome: "vacant" }, touched_at: LATER, screen: { ending: true } };

  assert.equal(callsAt(aDoor(), [], draft)[0].outcome, "vacant");
  assert.deepEqual(callsAt(aDoor(), [], { ...draft, screen: {} }), []);
});

test("what the round has brought back is told once", () => {
  const last = { visit: "own", outcome: "no_answer", at: LATER, mine: true };

  assert.equal(callsAt(aDoor({ last }), [aRecord({ state: "accepted" })], null).length, 1);
});

test("a record that came before the last call the round tells of is among the earlier ones there", () => {
  const door = aDoor({ last: aColleagues("done", "2026-11-20T09:00:00.000Z") });

  assert.equal(callsAt(door, [aRecord({ state: "accepted" })], null).length, 1);
});

test("a correction changes what the call led to and is no call of its own", () => {
  const last = { visit: "own", outcome: "refused", at: NOON, mine: true };

  const calls = callsAt(aDoor({ last }), [aRecord({ revision: 2, outcome: "rescheduled" })], null);

  assert.deepEqual(calls, [{ ...last, outcome: "rescheduled" }]);
});
