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

test("a half floor stands above its floor, also where its doors come after the others", () => {
  const [{ levels }] = layoutOf(cells("2:201", "1:101", "1:102", "1:夹01"));

  assert.deepEqual(
    levels.map(({ level }) => [level.floor, level.half]),
    [
      [2, false],
      [1, true],
      [1, false],
    ],
  );
});

test("doors whose numbers say the same place are all there, beside each other", () => {
  for (const doors of [
    ["2:21", "2:201"],
    ["1:11", "1:101", "1:1001"],
    ["2:201", "2:202", "2:2003", "2:203", "1:101"],
  ]) {
    const [{ levels }] = layoutOf(cells(...doors));

    assert.deepEqual(
      levels.flatMap(({ slots }) => names(slots).filter(Boolean)),
      doors.map((door) => door.split(":")[1]),
    );
    assert.equal(levels[0].across, 0);
  }
});

/** The same numbers in every run. */
function drawnFrom(seed) {
  let state = seed;
  return (most) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * most);
  };
}

test("whatever doors are called, each of them is drawn once", () => {
  const parts = ["", "", "", "0", "1", "2", "3", "01", "02", "11", "夹", "M", "A", "-1", "附2", "东屋"];
  for (let seed = 1; seed <= 3000; seed++) {
    const draw = drawnFrom(seed);
    const doors = Array.from({ length: 1 + draw(9) }, (_none, at) => {
      const floor = draw(5) - 1;
      const door = [
        draw(3) ? String(floor) : "",
        ...Array.from({ length: 3 }, () => parts[draw(parts.length)]),
      ];
      return { door: { id: at, unit: draw(4) ? null : "1", floor, door: door.join("") || "x" } };
    });

    const laid = layoutOf(doors).flatMap(({ levels }) =>
      levels.flatMap(({ slots }) => [...slots].flatMap((slot) => slot?.cells ?? [])),
    );

    const ids = (rows) => rows.map(({ door }) => door.id).sort();
    assert.deepEqual(ids(laid), ids(doors), `seed ${seed}`);
  }
});

test("units are laid out one by one", () => {
  assert.deepEqual(
    layoutOf(cells("1/1:101", "2/1:101")).map(({ unit }) => unit),
    ["1", "2"],
  );
});
