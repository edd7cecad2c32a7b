// Numbers are checked on the phone as they are on the server: the same vectors, the first wrong character pointed at.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  birthOf,
  checkCreditCode,
  checkDocument,
  checkMobile,
  checkPhone,
  sexOf,
} from "../../../static/js/offline/documents.js";

const KINDS = { identity_card: "111", hmt_residence: "hmt_residence", hm_permit: "516", tw_permit: "511" };
const lines = readFileSync(new URL("../fixtures/id_vectors.csv", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .slice(1);

for (const line of lines) {
  const [kind, value, expected] = line.split(",");
  test(`${kind} ${value.trim()} is ${expected}`, () => {
    if (kind === "uscc") {
      const { ok, warning } = checkCreditCode(value);
      assert.deepEqual([ok, warning ?? "none"], [true, expected === "warning" ? "check" : "none"]);
      return;
    }
    const result = kind === "mobile" ? checkMobile(value) : checkDocument(KINDS[kind], value);
    assert.equal(result.ok, expected === "valid");
    if (!result.ok) assert.ok(Number.isInteger(result.position));
  });
}

for (const [type, text, problem, position] of [
  ["111", "1101051949123100", "length", 16],
  ["111", "11010519491231002A", "character", 17],
  ["111", "1l0105194912310021", "character", 1],
  ["111", "110105194912310021", "check", 17],
  ["111", "622628198502301237", "date", 12],
  ["111", "622628198513301237", "date", 10],
  ["111", "110105299901010010", "date", 6],
  ["hmt_residence", "11010519491231002X", "prefix", 0],
  ["553", "11010519491231002X", "prefix", 0],
  ["hmt_residence", "840000199208170013", "prefix", 1],
  ["hmt_residence", "811000199208170013", "prefix", 2],
  ["hmt_residence", "8300", "length", 4],
  ["553", "ABC1100780101", "length", 13],
  ["553", "ABC1100780101011", "length", 15],
  ["553", "AB1100780101011", "character", 2],
  ["553", "ABC11007801O101", "character", 11],
  ["553", "9111561981032100", "length", 16],
  ["516", "X12345678", "character", 0],
  ["516", "H12E45678", "character", 3],
  ["516", "M1234567", "length", 8],
  ["516", "M123456789", "length", 10],
  ["516", "M12345678901", "length", 11],
  ["511", "0123456", "length", 7],
  ["511", "0123-567", "character", 4],
  ["511", "012345678", "length", 8],
  ["414", "AB", "length", 2],
  ["414", "护照12345", "character", 0],
  ["414", "E1234/678", "character", 5],
  ["414", "E12345678901234567890", "length", 20],
]) {
  test(`${text} as ${type} is wrong by its ${problem}, at ${position}`, () => {
    const result = checkDocument(type, text);

    assert.deepEqual([result.ok, result.problem, result.position], [false, problem, position]);
  });
}

for (const [text, problem, position] of [
  ["1390943123", "length", 10],
  ["12909431234", "prefix", 1],
  ["23909431234", "prefix", 0],
  ["139O9431234", "character", 3],
]) {
  test(`the mobile ${text} is wrong by its ${problem}, at ${position}`, () => {
    const result = checkMobile(text);

    assert.deepEqual([result.ok, result.problem, result.position], [false, problem, position]);
  });
}

test("the normal form has no spaces, hyphens, country code or small letters", () => {
  assert.equal(checkMobile("+86 139-0943-1234").value, "13909431234");
  assert.equal(checkDocument("111", " 110105 19491231 002x ").value, "11010519491231002X");
});

test("digits and letters of full width are those of half", () => {
  assert.equal(checkMobile("＋８６　139－0943－1234").value, "13909431234");
  assert.equal(checkDocument("111", "１１０１０５１９４９１２３１００２ｘ").value, "11010519491231002X");
  assert.equal(checkDocument("516", "ｈ12345678").value, "H12345678");
  assert.equal(checkCreditCode("９1350211M000100Y43").value[0], "9");
});

for (const [text, value] of [
  ["13909431234", "13909431234"],
  ["0086 139 0943 1234", "13909431234"],
  ["(+86) 139-0943-1234", "13909431234"],
  ["8613909431234", "13909431234"],
  ["86123456", "86123456"],
  ["8228123", "8228123"],
  ["0943-8228123", "0943-8228123"],
  ["０９４３－８２２８１２３", "0943-8228123"],
  ["(010) 8888 1234", "(010) 8888 1234"],
  ["+86 10 8888 1234", "+86 10 8888 1234"],
  ["0943-8228123转801", "0943-8228123转801"],
  ["400 820 1234", "400 820 1234"],
  ["+852 2345 6789", "+852 2345 6789"],
]) {
  test(`${text} can be dialled, as ${value}`, () => {
    assert.deepEqual(checkPhone(text), { ok: true, value });
  });
}

for (const [text, problem, position] of [
  ["abc", "character", 0],
  ["0943-82281a3", "character", 10],
  ["139****1234", "character", 3],
  ["1390943123", "length", 10],
  ["+861390943123", "length", 10],
  ["0086 12909431234", "prefix", 1],
  ["+8601390943123", "prefix", 0],
  ["822", "length", 3],
  ["0943-8228123-0943-8228123", "length", 25],
]) {
  test(`${text} cannot be dialled by its ${problem}, at ${position}`, () => {
    const result = checkPhone(text);

    assert.deepEqual([result.ok, result.problem, result.position], [false, problem, position]);
  });
}

test("an old and a new foreign card are both right", () => {
  for (const card of ["ABC110078010101", "abc110078010101"]) assert.ok(checkDocument("553", card).ok);
});

test("a type that the phone does not know is only tidied", () => {
  for (const type of ["toString", "999", ""])
    assert.deepEqual(checkDocument(type, "a b"), { ok: true, value: "AB" });
});

test("birth and sex are read from the number, and from nothing else", () => {
  assert.equal(birthOf("11010519491231002X"), "1949-12-31");
  assert.equal(birthOf("622628198502301237"), null);
  assert.equal(birthOf("110105"), null);
  assert.deepEqual(
    [sexOf("11010519491231002X"), sexOf("110105194912310011"), sexOf("1")],
    ["female", "male", null],
  );
});
