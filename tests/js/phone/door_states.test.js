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
    looks: new Map(),
    own: new Map(),
    day: "2026-11-22",
    now: "2026-11-26T04:00:00.000Z",
    ...overrides,
  };
}

const recheck = (since) => ({ why: "recheck", since });
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

test("a call that waits to be sent looks as it will when it is sent, and is marked besides", () => {
  for (const outcome of ["done", "no_answer", "refused", "vacant"]) {
    const [waiting, sent] = [false, true].map((sent) =>
      stateOf(aDoor(), facts({ own: new Map([["door", { outcome, at: "2026-11-21T08:00:00Z", sent }]]) })),
    );

    assert.deepEqual([waiting.state, waiting.sign], [sent.state, sent.sign]);
    assert.deepEqual([waiting.unsent, sent.unsent], [true, false]);
  }
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

const settled = { outcome: "done", at: "2026-11-20T08:00:00Z" };
const shut = { outcome: "no_answer", at: "2026-11-21T08:00:00Z" };

test("nobody at home later takes back nothing, whoever called then", () => {
  const told = aDoor({ last: { visit: "w", mine: false, ...shut }, settled });
  const waiting = new Map([["door", { ...shut, sent: false }]]);
  const sent = new Map([["door", { ...shut, sent: true }]]);
  const known = aDoor({ last: visited("done") });

  const states = [stateOf(told, facts())];
  for (const own of [waiting, sent]) states.push(stateOf(known, facts({ own })));

  assert.deepEqual(
    states.map(({ kind, settled, due }) => [kind, settled, due]),
    [
      ["done", true, false],
      ["waiting", true, false],
      ["done", true, false],
    ],
  );
});

test("what was settled before the round began, or by a visit that was corrected since, is open", () => {
  const before = aDoor({
    last: { visit: "w", mine: false, ...shut },
    settled: { outcome: "done", at: "2026-11-09T08:00:00Z" },
  });
  const own = new Map([["door", { ...shut, sent: true, visits: new Set(["v"]) }]]);

  assert.equal(stateOf(before, facts()).settled, false);
  assert.equal(stateOf(aDoor({ last: visited("done") }), facts({ own })).settled, false);
});

test("a returned visit opens its door again; one that was begun anew does not", () => {
  const door = aDoor({ last: visited("done") });

  const back = stateOf(door, facts({ returned: new Set(["door"]) }));
  const begun = stateOf(door, facts({ drafts: new Set(["door"]) }));

  assert.deepEqual([back.settled, back.due], [false, true]);
  assert.deepEqual([begun.kind, begun.settled, begun.due], ["draft", true, true]);
});

test("a door whose hazard is to be looked at again is settled and waits", () => {
  const looks = new Map([["door", recheck("2026-11-20T16:00:00.000Z")]]);
  const door = aDoor({ last: visited("done") });

  const state = stateOf(door, facts({ looks }));
  const since = stateOf(aDoor({ last: visited("done", "2026-11-21T08:00:00Z") }), facts({ looks }));
  const at_once = stateOf(door, facts({ looks: new Map([["door", recheck("~")]]) }));

  assert.deepEqual([state.kind, state.settled, state.due], ["recheck", true, true]);
  assert.deepEqual([since.kind, since.due], ["done", false]);
  assert.equal(at_once.kind, "recheck");
});

test("a recheck that this phone knows of before the round does has been made", () => {
  const news = { outcome: "done", at: "2026-11-21T08:00:00Z" };
  const own = new Map([["door", { ...news, sent: true, settled: news }]]);
  const looks = new Map([["door", recheck("~")]]);

  assert.equal(stateOf(aDoor({ last: visited("done") }), facts({ own, looks })).kind, "done");
});

test("where nobody opened for the recheck, that is shown, and the door waits", () => {
  const looks = new Map([["door", recheck("~")]]);
  const door = aDoor({ last: { visit: "w", mine: false, ...shut }, settled });

  const state = stateOf(door, facts({ looks }));

  assert.deepEqual([state.kind, state.settled, state.due], ["no_answer", true, true]);
});

test("a hazard that was looked at in vain, and whose day has passed, makes its door due every day, and says why", () => {
  const looks = new Map([["door", { why: "overdue", since: "2026-11-21T16:00:00.000Z" }]]);
  const yesterday = aDoor({ last: visited("done", "2026-11-21T08:00:00Z") });
  const today = aDoor({ last: visited("done", "2026-11-22T01:00:00Z") });

  const due = stateOf(yesterday, facts({ looks }));
  const met = stateOf(today, facts({ looks }));

  assert.deepEqual([due.kind, due.why, due.settled, due.due], ["overdue", "overdue", true, true]);
  assert.deepEqual([met.kind, met.why, met.due], ["done", "", false]);
});

test("a dwelling whose day has come is to do, says why, and stays settled in the round", () => {
  const last = visited("done", "2026-11-15T08:00:00Z");

  const states = ["2026-11-23", "2026-11-22", "2026-11-16"].map((again) =>
    stateOf(aDoor({ last, again }), facts()),
  );

  assert.deepEqual(
    states.map(({ kind, why, settled, due }) => [kind, why, settled, due]),
    [
      ["done", "", true, false],
      ["revisit", "revisit", true, true],
      ["revisit", "revisit", true, true],
    ],
  );
});

test("whatever settles the door from that day on meets it, also before the round knows", () => {
  const again = "2026-11-20";
  const before = visited("done", "2026-11-15T08:00:00Z");
  const news = { outcome: "refused", at: "2026-11-22T01:00:00Z" };
  const own = new Map([["door", { ...news, sent: true, settled: news }]]);
  const early = { outcome: "vacant", at: "2026-11-19T01:00:00Z" };

  const since = stateOf(aDoor({ last: visited("vacant", "2026-11-22T01:00:00Z"), again }), facts());
  const mine = stateOf(aDoor({ last: before, again }), facts({ own }));
  const sooner = stateOf(
    aDoor({ last: before, again }),
    facts({ own: new Map([["door", { ...early, sent: true, settled: early }]]) }),
  );

  assert.deepEqual(
    [since, mine, sooner].map(({ kind, due }) => [kind, due]),
    [
      ["vacant", false],
      ["refused", false],
      ["vacant", false],
    ],
  );
});

test("nobody at home shows once somebody went for it, not before", () => {
  const again = "2026-11-20";
  const first = { outcome: "done", at: "2026-11-12T08:00:00Z" };
  const at = (moment) => aDoor({ last: visited("no_answer", moment), settled: first, again });

  const went = stateOf(at("2026-11-21T08:00:00Z"), facts());
  const earlier = stateOf(at("2026-11-13T08:00:00Z"), facts());

  assert.deepEqual([went.kind, went.due, went.settled], ["no_answer", true, true]);
  assert.deepEqual([earlier.kind, earlier.due, earlier.settled], ["revisit", true, true]);
});

test("what is dangerous comes before the next visit, and either alone makes the door due", () => {
  const looks = new Map([["door", recheck("~")]]);
  const last = visited("done", "2026-11-15T08:00:00Z");

  assert.equal(stateOf(aDoor({ last, again: "2026-11-20" }), facts({ looks })).why, "recheck");
  assert.equal(stateOf(aDoor({ last, again: "2026-11-30" }), facts({ looks })).why, "recheck");
  assert.equal(stateOf(aDoor({ last, again: "2026-11-20" }), facts()).why, "revisit");
});

// Noon of the 26th in China; the household put it off that morning.
const putOff = (again_on, at = "2026-11-26T01:00:00Z") => ({ ...visited("rescheduled", at), again_on });

test("a door whose household said when to come again is not to do before that day, and says the day", () => {
  const state = stateOf(aDoor({ last: putOff("2026-11-28") }), facts());

  assert.deepEqual([state.kind, state.due, state.later], ["rescheduled", false, "2026-11-28"]);
  assert.match(state.word, /come_on/);
});

test("from that day on it is to do, until somebody has called there", () => {
  const later = facts({ now: "2026-11-29T04:00:00.000Z" });

  const state = stateOf(aDoor({ last: putOff("2026-11-28") }), later);

  assert.deepEqual([state.kind, state.due, state.settled], ["agreed", true, false]);
  assert.equal(stateOf(aDoor({ last: visited("done", "2026-11-28T09:00:00Z") }), later).due, false);
});

test("on the day of the call itself the evening is meant", () => {
  const door = aDoor({ last: putOff("2026-11-26", new Date("2026-11-26T09:00").toISOString()) });
  const at = (time) => stateOf(door, facts({ now: new Date(`2026-11-26T${time}`).toISOString() })).due;

  assert.deepEqual([at("12:00"), at("17:00")], [false, true]);
});

test("a call that was put off without a day is to do at once, as before", () => {
  assert.equal(stateOf(aDoor({ last: visited("rescheduled") }), facts()).due, true);
});

test("a hazard that is due brings somebody there before the day that was agreed on", () => {
  const looks = new Map([["door", { why: "recheck", since: "2026-11-25T00:00:00.000Z" }]]);

  const state = stateOf(aDoor({ last: putOff("2026-11-28") }), facts({ looks }));

  assert.deepEqual([state.due, state.why], [true, "recheck"]);
});

test("what this phone was told counts before it is sent", () => {
  const own = new Map([["door", { ...putOff("2026-11-28"), sent: false }]]);

  assert.deepEqual([stateOf(aDoor(), facts({ own })).due], [false]);
});

test("a door at which somebody is to be reminded is to do from that day on, until a call has settled it", () => {
  const door = aDoor({ last: visited("done"), remind_on: ["2026-11-26"] });
  const again = aDoor({ last: visited("done", "2026-11-26T03:00:00Z"), remind_on: ["2026-11-26"] });

  const state = stateOf(door, facts());

  assert.deepEqual([state.kind, state.due, state.settled], ["remind", true, true]);
  assert.equal(stateOf(door, facts({ now: "2026-11-24T04:00:00.000Z" })).due, false);
  assert.equal(stateOf(again, facts()).due, false);
});

test("nobody at home on that day reminds nobody", () => {
  const settled = { outcome: "done", at: "2026-11-20T08:00:00Z" };
  const door = aDoor({
    last: visited("no_answer", "2026-11-26T03:00:00Z"),
    settled,
    remind_on: ["2026-11-26"],
  });

  assert.equal(stateOf(door, facts()).due, true);
});
