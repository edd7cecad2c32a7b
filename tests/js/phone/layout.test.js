// How odd buildings lie in the round: gaps, half floors, cellars, doors behind doors.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./shell.js";

const { layoutOf, partOf } = await import("../../../static/js/phone/layout.js");

/** Doors as "floor:name" or "unit/floor:name", in the order given. */
function cells(...doors) {
  return doors.map((text) => {
    const [, unit = null, floor, door] = /^(?:(\w+)\/)?(-?\d+):(.+)$/.exec(text);
    return { door: { unit, floor: Number(floor), door } };
  });
}

const names = (slots) => slots.map((slot) => slot?.name ?? null);

test("doors of a floor stand in columns, and a missing number leaves a gap", () => {
  const [{ levels }] = layoutOf(cells("2:201", "2:202", "2:203", "1:101", "1:103"));

  assert.equal(levels[1].across, 3);
  assert.deepEqual(names(levels[1].slots), ["101", null, "103"]);
});

test("a half-built last floor has no gaps at its end", () => {
  const [{ levels }] = layoutOf(cells("3:301", "2:201", "2:202", "2:203"));

  assert.deepEqual(names(levels[0].slots), ["301"]);
});

test("doors without numbers, or too many for a narrow phone, flow as they come", () => {
  assert.equal(layoutOf(cells("1:东屋", "1:西屋"))[0].levels[0].across, 0);
  assert.equal(layoutOf(cells("1:101", "1:106"))[0].levels[0].across, 0);
});

test("rooms into which a door was divided stay together", () => {
  const [{ levels }] = layoutOf(cells("3:301-1", "3:301-2", "3:301A", "3:302"));

  assert.deepEqual(names(levels[0].slots), ["301", "302"]);
  assert.equal(levels[0].slots[0].cells.length, 3);
  assert.deepEqual(
    ["301-1", "301A", "301"].map((name) => partOf(name, "301")),
    ["1", "A", "301"],
  );
});

test("a letter alone divides nothing", () => {
  const [{ levels }] = layoutOf(cells("3:301A", "3:302"));

  assert.deepEqual(names(levels[0].slots), ["301A", "302"]);
});

test("half floors and cellars are floors of their own", () => {
  const [{ levels }] = layoutOf(cells("1:夹01", "1:101", "-1:B01"));

  assert.deepEqual(
    levels.map(({ level }) => [level.floor, level.half]),
    [
      [1, true],
      [1, false],
      [-1, false],
    ],
  );
});

test("a half floor without numbers leaves the others in their columns", () => {
  const [{ levels }] = layoutOf(cells("1:夹层", "1:102", "1:103"));

  assert.deepEqual(
    levels.map(({ across }) => across),
    [0, 3],
  );
});

test("units are laid out one by one", () => {
  assert.deepEqual(
    layoutOf(cells("1/1:101", "2/1:101")).map(({ unit }) => unit),
    ["1", "2"],
  );
});
