// Where the worker stands, as the browser tells it or does not.
import assert from "node:assert/strict";
import { test } from "node:test";
import { withNavigator } from "../offline/phone.js";

const { distanceTo, forgetDistances, isByDistance, isOutdated, lookAround, stopLooking, whereAmI } =
  await import("../../../static/js/phone/nearby.js");

const HERE = { longitude: 104.18, latitude: 36.54 };
const BUILDINGS = [
  { id: "near", at: [104.18, 36.541] },
  { id: "unknown", at: null },
];

/** The browser knows where it is, or not; answers how often it was asked. */
function standing(t, coords) {
  const asked = [];
  const getCurrentPosition = (found, unknown) => {
    asked.push(coords);
    if (coords === "later") return;
    if (coords) found({ coords });
    else unknown();
  };
  withNavigator(t, { geolocation: { getCurrentPosition } });
  return asked;
}

test("a question about the place that nobody answers is given up", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  withNavigator(t, { geolocation: { getCurrentPosition() {} } });
  const place = whereAmI();
  t.mock.timers.runAll();
  assert.equal(await place, null);
});

test("a place that is told is taken", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const coords = { longitude: 104.18, latitude: 36.54 };
  withNavigator(t, { geolocation: { getCurrentPosition: (found) => found({ coords }) } });
  assert.deepEqual(await whereAmI(), coords);
});

test("metres are counted, are right enough for a minute, and go when nobody looks", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  let now = 1000;
  t.mock.method(performance, "now", () => now);
  standing(t, HERE);
  assert.equal(isOutdated(), false);

  assert.equal(await lookAround(() => BUILDINGS), true);

  assert.ok(Math.abs(distanceTo("near") - 111) < 1);
  assert.equal(distanceTo("unknown"), Number.POSITIVE_INFINITY);
  assert.equal(distanceTo("new in the round"), null);
  now += 59_000;
  assert.equal(isOutdated(), false);
  now += 2000;
  assert.equal(isOutdated(), true);
  forgetDistances();
  assert.deepEqual([distanceTo("near"), isByDistance(), isOutdated()], [null, true, true]);
  stopLooking();
  assert.deepEqual([isByDistance(), isOutdated()], [false, false]);
});

test("where nobody says the place, the order of walking stays", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  standing(t, HERE);
  await lookAround(() => BUILDINGS);
  standing(t, null);

  assert.equal(await lookAround(() => BUILDINGS), false);

  assert.deepEqual([distanceTo("near"), isByDistance()], [null, false]);
});

test("an answer that comes after the app was put away is dropped, and nobody asks twice at once", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  standing(t, "later");
  const answer = lookAround(() => BUILDINGS);
  assert.equal(isOutdated(), false);
  forgetDistances();
  assert.equal(isOutdated(), true);

  t.mock.timers.runAll();

  assert.equal(await answer, null);
  assert.equal(isByDistance(), true);
  stopLooking();
});
