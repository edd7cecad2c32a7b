// What a search and a plate find in the round.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./shell.js";

const { found, keepTo, meant, missing, placeOf } = await import("../../../static/js/phone/round_search.js");

/** A building with so many doors. */
function aBuilding(id, name, doors = 2, more = {}) {
  const cells = Array.from({ length: doors }, (_none, at) => ({
    door: { id: `${id}-door-${at}`, door: `${101 + at}`, unit: null, plate: null },
    state: { state: "todo", sign: "todo", word: "" },
    work: "",
  }));
  return { id, name, address: name, plate: null, cells, ...more };
}

test("a building's plate shows its own doors, also when others are called alike, and all of them", () => {
  const one = aBuilding("b-1", "1 Long Lane", 60);
  const other = aBuilding("b-2", "11 Long Lane");

  keepTo(one);

  const shown = found([other, one], "1 Long Lane").best;
  assert.equal(shown.length, 60);
  assert.ok(shown.every(({ block }) => block === one));
});

test("whatever answers is found, however much it is, the best first", () => {
  const blocks = [aBuilding("b-1", "1 Long Lane", 90), aBuilding("b-2", "2 Long Lane", 30)];

  const all = found(blocks, "1");

  assert.equal(all.n, 120);
  assert.equal(all.best.length, 120);
  const doors = found(blocks, "10").best.map(({ cell }) => cell.door.door);
  assert.deepEqual(
    doors.slice(0, 18),
    doors.filter((door) => door.startsWith("10")),
  );
  assert.equal(doors[18], "110");
});

test("as many as are wanted are kept of what answers, the best of it, and all are counted", () => {
  const blocks = [aBuilding("b-1", "1 Long Lane", 90), aBuilding("b-2", "2 Long Lane", 30)];

  const { n, best } = found(blocks, "110", 2);

  assert.equal(n, 2);
  assert.deepEqual(
    best.map(({ cell }) => cell.door.id),
    ["b-1-door-9", "b-2-door-9"],
  );
  assert.equal(found(blocks, "1", 40).n, 120);
  assert.equal(found(blocks, "1", 40).best.length, 40);
});

test("what is typed after a plate looks everywhere again", () => {
  const one = aBuilding("b-1", "1 Long Lane");
  const other = aBuilding("b-2", "11 Long Lane");
  keepTo(one);

  assert.equal(found([other, one], "1 Long Lan").best.length, 4);
  assert.equal(found([other, one], "1 Long Lane").best.length, 4);
});

test("a code without a text stands for nothing, and none is kept as a text without letters", () => {
  const blocks = [aBuilding("b-1", "1 Long Lane", 2, { plate: "" })];

  for (const code of ["", "  ", "\n"]) assert.equal(placeOf(blocks, code), null);
});

test("the code word for word comes before an id that another code holds", () => {
  const one = aBuilding("b-1", "1 Long Lane");
  const other = aBuilding("b-2", "2 Long Lane", 2, { plate: "plates/b-1" });

  assert.deepEqual(placeOf([one, other], " plates/b-1 "), { building: other });
  assert.deepEqual(placeOf([one, other], "https://phone.example/phone/door#b-1-door-1"), {
    door: "b-1-door-1",
  });
  assert.equal(placeOf([one, other], "https://elsewhere.example/7"), null);
});

test("a door that is not there yet is looked for in the building that was typed", () => {
  const blocks = [aBuilding("b-1", "人民路 12号"), aBuilding("b-2", "人民路 14号")];

  assert.deepEqual(found(blocks, "人民路14号309").best, []);
  assert.equal(meant(blocks, "人民路14号309")?.id, "b-2");
  assert.equal(meant(blocks, "nowhere 9"), undefined);
});

test("a whole address in one word finds its door", () => {
  const blocks = [aBuilding("b-1", "人民路 12号"), aBuilding("b-2", "人民路 14号")];

  const ids = found(blocks, "人民路14号102室").best.map(({ cell }) => cell.door.id);

  assert.deepEqual(ids, ["b-2-door-1"]);
});

test("the number of a plate is typed as it stands there", () => {
  const block = aBuilding("b-1", "1 Long Lane");
  block.cells[1].door.plate = "DEMO-620402001005-01-01-102";

  for (const typed of ["DEMO-620402001005-01-01-102", "demo-620402001005-01-01-102", "01-102"])
    assert.deepEqual(
      found([block], typed).best.map(({ cell }) => cell.door.id),
      ["b-1-door-1"],
    );
});

test("what was searched in vain is the number of the door that is missing", () => {
  const block = aBuilding("b-1", "人民路 12号", 2, { spelling: "ren min lu 12 hao" });

  assert.deepEqual(missing(block, "rml 399"), { unit: undefined, door: "399" });
  assert.deepEqual(missing(block, "人民路12号2单元309室"), { unit: "2", door: "309" });
  assert.deepEqual(missing(block, "人民路12号301a"), { unit: undefined, door: "301A" });
  assert.equal(missing(block, "人民路").door, "");
});

test("units and floors are found as people write them", () => {
  const block = aBuilding("b-1", "人民路 12号", 4);
  ["2-301", "12-301", "2-1301", "1-1302"].forEach((number, at) => {
    const [unit, door] = number.split("-");
    Object.assign(block.cells[at].door, { unit, door, floor: Number(door.slice(0, -2)) });
  });
  const numbers = (typed) =>
    found([block], typed).best.map(({ cell: { door } }) => `${door.unit}-${door.door}`);

  assert.equal(numbers("人民路12号2单元")[0], "2-301");
  assert.deepEqual(numbers("人民路12号2单元").toSorted(), ["12-301", "2-1301", "2-301"]);
  assert.deepEqual(numbers("12号2单元 301"), ["2-301", "12-301"]);
  assert.deepEqual(numbers("人民路12号1301号"), ["2-1301"]);
  for (const typed of ["3楼", "人民路12号3层"]) assert.deepEqual(numbers(typed), ["2-301", "12-301"], typed);
  assert.deepEqual(numbers("3"), ["2-301", "12-301", "2-1301", "1-1302"]);
  assert.deepEqual(missing(block, "人民路12号2单元 309"), { unit: "2", door: "309" });
});

test("of a code that is longer than the register takes the end is kept, and finds its house again", () => {
  const code = `https://plates.example/${"0".repeat(120)}/no-7`;
  const blocks = [aBuilding("b-1", "1 Long Lane", 2, { plate: code.slice(-120) })];

  assert.deepEqual(placeOf(blocks, code), { building: blocks[0] });
  assert.equal(placeOf(blocks, code.replace("no-7", "no-8")), null);
});
