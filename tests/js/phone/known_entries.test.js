// What is said of those whom the register knows, and how it is taken back.
import assert from "node:assert/strict";
import { test } from "node:test";
import "./shell.js";

const { choose, countOneMore, differs, LOOKED_AT, PEOPLE, place, withGone, WORK } = await import(
  "../../../static/js/phone/known_entries.js"
);
const { put } = await import("../../../static/js/phone/fields.js");

const CHANGE = { action: "change", occupancy: "o" };
const MOVED = { action: "moved_out", occupancy: "o", moved_out_on: "2026-11-20" };

/** A field of a number, with what was heard of it. */
function aField(fact, value) {
  return Object.assign(new EventTarget(), { value, dataset: { fact } });
}

test("what was typed is there again when moving out is taken back", () => {
  const typed = { ...CHANGE, phone: "13912345678" };
  const body = { occupants: [typed] };
  const aside = new Map();

  choose(body, PEOPLE, MOVED, aside);
  assert.deepEqual(body.occupants, [MOVED]);
  choose(body, PEOPLE, MOVED, aside);

  assert.deepEqual(body.occupants, [typed]);
});

test("a change that was taken back by its own button has what was typed when it is chosen again", () => {
  const typed = { action: "change", workplace: "w", name: "店" };
  const body = { workplaces: [typed] };
  const aside = new Map();

  choose(body, WORK, { action: "change", workplace: "w" }, aside);
  assert.deepEqual(body.workplaces, []);
  choose(body, WORK, { action: "change", workplace: "w" }, aside);

  assert.deepEqual(body.workplaces, [typed]);
});

test("going over to a change for good does not bring moving out back", () => {
  const body = { occupants: [MOVED] };
  const aside = new Map();

  choose(body, PEOPLE, CHANGE, aside);
  choose(body, PEOPLE, CHANGE, aside);

  assert.deepEqual(body.occupants, []);
});

test("once somebody moved out, not all still live here", () => {
  const body = { people_confirmed: true, unchanged: true };

  choose(body, PEOPLE, MOVED, new Map());

  assert.deepEqual(body, { occupants: [MOVED] });
});

test("a change of somebody who stays leaves it said that all still live here", () => {
  const body = { people_confirmed: true };

  choose(body, PEOPLE, CHANGE, new Map());

  assert.equal(body.people_confirmed, true);
});

test("a child that is only counted is not counted any more when that is taken back", () => {
  const fields = [aField("headcount", "3"), aField("children", "")];

  const uncount = countOneMore(fields);
  assert.deepEqual(
    fields.map(({ value }) => value),
    ["4", "1"],
  );
  uncount();

  assert.deepEqual(
    fields.map(({ value }) => value),
    ["3", ""],
  );
});

test("how many live here stays unknown, and what was entered since stays", () => {
  const [heads, children] = [aField("headcount", ""), aField("children", "1")];

  const uncount = countOneMore([heads, children]);
  assert.deepEqual([heads.value, children.value], ["", "2"]);
  children.value = "5";
  uncount();

  assert.equal(children.value, "5");
});

test("in a correction the value that the page shows is said again after a slip of the finger", () => {
  const known = { name: "新名", reason: "work" };
  const entry = { ...CHANGE, name: "新名" };

  for (const name of ["新名x", "新名"]) put(entry, { known, said: { name: "新名" } }, "name", name);
  put(entry, { known, said: { name: "新名" } }, "reason", "work");

  assert.deepEqual(entry, { ...CHANGE, name: "新名" });
});

test("what the register has applied already stands on the page, also once it was taken back", () => {
  const said = { occupants: [MOVED, { action: "add", occupancy: "n" }] };

  assert.deepEqual(withGone([{ id: "k" }], { body: said, returned: { body: said } }, PEOPLE), [
    { id: "k" },
    { id: "o", gone: true },
  ]);
  assert.deepEqual(withGone([], { body: { occupants: [] }, returned: { body: said } }, PEOPLE), [
    { id: "o", gone: true },
  ]);
  assert.deepEqual(withGone([{ id: "o" }], { body: said }, PEOPLE), [{ id: "o" }]);
  const named = {
    body: said,
    gone: {
      occupants: [
        { id: "o", name: "李四" },
        { id: "x", name: "王五" },
      ],
    },
  };
  assert.deepEqual(withGone([], { body: said, returned: named }, PEOPLE), [
    { id: "o", name: "李四", gone: true },
  ]);
});

test("a hazard that was looked at again is taken back, and leaves it said that nothing changed", () => {
  const body = { unchanged: true };

  place(body, LOOKED_AT, "f", { finding: "f", passed: true });
  assert.deepEqual(body, { unchanged: true, rechecks: [{ finding: "f", passed: true }] });
  place(body, LOOKED_AT, "f", null);

  assert.deepEqual(body.rechecks, []);
});

test("with what has changed after all goes the list that only 'nothing changed' had gone through", () => {
  const checklist = { code: "home-safety", version: 2, checked: true };
  const said = { unchanged: true, checklist, people_confirmed: true };

  for (const change of [
    (body) => choose(body, PEOPLE, MOVED, new Map()),
    (body) => place(body, WORK, "w", { action: "add", workplace: "w" }),
    (body) => differs(body),
  ]) {
    const [body, ticked] = [{ ...said }, { checklist }];
    change(body);
    change(ticked);
    assert.deepEqual([body.unchanged, body.checklist, ticked.checklist], [undefined, undefined, checklist]);
  }

  const body = { ...said };
  place(body, LOOKED_AT, "f", { finding: "f", passed: true });
  assert.ok(body.checklist);
});
