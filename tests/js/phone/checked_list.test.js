// "Whole list checked" beside what was found: findings never lose their list, a tap by mistake leaves nothing behind.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import "./shell.js";

globalThis.document.addEventListener ??= () => {};
const { addFinding, nameList, removeFinding, tickList } = await import(
  "../../../static/js/phone/checked_list.js"
);
const { tidy } = await import("../../../static/js/phone/tidying.js");

const LIST = { code: "home-safety", version: 2, items: [] };
const NAMED = { code: "home-safety", version: 2 };
let body;

beforeEach(() => {
  body = { outcome: "done" };
});

function find(id) {
  const finding = { id, item: `H-${id}`, action: "refer" };
  addFinding(body, finding, LIST);
  return finding;
}

test("a list that is unticked beside a finding stays named, and is not said to be checked", () => {
  find("unticked");

  tickList(body, LIST, false);
  tidy(body);

  assert.deepEqual(body.checklist, { ...NAMED, checked: false });
});

test("a list that is unticked and in which nothing was found is not sent", () => {
  const finding = find("both");
  tickList(body, LIST, false);
  removeFinding(body, finding);

  tidy(body);

  assert.equal(body.checklist, undefined);
});

test("a draft whose findings have lost their list gets it back, unticked", () => {
  body.findings = [{ id: "old", item: "H02", action: "refer" }];

  nameList(body, LIST);

  assert.deepEqual(body.checklist, { ...NAMED, checked: false });
});

test("a hazard that was tapped by mistake and removed leaves the visit as it was", () => {
  removeFinding(body, find("mistake"));

  assert.deepEqual(body, { outcome: "done" });
});

test("two taps by mistake leave nothing either, whichever is removed first", () => {
  const [one, other] = [find("one"), find("other")];

  removeFinding(body, one);
  assert.deepEqual(body.checklist, { ...NAMED, checked: false });
  removeFinding(body, other);

  assert.deepEqual(body, { outcome: "done" });
});

test("nothing changed is said again when the only hazard was none, but not beside other changes", () => {
  body.unchanged = true;
  body.checklist = { ...NAMED, checked: true };
  const finding = find("none");

  removeFinding(body, finding)(body);
  assert.equal(body.unchanged, undefined);
  removeFinding(body, finding);
  assert.equal(body.unchanged, true);

  const later = find("later");
  body.occupants = [{ action: "moved_out" }];
  removeFinding(body, later);
  assert.equal(body.unchanged, undefined);
  assert.equal(body.checklist, undefined);
});

test("a tick of the worker's own outlasts the hazards", () => {
  const finding = find("own");
  tickList(body, LIST, true);

  removeFinding(body, finding);

  assert.deepEqual(body.checklist, { ...NAMED, checked: true });
});

test("what is removed and had back stands as before", () => {
  const finding = find("back");
  const before = structuredClone(body);

  removeFinding(body, finding)(body);

  assert.deepEqual(body, before);
});

test("a hazard that is tapped does not say that the list was gone through", () => {
  find("first");
  assert.deepEqual(body.checklist, { ...NAMED, checked: false });

  body = { outcome: "done", unchanged: true, checklist: { ...NAMED, checked: true } };
  find("after nothing changed");
  assert.deepEqual(body.checklist, { ...NAMED, checked: false });

  body = { outcome: "done" };
  tickList(body, LIST, true);
  find("after a tick of one's own");
  assert.deepEqual(body.checklist, { ...NAMED, checked: true });
});
