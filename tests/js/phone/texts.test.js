// Days and times as the phone writes them.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./shell.js";

const { day, moment } = await import("../../../static/js/phone/texts.js");
const year = new Date().getFullYear();

test("a day of this year is written without it, one of another year with it", () => {
  assert.equal(day(`${year}-03-05`), "3月5日");
  assert.equal(day("2019-03-05"), "2019年3月5日");
  assert.equal(day(null), "");
});

test("a time of another year says which", () => {
  assert.match(moment("2019-03-05T04:02:00Z"), /^2019年3月5日/);
});
