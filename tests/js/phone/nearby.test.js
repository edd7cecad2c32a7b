// Where the worker stands, as the browser tells it or does not.
import assert from "node:assert/strict";
import { test } from "node:test";
import { withNavigator } from "../offline/phone.js";

const { whereAmI } = await import("../../../static/js/phone/nearby.js");

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
