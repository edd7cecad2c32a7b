// One line at the bottom that says what was just done, with undo or the next door.
import { find } from "./bind.js";

/**
 * @typedef {object} Offer
 * @property {() => void} [undo]
 * @property {{href: string, label: string}} [next]
 * @property {number} [lasts]  milliseconds
 * @property {boolean} [here]  it is about the open visit, and so is shown over it
 */

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
let undo = () => {};

/** Where something is written; there a line would cover the number keys. */
const WRITTEN = "textarea, select, input:not([type=radio], [type=checkbox], [type=file])";

/** Bind the undo button once. */
export function startToast() {
  find(document, "[data-toast-undo]").addEventListener("click", () => {
    hideToast();
    undo();
  });
  find(document, "[data-toast-next]").addEventListener("click", hideToast);
  document.addEventListener("focusin", ({ target }) => {
    if (/** @type {Element} */ (target).matches(WRITTEN)) hideToast();
  });
}

/**
 * Say a line; it stays until replaced unless `lasts` (milliseconds) is given.
 * @param {string} line
 * @param {Offer} [offer]
 */
export function toast(line, offer = {}) {
  clearTimeout(timer);
  const box = find(document, "[data-toast]");
  box.hidden = false;
  box.toggleAttribute("data-here", Boolean(offer.here));
  find(box, "[data-toast-text]").textContent = line;
  const undoButton = find(box, "[data-toast-undo]");
  undoButton.hidden = !offer.undo;
  undo = offer.undo ?? (() => {});
  const next = find(box, "[data-toast-next]");
  next.hidden = !offer.next;
  if (offer.next) {
    next.setAttribute("href", offer.next.href);
    next.textContent = offer.next.label;
  }
  if (offer.lasts) timer = setTimeout(hideToast, offer.lasts);
}

/** Put the line away. */
export function hideToast() {
  find(document, "[data-toast]").hidden = true;
}

/**
 * Say something to screen readers only.
 * @param {string} line
 */
export function announce(line) {
  find(document, "[data-live]").textContent = line;
}
