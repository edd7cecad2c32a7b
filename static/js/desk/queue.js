// The review queue: which row is open, the keys j k a r u ?, and on to the next one after a decision.

import { fetchAhead, fetchCard, forgetAhead, takeAhead } from "./ahead.js";

const WIDE = matchMedia("(min-width: 62em)");

const rows = () =>
  [...document.querySelectorAll("#queue .queue-row")].filter((row) => row instanceof HTMLElement);
const openVisit = () => document.querySelector("#visit[data-visit]")?.getAttribute("data-visit");
/** From which visit somebody goes on once its next one is loaded. @type {string | null | undefined} */
let goesOn = null;

/** Start on pages that have a queue. */
export function startQueue() {
  document.addEventListener("visit-reopened", showAgain);
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

/**
 * Tell which row stands open on the right, in the address too; and fetch what comes after it.
 * @param {Event} [settled] Before the first one htmx has not begun yet, and a click would lead to another page.
 */
function mark(settled) {
  const current = openVisit();
  const waited = goesOn === current;
  if (!waited) goesOn = null;
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
  const next = neighbour(1);
  if (next && waited) goesOn = null;
  if (next && waited) go(next);
  else if (next) void fetchAhead(cardOf(next));
  else if (settled) loadMore();
}

/** After the last row that is loaded: ask for the next page, unless it is on its way; false when there is none. */
function loadMore() {
  const more = document.querySelector("#queue a.queue-more[hx-get]");
  if (!(more instanceof HTMLElement)) return false;
  if (!more.classList.contains("htmx-request")) more.click();
  return true;
}

/** On to the next row; after the last one that is loaded, once the next page has come. */
function goOn() {
  const next = neighbour(1);
  if (next) go(next);
  else if (loadMore()) goesOn = openVisit();
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
  const itself = (requestConfig?.elt ?? elt) === target;
  const place = itself ? target.scrollTop : 0;
  const listed = isListed();
  document.addEventListener("htmx:afterSwap", () => document.getElementById("queue")?.scrollTo(0, place), {
    once: true,
  });
  // Once it is settled: until then its rows are plain links.
  document.addEventListener("htmx:afterSettle", () => keepOpen(itself, listed), { once: true });
}

/**
 * After the list has come anew: what is open and not in it any more goes, or says why.
 * @param {boolean} itself Whether the list has asked by itself.
 * @param {boolean} listed Whether what is open was in the list before.
 */
function keepOpen(itself, listed) {
  if (isListed()) return;
  if (!itself) openFirst();
  else if (listed && isUndecided()) void readAnew();
}

const isListed = () => rows().some((row) => row.dataset.visit === openVisit());

/** What was chosen shows another list: nothing that is not in it stays open, where a key would decide on it. */
function openFirst() {
  if (!WIDE.matches) return;
  const [first] = rows();
  if (first) return go(first);
  const nothing = document.getElementById("nothing-open");
  if (nothing instanceof HTMLTemplateElement)
    document.getElementById("visit")?.replaceWith(nothing.content.cloneNode(true));
}

/** Read a visit anew where the open one stands, unless somebody has gone on meanwhile. @param {string | null} [visit] */
async function readAnew(visit = openVisit()) {
  const open = openVisit();
  const [, kept = ""] = (cardOf(rows()[0]) ?? "").split("?");
  const html = await fetchCard(`/visits/${visit}/card?${kept}`);
  if (html && open === openVisit())
    /** @type {any} */ (globalThis).htmx.swap("#visit", html, { swapStyle: "outerHTML" });
}

/** Whether the open visit waits as far as its card knows, and nobody is typing about it. */
const isUndecided = () =>
  Boolean(document.querySelector("#decision [data-key=a]")) &&
  !document.querySelector("#visit details[open] form[data-keeps]");

/** A decision was taken back from the line of messages: its visit is shown again. @param {Event} event */
function showAgain(event) {
  const { visit } = /** @type {CustomEvent} */ (event).detail;
  document.getElementById("told")?.remove();
  const queue = document.getElementById("queue");
  if (!queue || !WIDE.matches) return location.assign(`/visits/${visit}`);
  forgetAhead();
  void readAnew(visit);
  queue.dispatchEvent(new Event("refresh"));
}

/** Somebody else was quicker: who and when is told by the line of messages, the card and the list come anew. @param {Event} event */
function afterRefusal(event) {
  const { xhr } = /** @type {CustomEvent} */ (event).detail;
  if (xhr?.status !== 409) return;
  forgetAhead();
  void readAnew();
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
  begun(link);
  link?.click();
  row?.scrollIntoView({ block: "nearest" });
}

/** htmx begins with what was swapped in a moment later: a quick key would lead to another page. @param {Element | null | undefined} part */
function begun(part) {
  if (part) /** @type {any} */ (globalThis).htmx.process(part);
}

/** After a decision: on to the next one, and the list anew. */
function forward() {
  const next = neighbour(1) ?? neighbour(-1);
  if (next) go(next);
  document.getElementById("queue")?.dispatchEvent(new Event("refresh"));
}

const KEYS = {
  j: goOn,
  k: () => go(neighbour(-1)),
  a: () => press("#decision [data-key=a]"),
  r: () => press("#decision [data-key=r]"),
  u: () => press("#told [data-key=u]"),
  "?": () => document.getElementById("keys")?.toggleAttribute("open"),
};

const ONCE = new Set(["a", "r", "u", "?"]);

/** @param {string} selector */
function press(selector) {
  const button = document.querySelector(selector);
  if (!(button instanceof HTMLElement)) return;
  begun(button.closest("form"));
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
