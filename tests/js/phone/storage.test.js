// The browser's promise to keep what is stored: asked for by the app itself; and the room that is left, said in time.
import assert from "node:assert/strict";
import { test } from "node:test";
import { withNavigator } from "../offline/phone.js";
import { aPage, settled } from "./page.js";

const { askToKeep, askWhenInstalled, watchRoom } = await import("../../../static/js/phone/storage.js");

const MB = 1024 * 1024;

/** A browser that has or has not promised to keep what is stored; `asked` counts how often it was asked to. */
function aBrowser(context, { persisted = false, standalone = false, ...more } = {}) {
  const browser = { asked: 0 };
  const persist = async () => {
    browser.asked += 1;
    return true;
  };
  withNavigator(context, { storage: { persisted: async () => persisted, persist, ...more } });
  const page = new EventTarget();
  browser.isInstalled = () => page.dispatchEvent(new Event("appinstalled"));
  globalThis.addEventListener = page.addEventListener.bind(page);
  globalThis.matchMedia = (query) => ({ matches: standalone && query === "(display-mode: standalone)" });
  context.after(() => {
    delete globalThis.addEventListener;
    delete globalThis.matchMedia;
  });
  return browser;
}

test("the app itself asks the browser to keep what is stored, unless it does already", async (context) => {
  const fresh = aBrowser(context);
  await askToKeep();
  const kept = aBrowser(context, { persisted: true });
  await askToKeep();

  assert.deepEqual([fresh.asked, kept.asked], [1, 0]);
});

test("a browser that refuses, or knows nothing of it, stops nothing", async (context) => {
  aBrowser(context, { persist: () => Promise.reject(new Error("no")) });
  await askToKeep();
  withNavigator(context, {});
  await askToKeep();
});

test("an installed app asks at its start, and one that is installed while it runs asks then", async (context) => {
  const installed = aBrowser(context, { standalone: true });
  await askWhenInstalled();
  const inATab = aBrowser(context);
  await askWhenInstalled();
  const before = inATab.asked;
  inATab.isInstalled();
  await settled();

  assert.deepEqual([installed.asked, before, inATab.asked], [1, 0, 1]);
});

for (const [what, estimate, shown] of [
  ["little is left", { quota: 100 * MB, usage: 90 * MB }, true],
  ["more is used than there is", { quota: 100 * MB, usage: 110 * MB }, true],
  ["enough is left", { quota: 100 * MB, usage: 50 * MB }, false],
  ["the browser does not tell", {}, false],
]) {
  test(`that photos will stop is ${shown ? "said" : "not said"} while ${what}`, async (context) => {
    const page = aPage(context);
    aBrowser(context, { estimate: async () => estimate });

    await watchRoom();

    assert.equal(!page.at('[data-banner="room"]').hidden, shown);
    assert.equal(page.at("[data-room]").textContent.startsWith("little_room"), shown);
  });
}

test("the banner goes when there is room again", async (context) => {
  const page = aPage(context);
  for (const usage of [95, 10]) {
    aBrowser(context, { estimate: async () => ({ quota: 100 * MB, usage: usage * MB }) });
    await watchRoom();
  }

  assert.equal(page.at('[data-banner="room"]').hidden, true);
});
