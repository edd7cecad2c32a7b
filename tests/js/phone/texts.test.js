// Days, times, sentences and laws as the phone writes them.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./shell.js";

const { byWhen, day, inARow, moment, statute } = await import("../../../static/js/phone/texts.js");
const year = new Date().getFullYear();

test("a day of this year is written without it, one of another year with it", () => {
  assert.equal(day(`${year}-03-05`), "3\u2060月\u20605\u2060日");
  assert.equal(day("2019-03-05"), "2019\u2060年\u20603\u2060月\u20605\u2060日");
  assert.equal(day(null), "");
});

test("a time of another year says which", () => {
  assert.match(moment("2019-03-05T04:02:00Z"), /^2019\u2060年\u20603\u2060月\u20605\u2060日/);
});

test("chinese sentences follow each other without a space, and nothing stands for what is not said", () => {
  assert.equal(inARow(["已写好。", "", "有 1 张照片已不在本机。"]), "已写好。有 1 张照片已不在本机。");
});

test("a law and its articles are written as on papers, other words stay", () => {
  assert.equal(statute("消防法 28、60"), "《消防法》第28条、第60条");
  assert.equal(statute("地方导则"), "地方导则");
});

test("a hazard says by when, today, or for how long it has been late", () => {
  const inDays = (n) => new Date(Date.now() + n * 86_400_000).toLocaleDateString("sv");

  assert.deepEqual(
    [1, 0, -1, -9].map((n) => byWhen(inDays(n))),
    ["due", "fix_today", "overdue", "overdue"],
  );
});
