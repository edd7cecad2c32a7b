// A new version takes over when the browser gets there, which may be minutes later: never in the middle of something.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { aDraft, aPhone, rows, withdraw, withNavigator } from "../offline/phone.js";
import { aPage, settled } from "./page.js";

let count = 0;

/** The worker's end of it: `takesOver()` is when the browser puts the new one in its place. */
class Workers extends EventTarget {
  registration = Object.assign(new EventTarget(), {
    waiting: { postMessage: (said) => this.said.push(said) },
  });
  said = [];
  controller = {};

  async getRegistration() {
    return this.registration;
  }

  async register() {
    return this.registration;
  }

  takesOver() {
    this.registration.waiting = null;
    this.dispatchEvent(new Event("controllerchange"));
    return settled();
  }
}

/** An app that has just been started while a new version waits. */
async function started(context, { waits = true } = {}) {
  const [page, workers] = [aPage(context), new Workers()];
  const { waiting } = workers.registration;
  if (!waits) workers.registration.waiting = null;
  withNavigator(context, { serviceWorker: workers });
  const updates = await import(`../../../static/js/phone/updates.js?${count++}`);
  await updates.startUpdates();
  workers.registration.waiting = waiting;
  return { page, workers, updates };
}

const button = (page) => page.at("[data-update-now]");
const seen = (page, name) => !page.at(name).hidden;

beforeEach(aPhone);

test("what waited at the start takes over at once while nothing is open", async (context) => {
  const { page, workers } = await started(context);

  await workers.takesOver();

  assert.deepEqual([workers.said, page.reloads], [[{ type: "skip-waiting" }], 1]);
});

test("when the browser gets there only in the middle of a visit, the visit stays", async (context) => {
  const { page, workers, updates } = await started(context);
  const draft = await aDraft();
  page.show("visit");

  await workers.takesOver();

  assert.equal(page.reloads, 0);
  assert.ok(seen(page, '[data-banner="update"]') && seen(page, "[data-update-open]"));
  assert.equal(button(page).hidden, true);

  await withdraw("drafts", draft.id);
  page.show("round");
  await updates.offer();
  assert.deepEqual([button(page).hidden, page.reloads], [false, 0]);
  button(page).click();
  await settled();
  assert.equal(page.reloads, 1);
});

for (const [what, opens] of [
  ["a dialog, such as the camera, is open", (page) => Object.assign(page, { open: {} })],
  ["a visit is seen that is just being saved", (page) => page.show("visit")],
]) {
  test(`a page is not loaded anew while ${what}`, async (context) => {
    const { page, workers } = await started(context);
    assert.deepEqual(await rows("drafts"), []);
    opens(page);

    await workers.takesOver();

    assert.deepEqual([page.reloads, seen(page, '[data-banner="update"]')], [0, true]);
  });
}

test("after the tap the page is loaded anew, unless something was opened within those seconds", async (context) => {
  const { page } = await started(context, { waits: false });
  context.mock.timers.enable({ apis: ["setTimeout"] });
  button(page).click();
  await settled();
  assert.equal(button(page).attributes["aria-busy"], "true");
  page.open = {};

  context.mock.timers.tick(3000);
  await settled();
  assert.deepEqual([page.reloads, button(page).attributes["aria-busy"]], [0, undefined]);

  page.open = null;
  button(page).click();
  await settled();
  context.mock.timers.tick(3000);
  await settled();
  assert.equal(page.reloads, 1);
});

test("another tab's update, or the first worker of all, loads nothing anew", async (context) => {
  const { page, workers } = await started(context, { waits: false });

  await workers.takesOver();

  assert.equal(page.reloads, 0);
});
