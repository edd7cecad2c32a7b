// What a worker sees at a door in the round.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./shell.js";

const { doorName, stateOf } = await import("../../../static/js/phone/door_states.js");

const ROUND_BEGAN = "2026-11-10";

function aDoor(overrides = {}) {
  return { id: "door", building: "building", unit: null, floor: 3, door: "301", last: null, ...overrides };
}

function facts(overrides = {}) {
  return {
    starts_on: ROUND_BEGAN,
    returned: new Set(),
    drafts: new Set(),
    hazards: new Set(),
    own: new Map(),
    ...overrides,
  };
}

const visited = (outcome, at = "2026-11-20T08:00:00Z") => ({ visit: "v", outcome, at, mine: true });

test("a door without a visit is to do", () => {
  assert.equal(stateOf(aDoor(), facts()).kind, "todo");
});

test("a visit before the round began leaves the door to do", () => {
  const door = aDoor({ last: visited("done", "2026-11-09T08:00:00Z") });

  assert.equal(stateOf(door, facts()).kind, "todo");
});

test("no answer keeps a door unsettled, vacant settles it", () => {
  assert.equal(stateOf(aDoor({ last: visited("no_answer") }), facts()).settled, false);
  assert.equal(stateOf(aDoor({ last: visited("vacant") }), facts()).settled, true);
});

test("a record of this phone that is not sent shows as waiting and counts by its outcome", () => {
  const own = new Map([["door", { outcome: "done", at: "2026-11-21T08:00:00Z", sent: false }]]);

  const state = stateOf(aDoor(), facts({ own }));

  assert.equal(state.kind, "waiting");
  assert.equal(state.settled, true);
});

test("a sent record newer than the pack stands for the door's last visit", () => {
  const own = new Map([["door", { outcome: "done", at: "2026-11-21T08:00:00Z", sent: true }]]);

  assert.equal(stateOf(aDoor({ last: visited("no_answer") }), facts({ own })).kind, "done");
});

test("a returned visit comes before everything else", () => {
  const own = new Map([["door", { outcome: "done", at: "2026-11-21T08:00:00Z", sent: false }]]);
  const all = facts({ own, returned: new Set(["door"]), drafts: new Set(["door"]) });

  assert.equal(stateOf(aDoor(), all).kind, "returned");
});

test("an open hazard is marked whatever the state of the door", () => {
  const door = aDoor({ last: visited("done") });

  assert.equal(stateOf(door, facts({ hazards: new Set(["door"]) })).hazard, true);
});

test("a door is called by its unit and number", () => {
  assert.equal(doorName(aDoor({ unit: "2" })), "2-301");
});
