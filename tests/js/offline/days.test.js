// Days are the phone's own: a day of the register begins at midnight here, wherever that is.
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { beginningOf, here } from "../../../static/js/offline/days.js";

const zone = process.env.TZ;
afterEach(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

test("a visit before eight in the morning of the first day is within the round", () => {
  process.env.TZ = "Asia/Shanghai";

  assert.equal(beginningOf("2026-11-25"), "2026-11-24T16:00:00.000Z");
  assert.ok("2026-11-24T23:30:00Z" >= beginningOf("2026-11-25")); // half past seven on the 25th
  assert.equal(beginningOf(null), "");
});

test("a day is the same day west of Greenwich", () => {
  process.env.TZ = "America/New_York";

  assert.equal(here("2026-03-05").getDate(), 5);
  assert.equal(here("2026-03-05T08:00:00Z").toISOString(), "2026-03-05T08:00:00.000Z");
});
