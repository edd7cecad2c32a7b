// The review queue: which row is open, the keys j k a r ?, and on to the next one after a decision.

import { fetchAhead, forgetAhead, takeAhead } from "./ahead.js";

const WIDE = matchMedia("(min-width: 62em)");

const rows = () =>
  [...document.querySelectorAll("#queue .queue-row")].filter((row) => row instanceof HTMLElement);
const openVisit = () => document.querySelector("#visit[data-visit]")?.getAttribute("data-visit");

/** Start on pages that have a queue. */
export function startQueue() {
  if (!document.getElementById("queue")) return;
  mark();
  document.addEventListener("htmx:afterSettle", mark);
  document.addEventListener("htmx:beforeRequest", openAhead);
  document.addEventListener("htmx:beforeSwap", keepPlace);
  document.addEventListener("htmx:responseError", afterRefusal);
  document.addEventListener("click", openBeside, true);
  document.addEventListener("visit-decided", forward);
  document.addEventListener("keydown", steer);
}

/** Tell which row stands open on the right, in the address too; and fetch what comes after it. */
function mark() {
  const current = openVisit();
  for (const row of rows()) {
    if (WIDE.matches && row.dataset.visit === current) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
  if (!WIDE.matches || !current) return;
  const address = new URL(location.href);
  if (address.searchParams.get("open") !== current) {
    address.searchParams.set("open", current);
    history.replaceState(history.state, "", address);
  }
  void fetchAhead(cardOf(neighbour(1)));
}

/** @param {HTMLElement | undefined} row */
function cardOf(row) {
  return row?.querySelector("a")?.getAttribute("hx-get");
}

/** Show what was fetched ahead instead of asking for it. @param {Event} event */
function openAhead(event) {
  const { elt } = /** @type {CustomEvent} */ (event).detail;
  if (!(elt instanceof HTMLElement) || !elt.matches(".queue-row > a")) return;
  const html = takeAhead(elt.getAttribute("hx-get"));
  if (!html) return;
  event.preventDefault();
  /** @type {any} */ (globalThis).htmx.swap("#visit", html, { swapStyle: "outerHTML" });
  scrollTo(0, 0);
}

/** When the list comes anew by itself, it stays where it was scrolled to. @param {Event} event */
function keepPlace(event) {
  const { elt, target, requestConfig } = /** @type {CustomEvent} */ (event).detail;
  if (!(target instanceof HTMLElement) || target.id !== "queue") return;
  forgetAhead();
  const place = (requestConfig?.elt ?? elt) === target ? target.scrollTop : 0;
  document.addEventListener("htmx:afterSwap", () => document.getElementById("queue")?.scrollTo(0, place), {
    once: true,
  });
}

/** Somebody else was quicker: show what they decided. @param {Event} event */
function afterRefusal(event) {
  const { xhr } = /** @type {CustomEvent} */ (event).detail;
  if (xhr?.status !== 409) return;
  const row = rows().find((one) => one.dataset.visit === openVisit());
  forgetAhead();
  row?.querySelector("a")?.click();
  document.getElementById("queue")?.dispatchEvent(new Event("refresh"));
}

/**
 * Where there is no room beside the queue, a row is a link to the visit's own page.
 * @param {Event} event
 */
function openBeside(event) {
  const link = event.target instanceof Element ? event.target.closest(".queue-row > a") : null;
  if (link instanceof HTMLAnchorElement && !WIDE.matches) {
    event.stopImmediatePropagation();
    event.preventDefault();
    location.assign(link.href);
  }
}

/** @param {number} step */
function neighbour(step) {
  const all = rows();
  const at = all.findIndex((row) => row.dataset.visit === openVisit());
  return all[at < 0 ? 0 : at + step];
}

/** @param {HTMLElement | undefined} row */
function go(row) {
  const link = row?.querySelector("a");
  link?.click();
  row?.scrollIntoView({ block: "nearest" });
}

/** After a decision: on to the next one, and the list anew. */
function forward() {
  const next = neighbour(1) ?? neighbour(-1);
  if (next) go(next);
  document.getElementById("queue")?.dispatchEvent(new Event("refresh"));
}

const KEYS = {
  j: () => go(neighbour(1)),
  k: () => go(neighbour(-1)),
  a: () => press("#decision [data-key=a]"),
  r: () => press("#decision [data-key=r]"),
  "?": () => document.getElementById("keys")?.toggleAttribute("open"),
};

const ONCE = new Set(["a", "r", "?"]);

/** @param {string} selector */
function press(selector) {
  const button = document.querySelector(selector);
  if (!(button instanceof HTMLElement)) return;
  button.click();
  const field = button.closest("details")?.querySelector("textarea");
  if (field) requestAnimationFrame(() => field.focus());
}

/** @param {KeyboardEvent} event */
function steer(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target instanceof Element && event.target.closest("input, textarea, select, dialog")) return;
  if (!Object.hasOwn(KEYS, event.key)) return;
  event.preventDefault();
  // A key that is held down would decide about visits that nobody has seen.
  if (event.repeat && ONCE.has(event.key)) return;
  KEYS[/** @type {keyof typeof KEYS} */ (event.key)]();
}
