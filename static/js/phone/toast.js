// One line at the bottom that says what was just done, with undo or the next door. It is heard, too, and the next Tab leads
// to it: whoever works with keys would come to the end of the page long after it has gone.
import { all, find, hide } from "./bind.js";
import { say } from "./texts.js";

/**
 * @typedef {object} Offer
 * @property {() => void} [undo]
 * @property {() => void} [change]  open what was done again, in place of undoing it
 * @property {HTMLElement} [more]  what else can be said of it
 * @property {() => void} [tell]  add a note to what was just done
 * @property {{href: string, label: string}} [next]
 * @property {number} [lasts]  milliseconds
 * @property {boolean} [here]  it is about the open visit, and so is shown over it
 */

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
let undo = () => {};
/** The next Tab leads here. */
let untold = false;
/** Where the focus came from. @type {HTMLElement | null} */
let from = null;

/** Milliseconds until a new place is listened to. */
const HEARD_AFTER = 100;

/** Where something is written; there a line would cover the number keys. */
const WRITTEN = "textarea, select, input:not([type=radio], [type=checkbox], [type=file])";

const box = () => find(document, "[data-toast]");
/** What can be done about it now. */
const ways = () => (box().hidden ? [] : all(box(), ".button:not([hidden]), button:not([hidden])"));

/** Bind the undo button once. */
export function startToast() {
  find(document, "[data-toast-undo]").addEventListener("click", () => {
    hideToast();
    undo();
  });
  find(document, "[data-toast-next]").addEventListener("click", hideToast);
  document.addEventListener("keydown", undoByKey);
  document.addEventListener("keydown", comeByTab);
  document.addEventListener("focusin", ({ target }) => {
    const part = /** @type {Element} */ (target);
    if (part.matches(WRITTEN) && !box().contains(part)) hideToast();
  });
}

/** Whoever works with keys need not go there. @param {KeyboardEvent} event */
function undoByKey(event) {
  const written = /** @type {Element} */ (event.target).matches?.(WRITTEN);
  const asked = (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "z";
  const button = find(document, "[data-toast-undo]");
  if (!asked || written || button.hidden || box().hidden) return;
  event.preventDefault();
  button.click();
}

/** To the line with the next Tab, and from its end on from where the focus was. @param {KeyboardEvent} event */
function comeByTab(event) {
  if (event.key !== "Tab" || document.querySelector("dialog[open]")) return;
  const [first, last] = [ways()[0], ways().at(-1)];
  const focused = /** @type {HTMLElement | null} */ (document.activeElement);
  if (!first || (!box().contains(focused) && (!untold || event.shiftKey))) return;
  if (!box().contains(focused)) {
    untold = false;
    from = focused;
    first.focus();
  } else if (focused === (event.shiftKey ? first : last)) {
    goBack();
    if (!event.shiftKey) return; // the browser goes on from there
  } else return;
  event.preventDefault();
}

function goBack() {
  if (from?.isConnected) from.focus({ preventScroll: true });
}

/**
 * Say a line; it stays until replaced unless `lasts` (milliseconds) is given.
 * @param {string} line
 * @param {Offer} [offer]
 */
export function toast(line, offer = {}) {
  clearTimeout(timer);
  if (isHeld()) goBack();
  from = null;
  hide(box(), false);
  box().toggleAttribute("data-here", Boolean(offer.here));
  find(box(), "[data-toast-text]").textContent = line;
  find(box(), "[data-toast-more]").replaceChildren(...(offer.more ? [offer.more] : []));
  const undoButton = find(box(), "[data-toast-undo]");
  const { undo: back = offer.change } = offer;
  hide(undoButton, !back);
  undoButton.textContent = say(offer.undo ? "undo" : "change");
  undo = back ?? (() => {});
  const tellButton = find(box(), "[data-toast-tell]");
  hide(tellButton, !offer.tell);
  tellButton.onclick = offer.tell ?? null;
  const next = find(box(), "[data-toast-next]");
  hide(next, !offer.next);
  if (offer.next) {
    next.setAttribute("href", offer.next.href);
    next.textContent = offer.next.label;
  }
  // How much stands beside the words: two buttons of which one leads on, or three.
  const ways = offer.tell ? 3 : offer.next ? 2 : 0;
  if (ways) box().dataset.ways = String(ways);
  else delete box().dataset.ways;
  untold = Boolean(back ?? offer.next);
  announce(back ? `${line}${say("comma")}${say(offer.undo ? "can_undo" : "can_change")}` : line);
  if (offer.lasts) hideAfter(offer.lasts);
}

/** What has the focus stays. @param {number} lasts */
function hideAfter(lasts) {
  timer = setTimeout(() => (isHeld() ? hideAfter(lasts) : hideToast()), lasts);
}

/** Whether somebody has come to the line by keys, and may be about to undo. */
export function isHeld() {
  return box().contains(document.activeElement);
}

/** Put the line away. */
export function hideToast() {
  if (isHeld()) goBack();
  hide(box(), true);
}

/**
 * Say something to screen readers only.
 * @param {string} line
 */
export function announce(line) {
  const spoken = find(document, "[data-live]");
  const dialog = document.querySelector("dialog[open]");
  // Behind a dialog nothing is heard.
  let place = dialog?.querySelector("[data-live-here]") ?? spoken;
  if (dialog && place === spoken) {
    place = /** @type {HTMLElement} */ (spoken.cloneNode(false));
    place.toggleAttribute("data-live", false);
    place.toggleAttribute("data-live-here", true);
    dialog.append(place);
  }
  // A place is listened to once it is there, and the same words are heard again only when they are new.
  place.textContent = "";
  setTimeout(() => {
    place.textContent = line;
  }, HEARD_AFTER);
}
