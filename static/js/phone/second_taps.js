// A finger that taps twice means what it saw at its first tap: what has come into that place meanwhile is not meant. Else
// two quick taps on "Declined" would undo it, and two on "Go on with the visit" would finish it.

/** Milliseconds within which a tap belongs to the one before it. */
const TOGETHER = 500;
/** How far apart two taps of one finger at one place may be, in CSS pixels. */
const APART = 24;
/** What a tap is for. */
const PART = "label, a, button, summary, input, select, textarea, canvas";

/** @typedef {{x: number, y: number, at: number, part: Element, screen: unknown, dialog: Element | null}} Tap */

/** Listen before everybody else does. */
export function startSecondTaps() {
  /** @type {Tap | null} */
  let last = null;
  const hear = (/** @type {MouseEvent} */ event) => {
    if (!event.detail) return; // by keys, or passed on by a label
    const before = last;
    const tap = tapOf(event);
    last = tap;
    if (!before || !isSecond(before, tap) || !isGone(before, tap)) return;
    last = { ...before, at: tap.at }; // and so is a third one
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  document.addEventListener("click", hear, true);
  // A mouse that has moved since aims anew.
  const aim = (/** @type {PointerEvent} */ { pointerType }) => {
    if (pointerType === "mouse") last = null;
  };
  document.addEventListener("pointermove", aim, { capture: true, passive: true });
}

/** @param {MouseEvent} event @returns {Tap} */
function tapOf({ clientX: x, clientY: y, timeStamp: at, target }) {
  const element = /** @type {Element} */ (target);
  const { on: screen } = document.body.dataset;
  return {
    x,
    y,
    at,
    part: element.closest(PART) ?? element,
    screen,
    dialog: document.querySelector("dialog[open]"),
  };
}

/** @param {Tap} before @param {Tap} tap */
function isSecond(before, tap) {
  return tap.at - before.at <= TOGETHER && Math.hypot(tap.x - before.x, tap.y - before.y) <= APART;
}

/** What the first tap was for is not to be seen any more. @param {Tap} before @param {Tap} tap */
function isGone({ part, screen, dialog }, tap) {
  if (part === tap.part) return false;
  return (
    screen !== tap.screen || dialog !== tap.dialog || !part.isConnected || part.closest("[hidden]") !== null
  );
}
