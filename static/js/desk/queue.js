// The review queue: which row is open, the keys j k a r ?, and on to the next one after a decision.

const WIDE = matchMedia("(min-width: 62em)");

const rows = () =>
  [...document.querySelectorAll("#queue .queue-row")].filter((row) => row instanceof HTMLElement);
const openVisit = () => document.querySelector("#visit[data-visit]")?.getAttribute("data-visit");

/** Start on pages that have a queue. */
export function startQueue() {
  if (!document.getElementById("queue")) return;
  mark();
  document.addEventListener("htmx:afterSettle", mark);
  document.addEventListener("click", openBeside, true);
  document.addEventListener("visit-decided", forward);
  document.addEventListener("keydown", steer);
}

/** Tell which row stands open on the right. */
function mark() {
  const current = openVisit();
  for (const row of rows()) {
    if (row.dataset.visit === current) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
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
  KEYS[/** @type {keyof typeof KEYS} */ (event.key)]();
}
