// Parts that ask by themselves whether something has changed: [data-fresh] hears "refresh", and its answer is
// mostly 304. Nobody asks while the page is hidden; the pauses differ, so that a district's desks never ask at once.

const PAUSE = 20_000;
const LONGEST = 160_000;

let pause = PAUSE;
let asked = Date.now();

/** Start asking. */
export function keepFresh() {
  schedule();
  document.addEventListener("visibilitychange", () => {
    if (Date.now() - asked > PAUSE / 2) ask();
  });
  document.addEventListener("htmx:configRequest", askForAsMany);
  document.addEventListener("htmx:afterRequest", (event) => {
    const { elt, successful } = /** @type {CustomEvent} */ (event).detail;
    // A busy or unreachable server is asked ever less often.
    if (elt instanceof Element && elt.matches("[data-fresh]"))
      pause = successful ? PAUSE : Math.min(pause * 2, LONGEST);
  });
}

/** A refresh asks for as many rows as are shown, so that nobody loses their place. @param {Event} event */
function askForAsMany(event) {
  const { elt, parameters } = /** @type {CustomEvent} */ (event).detail;
  if (elt instanceof Element && elt.matches("[data-fresh]"))
    parameters.rows = elt.querySelectorAll("[data-row]").length;
}

function schedule() {
  setTimeout(
    () => {
      ask();
      schedule();
    },
    pause * (0.75 + Math.random() / 2),
  );
}

function ask() {
  if (document.visibilityState !== "visible") return;
  asked = Date.now();
  for (const part of document.querySelectorAll("[data-fresh]")) {
    // What somebody has ticked is not swapped away from under the hand.
    if (!part.querySelector("input:checked")) part.dispatchEvent(new Event("refresh"));
  }
}
