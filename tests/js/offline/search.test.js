// Finding doors by what is typed: addresses, numbers, Latin letters.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  answered,
  floorWord,
  isSpelt,
  prepare,
  rankOf,
  takenApart,
  wordsOf,
} from "../../../static/js/offline/search.js";

const STREET = {
  id: "b",
  name: "红星楼",
  address: "人民路 12号",
  spelling: "hong xing lou ren min lu 12 hao",
};
const spelling = prepare(STREET).spelling;

for (const typed of ["rml", "rmlu", "renminlu", "rml12", "renml", "hxl", "ml", "xinglou"]) {
  test(`${typed} finds 人民路 12号 红星楼`, () => assert.ok(isSpelt(spelling, typed)));
}

for (const typed of ["rlm", "rml13", "zzz", "rnm"]) {
  test(`${typed} does not`, () => assert.ok(!isSpelt(spelling, typed)));
}

test("either reading of a character is found", () => {
  const { spelling: changan } = prepare({ id: "c", address: "长安路", spelling: "zhang/chang an lu" });

  assert.ok(isSpelt(changan, "cal") && isSpelt(changan, "zal"));
});

test("every word must be answered, by the building or by the door", () => {
  const words = wordsOf("人民 301");
  const inPlace = answered(prepare(STREET), words);

  assert.deepEqual(inPlace, [true, false]);
  assert.ok(rankOf("301", words, inPlace) >= 0);
  assert.equal(rankOf("402", words, inPlace), -1);
});

test("the door with the very number comes before those that hold it", () => {
  const words = wordsOf("30");

  const rank = (name) => rankOf(name, words, [false]);

  assert.ok(rank("30") < rank("301") && rank("301") < rank("1302"));
  assert.equal(rank("30 演示小卖部"), rank("30"));
});

test("full-width signs and capitals are read as plain ones", () => {
  assert.deepEqual(wordsOf("ＲＭＬ　３０１，A"), ["rml", "301", "a"]);
});

for (const [typed, words] of [
  ["12号301", ["12号", "301"]],
  ["人民路12-301室", ["人民路12", "301"]],
  ["12号2单元301房", ["12号", "2-301"]],
  ["renmin12", ["renmin", "12"]],
  ["人民路12号2单元", ["人民路12号", "2-"]],
  ["12号2单元 301", ["12号", "2-301"]],
  ["2单元3楼301号", ["2-301"]],
  ["301号", ["301"]],
  ["人民路12号301号", ["人民路12号", "301"]],
  ["renmin12号", ["renmin", "12号"]],
  ["人民路 12号", ["人民路", "12号"]],
  ["人民路12号2楼201", ["人民路12号", "201"]],
  ["12号2层 201室", ["12号", "201"]],
  ["12号（301）", ["12号", "301"]],
  ["3号楼3楼", ["3号楼", floorWord(3)]],
])
  test(`${typed} is taken apart where it is found nowhere as a whole`, () => {
    assert.deepEqual(wordsOf(takenApart(typed)), words);
  });

test("a plate is found by its whole number and its beginning or end, not by what every plate holds", () => {
  const rank = (word) => rankOf("301", [word], [false], "demo-620402001005-01-01-301");

  assert.equal(rank("demo-620402001005-01-01-301"), rankOf("301", ["301"], [false]));
  for (const part of ["demo-6204", "01-301"]) assert.ok(rank(part) > 0, part);
  for (const part of ["2001005", "-01", "-01-"]) assert.equal(rank(part), -1, part);
});

test("an address is found as people write it, without the register's blanks", () => {
  assert.deepEqual(answered(prepare(STREET), ["人民路12号"]), [true]);
});
