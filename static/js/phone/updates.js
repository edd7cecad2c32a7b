// The service worker: registered here; a new version waits for a tap or the next start, never under an open visit.
import { meta, setMeta } from "../offline/db.js";
import * as drafts from "../offline/drafts.js";
import { whoami } from "../offline/enrolment.js";
import { showBanner } from "./banners.js";
import { find } from "./bind.js";
import { place } from "./router.js";

/** The worker keeps each version under this name and its hash. */
const CACHE = "doorstep-";
const SCOPE = "/phone/";
/** How long the first download may take, in milliseconds. */
const KEPT_WITHIN = 60_000;
/** A Chromium whose old worker was just being started forgets to put the new one in its place, for minutes. */
const TAKES_OVER_WITHIN = 3000;
/** @type {ServiceWorkerRegistration | undefined} */
let registration;
let asked = false;
/** The new worker has taken over, and the page is still the old one. */
let due = false;

/** Look for a newer worker, and watch for one. The first comes with the first start. */
export async function startUpdates() {
  if (!("serviceWorker" in navigator)) return;
  find(document, "[data-update-now]").addEventListener("click", askedFor);
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (!asked) return; // the first of all, or another tab's
    due = true;
    void renew();
  });
  // Not before somebody has signed in: WebKit never ends installing what was begun by a page that is left meanwhile.
  if (!(await hasBegun().catch(() => true))) return;
  await register().catch(() => undefined);
  // Nothing is open yet: what waited since the last start takes over now.
  if (registration?.waiting) await updateNow();
}

/** A phone in use whose browser has forgotten the worker gets it back. */
async function hasBegun() {
  return (await navigator.serviceWorker.getRegistration(SCOPE)) || (await whoami());
}

async function register() {
  const options = /** @type {const} */ ({ type: "module", scope: SCOPE, updateViaCache: "none" });
  const known = registration;
  registration = await navigator.serviceWorker.register("/sw.js", options);
  if (registration !== known) registration.addEventListener("updatefound", watch);
}

/**
 * Resolves when the whole app is on this phone; without that it does not open without a signal.
 * @throws {Error} when it could not be fetched in time; asking again starts over
 */
export async function appKept() {
  if (!("serviceWorker" in navigator)) return;
  await register();
  const late = new Promise((_done, fail) =>
    setTimeout(() => fail(new Error("The app was not kept")), KEPT_WITHIN),
  );
  await Promise.race([navigator.serviceWorker.ready, late]);
}

function watch() {
  const next = registration?.installing;
  next?.addEventListener("statechange", () => {
    if (next.state === "installed" && navigator.serviceWorker.controller) void offer();
  });
}

/** Say that a new version waits; the button is there only while no visit is open. */
export async function offer() {
  if (!registration?.waiting && !due) return;
  const open = (await drafts.all()).length > 0;
  showBanner("update", true);
  const button = find(document, "[data-update-now]");
  button.removeAttribute("aria-busy");
  button.hidden = open;
  find(document, "[data-update-open]").hidden = !open;
}

/**
 * Load the page anew, however late the browser gets there: if somebody has begun a visit by then, takes a photo or
 * answers a question, it is offered again instead.
 */
async function renew() {
  const open = (await drafts.all()).length > 0;
  // A visit also while it is not written down yet, or is just being finished.
  const seen = [place().name, document.body.dataset.on].includes("visit");
  if (open || seen || document.querySelector("dialog[open]")) return offer();
  location.reload();
}

/** Somebody looks on: say that it has begun, and load the page anew where the browser does not get on with it. */
async function askedFor() {
  if (due) return renew();
  await updateNow();
  if (!asked) return;
  find(document, "[data-update-now]").setAttribute("aria-busy", "true");
  setTimeout(() => void renew(), TAKES_OVER_WITHIN);
}

async function updateNow() {
  if ((await drafts.all()).length > 0) return offer();
  asked = true;
  registration?.waiting?.postMessage({ type: "skip-waiting" });
}

/** Note the version that runs now: the desk is told of it with whatever is sent. */
export async function keepBuild() {
  const build = await buildOf();
  if (build && build !== (await meta("build"))) await setMeta({ build });
}

/** The version of the app that this phone holds. @returns {Promise<string>} */
export async function buildOf() {
  const address = "/phone/precache.js";
  try {
    const kept = (await caches.keys()).find((name) => name.startsWith(CACHE));
    return kept ? kept.slice(CACHE.length) : String((await import(address)).BUILD);
  } catch {
    return "";
  }
}
