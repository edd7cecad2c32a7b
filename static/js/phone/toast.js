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

/** Milliseconds until a new place is listened to. */
const HEARD_AFTER = 100;

/** Where something is written; there a line would cover the number keys. */
const WRITTEN = "textarea, select, input:not([type=radio], [type=checkbox], [type=file])";

/** Bind the undo button once. */
export function startToast() {
  find(document, "[data-toast-undo]").addEventListener("click", () => {
    hideToast();
    undo();
  });
  find(document, "[data-toast-next]").addEventListener("click", hideToast);
  document.addEventListener("keydown", undoByKey);
  document.addEventListener("focusin", ({ target }) => {
    if (/** @type {Element} */ (target).matches(WRITTEN)) hideToast();
  });
}

/** Whoever works with keys would come to the button long after it has gone. @param {KeyboardEvent} event */
function undoByKey(event) {
  const written = /** @type {Element} */ (event.target).matches?.(WRITTEN);
  const asked = (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "z";
  const button = find(document, "[data-toast-undo]");
  if (!asked || written || button.hidden || find(document, "[data-toast]").hidden) return;
  event.preventDefault();
  button.click();
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
  const spoken = find(document, "[data-live]");
  const dialog = document.querySelector("dialog[open]");
  if (!dialog) {
    spoken.textContent = line;
    return;
  }
  // Behind a dialog nothing is heard; and a place is listened to once it is there.
  let own = dialog.querySelector("[data-live-here]");
  if (!own) {
    own = /** @type {HTMLElement} */ (spoken.cloneNode(false));
    own.toggleAttribute("data-live", false);
    own.toggleAttribute("data-live-here", true);
    dialog.append(own);
  }
  const place = own;
  setTimeout(() => {
    place.textContent = line;
  }, HEARD_AFTER);
}
