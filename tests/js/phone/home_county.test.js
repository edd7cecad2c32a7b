// The county of somebody's registration is read from the number of an identity card, and from nothing else.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./shell.js";

globalThis.document.addEventListener ??= () => {};
const { countyOf } = await import("../../../static/js/phone/home_county.js");

const NUMBER = "11010519491231002X";

test("a right identity number begins with it", () => {
  assert.equal(countyOf("111", NUMBER), "110105");
  assert.equal(countyOf("111", " １１０１０５ 19491231 002x "), "110105");
});

test("while a number is not right, nothing is said of it", () => {
  for (const number of ["110105", `${NUMBER.slice(0, 17)}1`])
    assert.equal(countyOf("111", number), undefined);
});

test("without a number there is none, and with another document neither", () => {
  assert.equal(countyOf("111", " "), "");
  for (const type of ["414", "553", "hmt_residence"]) assert.equal(countyOf(type, NUMBER), "");
});
