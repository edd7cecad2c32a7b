// Who is on a door's list and how many live there.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./shell.js";

const { listedLine } = await import("../../../static/js/phone/door_lists.js");

test("where more live than are on the list, both are said", () => {
  assert.equal(listedLine(5, 3), "more_than_listed");
  assert.equal(listedLine(2, 0), "none_listed");
});

test("nothing is said where the list holds all, and that it is empty where nobody was counted", () => {
  assert.equal(listedLine(3, 3), "");
  assert.equal(listedLine(null, 1), "");
  assert.equal(listedLine(0, 0), "nobody_listed");
});
