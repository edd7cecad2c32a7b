// A finger that taps twice means what it saw at its first tap: what has come into that place meanwhile is not meant. Else
// two quick taps on "Declined" would undo it, and two on "Go on with the visit" would finish it.

/** Milliseconds within which a tap belongs to the one before it. */
const TOGETHER = 500;
/** How far apart two taps of one finger at one place may be, in CSS pixels. */
const APART = 24;
/** What a tap is for. */
const PART = "label, a, button, summary, input, select, textarea, canvas";

/** @typedef {{x: number, y: number, at: number, part: Element}} Tap */

/** Listen before everybody else does. */
export function startSecondTaps() {
  /** @type {Tap | null} */
  let last = null;
  const hear = (/** @type {MouseEvent} */ event) => {
    if (!event.detail) return; // by keys, or passed on by a label
    const tap = { x: event.clientX, y: event.clientY, at: event.timeStamp, part: partOf(event.target) };
    const before = last;
    last = tap;
    if (!before || !isSecond(before, tap) || isStillThere(before)) return;
    last = { ...tap, part: before.part }; // and so is a third one
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

/** @param {EventTarget | null} target */
function partOf(target) {
  const element = /** @type {Element} */ (target);
  return element.closest(PART) ?? element;
}

/** @param {Tap} before @param {Tap} tap */
function isSecond(before, tap) {
  if (tap.part === before.part || tap.at - before.at > TOGETHER) return false;
  return Math.hypot(tap.x - before.x, tap.y - before.y) <= APART;
}

/** @param {Tap} tap */
function isStillThere({ x, y, part }) {
  const there = document.elementFromPoint(x, y);
  return Boolean(there) && partOf(there) === part;
}
