// Screens by address: shows one section at a time, moves focus, and remembers the place for the next start.
import { all, find, hide, putAway, wear, write } from "./bind.js";
import { say } from "./texts.js";
import { hideToast } from "./toast.js";

/**
 * @typedef {{title: string, sub?: string, back?: string, pill?: {state: string, word: string}, tabs?: boolean}} Head
 * @typedef {{show: (id: string) => Promise<Head | null>, leave?: () => Promise<void> | void}} Screen
 */

const PLACE = "doorstep.place";
const PLACE_LASTS = 12 * 3_600_000;

/** @type {Record<string, Screen>} */
const screens = {};
/** @type {string | null} */
let current = null;
let turn = 0;
/** When the screen last began to read what it shows. */
let readAt = 0;
/** @type {{sections: HTMLElement[], tabs: HTMLElement[], worn: HTMLElement[]} & Record<string, any> | null} */
let framing = null;
/** @type {Map<string, number>} */
const scrolls = new Map();
/** An address that is shown and not written down yet. @type {{path: string, replace: boolean} | null} */
let shown = null;
/** What the browser is to call the page. */
let named = "";
/** By then at the latest it is written down, milliseconds: nobody has gone back by then. */
const WRITTEN_WITHIN = 100;

/** @param {string} name @param {Screen} screen */
export function addScreen(name, screen) {
  screens[name] = screen;
}

/** Start listening to links and the back button. */
export function startRouter() {
  history.scrollRestoration = "manual";
  document.addEventListener("click", followLink);
  addEventListener("popstate", () => {
    const early = shown;
    shown = null;
    // Back from a screen before it was written down: the browser has gone one too far.
    if (early && !early.replace) return history.forward();
    // What lay over the screen that is left belongs to it.
    for (const dialog of /** @type {HTMLDialogElement[]} */ (all(document, "dialog[open]"))) dialog.close();
    void route(false);
  });
  addEventListener("pagehide", remember);
  document.addEventListener("visibilitychange", remember);
}

/**
 * Where the worker was when the app last stopped, if that was not long ago.
 * @param {{id: string, touched_at: string} | undefined} draft  the open visit that was written to last: a browser
 *   that was killed has often not kept the place yet, but every entry of the visit
 */
