// What the open hazards of a door ask for on a day.
import assert from "node:assert/strict";
import { test } from "node:test";

const { AT_ONCE, wantedLook, wantedVisit, withHazard } = await import("../../../static/js/offline/due.js");

const DAY = "2026-11-20";
const lookOf = (...hazards) => hazards.reduce(withHazard, undefined);
const why = (look, now) => wantedLook(look, now)?.why ?? "";

test("a door without an open hazard, or whose hazards are with a department, asks for nothing", () => {
  assert.equal(wantedLook(undefined, DAY), null);
  assert.equal(wantedLook(lookOf({ status: "referred", due_on: "2026-11-01" }), DAY), null);
});

test("a hazard is looked at again from its day on", () => {
  const look = lookOf({ status: "notified", due_on: DAY });

  assert.deepEqual(
    ["2026-11-19", DAY, "2026-12-01"].map((now) => why(look, now)),
    ["", "recheck", "recheck"],
  );
  assert.equal(wantedLook(look, "2026-12-01").since, new Date(`${DAY}T00:00`).toISOString());
});

test("one that was looked at in vain is late from the day after its own, and asks on every day anew", () => {
  const look = lookOf({ status: "recheck_failed", due_on: DAY });

  assert.deepEqual(
    ["2026-11-19", DAY, "2026-11-21", "2026-11-25"].map((now) => why(look, now)),
    ["", "recheck", "overdue", "overdue"],
  );
  assert.equal(wantedLook(look, "2026-11-25").since, new Date("2026-11-25T00:00").toISOString());
});

test("what waits to be looked at comes first, then what is late, whatever else the door has", () => {
  const late = { status: "recheck_failed", due_on: DAY };
  const reported = { status: "recheck_due", due_on: "2026-12-01" };
  const other = { status: "notified", due_on: "2026-11-01" };

  assert.equal(wantedLook(lookOf(late, other, reported), "2026-11-25").since, AT_ONCE);
  assert.equal(why(lookOf(other, late), "2026-11-25"), "overdue");
  assert.equal(why(lookOf(late, other), "2026-11-25"), "overdue");
});

test("a dwelling is to be visited again from its day on, and without one never", () => {
  assert.deepEqual(
    ["2026-11-19", DAY, "2026-12-01"].map((now) => wantedVisit(DAY, now)?.why ?? ""),
    ["", "revisit", "revisit"],
  );
  assert.equal(wantedVisit(DAY, DAY).since, new Date(`${DAY}T00:00`).toISOString());
  assert.equal(wantedVisit(undefined, DAY), null);
});
