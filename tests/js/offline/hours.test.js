// The hour to try again, from when doors opened and stayed shut.
import assert from "node:assert/strict";
import { test } from "node:test";
import { bestHours, knocksAt } from "../../../static/js/offline/hours.js";

const at = (hour, day = 10) => new Date(2026, 10, day, hour, 30).toISOString();
const knocks = (hour, opened, shut) => [
  ...Array.from({ length: opened }, (_none, n) => ({ at: at(hour, 1 + n), opened: true })),
  ...Array.from({ length: shut }, (_none, n) => ({ at: at(hour, 1 + n), opened: false })),
];

test("the hours in which doors here opened are proposed, with the figures", () => {
  const here = [...knocks(10, 1, 6), ...knocks(19, 5, 1)];

  assert.deepEqual(bestHours(here, here), { from: 18, to: 20, opened: 5, of: 6 });
});

test("where little is known of a building the round decides", () => {
  const round = [...knocks(10, 2, 8), ...knocks(18, 8, 2)];

  assert.deepEqual(bestHours([], round), { from: 18, to: 20, opened: 8, of: 10 });
});

test("a building that opens at other hours than the rest is believed", () => {
  const here = [...knocks(12, 6, 0), ...knocks(18, 0, 6)];

  assert.equal(bestHours(here, [...here, ...knocks(18, 9, 3), ...knocks(12, 2, 6)]).from, 12);
});

test("a few calls say nothing, and hours of the night do not count", () => {
  assert.equal(bestHours(knocks(10, 3, 0), knocks(10, 3, 0)), null);
  assert.equal(bestHours(knocks(3, 9, 0), knocks(3, 9, 0)), null);
});

test("a door tells of its last call, and of the last time it opened", () => {
  const door = { last: { outcome: "no_answer", at: at(10) }, opened: at(19, 3) };

  assert.deepEqual(
    knocksAt(door, (outcome) => outcome === "done").map(({ opened }) => opened),
    [false, true],
  );
});

test("calls of this phone count once each: what the round tells of already, and corrections, are no further ones", () => {
  const last = { visit: "v1", outcome: "no_answer", at: at(10) };
  const isOpen = (outcome) => outcome === "done";
  const count = (door, ...own) => knocksAt(door, isOpen, own).map(({ opened }) => opened);
  const later = { visit: "v2", outcome: "done", at: at(19) };

  assert.deepEqual(count({ last }, later), [false, true]);
  assert.deepEqual(count({}, later), [true]);
  assert.deepEqual(count({ last }, { ...last, at: at(10) }), [false]);
  assert.deepEqual(count({ last }, { ...last, outcome: "done" }), [true]);
  assert.deepEqual(count({ last }, { visit: "v0", outcome: "done", at: at(9) }), [false]);
});

test("an hour at which nobody opened is never proposed", () => {
  const round = [...knocks(10, 6, 2), ...knocks(20, 0, 1)];
  const here = [...knocks(10, 0, 9), ...knocks(20, 0, 1)];

  // In the one nobody opened anywhere, in the other nobody of this building.
  assert.equal(bestHours(here, [...here, ...round]), null);
  assert.equal(
    bestHours(knocks(10, 0, 9), [...knocks(10, 1, 9), ...knocks(12, 4, 30), ...knocks(20, 0, 1)])?.opened,
    4,
  );
});