export function lastPlace(draft) {
  const { path, scroll, at } = keptPlace();
  const touched = draft ? Date.parse(draft.touched_at) : 0;
  if (draft && touched > at && Date.now() - touched < PLACE_LASTS) return `/phone/visit#${draft.id}`;
  if (Date.now() - at > PLACE_LASTS) return "/phone/round";
  scrolls.set(path.replace(/^\/phone\/|#.*$/g, ""), scroll);
  return path;
}

/** Where the one before was is nothing to whoever begins. */
export function forgetPlace() {
  try {
    localStorage.removeItem(PLACE);
  } catch {
    // Storage is switched off: nothing was kept.
  }
}

/** @returns {{path: string, scroll: number, at: number}} */
function keptPlace() {
  const none = { path: "/phone/round", scroll: 0, at: 0 };
  try {
    return { ...none, ...JSON.parse(localStorage.getItem(PLACE) ?? "{}") };
  } catch {
    return none;
  }
}

/** Go back to where the worker was, as far down the page as then. @param {string} path */
export function resume(path) {
  history.replaceState(null, "", path);
  return route(false);
}

/**
 * Go to an address of the app.
 * @param {string} path  "/phone/door#<id>"
 * @param {{replace?: boolean}} [how]
 */
export function go(path, how = {}) {
  writeDown();
  shown = { path, replace: Boolean(how.replace) };
  return route(true);
}

/** The browser takes a slow phone's page tens of milliseconds for this, which nobody should wait for before the screen. */
function writeDown() {
  if (shown?.replace) history.replaceState(null, "", shown.path);
  else if (shown) history.pushState(null, "", shown.path);
  shown = null;
  if (named && document.title !== named) document.title = named;
}

/**
 * Draw the screen again with what is stored now, when it is one of these; an open visit is never redrawn.
 * @param {string[]} names
 * @param {number} [since]  a screen that was read after this is as it should be (performance.now())
 */
export async function again(names, since = Number.POSITIVE_INFINITY) {
  if (!current || !names.includes(current) || !isOn(current) || readAt > since) return;
  const focused = document.activeElement?.getAttribute("href");
  await route(false, true);
  const same = focused && document.querySelector(`main a[href="${CSS.escape(focused)}"]`);
  if (same instanceof HTMLElement && document.activeElement === document.body)
    same.focus({ preventScroll: true });
}

/** Whether this screen is what is seen. @param {string} name */
export function isOn(name) {
  return current === name && place().name === name;
}

/** @returns {{name: string, id: string}} */
export function place() {
  const [path, id] = address().split("#");
  const name = path?.replace(/^\/phone\/?/, "") || "round";
  return { name: name in screens ? name : "round", id: id ?? "" };
}

function address() {
  return shown?.path ?? location.pathname + location.hash;
}

/** @param {MouseEvent} event */
function followLink(event) {
  const link = /** @type {Element} */ (event.target).closest?.("a[href]");
  if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (link.origin !== location.origin || !link.pathname.startsWith("/phone/")) return;
  event.preventDefault();
  void go(link.pathname + link.hash);
}

/**
 * @param {boolean} fresh  start at the top, rather than where the screen was left
 * @param {boolean} [quiet]  the same screen again: keep focus and scroll
 */
async function route(fresh, quiet = false) {
  const mine = ++turn;
  const { name, id } = place();
  if (current && !quiet) {
    scrolls.set(current, scrollY);
    await screens[current]?.leave?.();
  }
  if (name !== "round" && !quiet) hideToast();
  readAt = performance.now();
  const head = await screens[name]?.show(id);
  if (mine !== turn) return;
  if (!head) {
    await go("/phone/round", { replace: true });
    return;
  }
  for (const section of frame().sections) putAway(section, section.dataset.screen !== name);
  current = name;
  dressHead(name, head);
  afterwards(writeDown);
  if (quiet) return;
  const down = fresh && name !== "round" ? 0 : (scrolls.get(name) ?? 0);
  scrollTo(0, down);
  frame().title.focus({ preventScroll: true });
  afterwards(() => keepPlace(down));
}

/** Not before the screen is seen: meanwhile the page waits for the browser. @param {() => void} work */
function afterwards(work) {
  if ("requestIdleCallback" in window && document.visibilityState === "visible")
    requestAnimationFrame(() => requestIdleCallback(work, { timeout: WRITTEN_WITHIN }));
  else setTimeout(work);
}

/** What frames every screen; it stays the same element as long as the page lives. */
function frame() {
  const at = (/** @type {string} */ mark) => find(document, `[data-${mark}]`);
  framing ??= {
    sections: all(document, "[data-screen]"),
    title: at("title"),
    sub: at("sub"),
    back: at("back"),
    pill: at("pill"),
    bar: at("tabs"),
    tabs: all(document, "[data-tab]"),
    // Marks of the page that reach down from it would have the browser look through every door.
    worn: [document.body, at("toast"), at('banner="sign-in"')],
  };
  return framing;
}

/** @param {string} name @param {Head} head */
function dressHead(name, head) {
  const { title, sub, back, pill, bar, tabs, worn } = frame();
  write(title, head.title);
  named = `${head.title} · ${say("doorstep")}`;
  write(sub, head.sub ?? "");
  hide(sub, !head.sub);
  hide(back, !head.back);
  if (head.back) back.setAttribute("href", head.back);
  hide(pill, !head.pill);
  write(pill, head.pill?.word ?? "");
  wear(pill, head.pill?.state);
  hide(bar, !head.tabs);
  for (const part of worn) {
    part.classList.toggle("with-tabs", Boolean(head.tabs));
    part.dataset.on = name;
  }
  for (const tab of tabs) {
    if (tab.dataset.tab === name) tab.setAttribute("aria-current", "page");
    else tab.removeAttribute("aria-current");
  }
}

function remember() {
  writeDown();
  keepPlace(scrollY);
}

/** @param {number} scroll */
function keepPlace(scroll) {
  try {
    const path = address();
    if (current && current !== "setup")
      localStorage.setItem(PLACE, JSON.stringify({ path, scroll, at: Date.now() }));
  } catch {
    // Storage is switched off: the app opens at the round.
  }
}
