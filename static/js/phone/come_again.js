// When to come again to a household that put the visit off: one tap for this evening or tomorrow, or a day of the calendar.
import { dayOf, today } from "../offline/days.js";
import { find, make } from "./bind.js";
import { day, say } from "./texts.js";

const DAY = 86_400_000;
/** Nobody agrees on more; a year may be typed with five digits. */
const LONGEST = 366;

/** Today, tomorrow, and so on, as YYYY-MM-DD. @param {number} days */
const inDays = (days) => dayOf(Date.now() + days * DAY);

/** Whether somebody can be called at on it. @param {string} on */
export function isAhead(on) {
  return /^\d{4}-/.test(on) && on >= today() && on <= inDays(LONGEST);
}

/** "come again this evening", "come again 28 Nov". @param {string} on */
export function comeWhen(on) {
  return on === today() ? say("come_tonight") : say("come_on", { day: day(on) });
}

/**
 * @param {string | undefined} chosen  YYYY-MM-DD
 * @param {(on: string | undefined) => void} choose  said again, it is taken back
 */
export function comeAgain(chosen, choose) {
  const box = make("t-come-again");
  const soon = [inDays(0), inDays(1)];
  box.querySelectorAll("button").forEach((button, at) => {
    const on = /** @type {string} */ (soon[at]);
    button.setAttribute("aria-pressed", String(on === chosen));
    button.addEventListener("click", () => choose(on === chosen ? undefined : on));
  });
  const input = /** @type {HTMLInputElement} */ (find(box, "input"));
  const another = chosen && !soon.includes(chosen) ? chosen : "";
  input.min = inDays(0);
  input.max = inDays(LONGEST);
  input.value = another;
  find(box, ".pick").classList.toggle("is-chosen", Boolean(another));
  if (another) find(box, "[data-another]").textContent = day(another);
  input.addEventListener("click", () => open(input));
  input.addEventListener("change", () => {
    if (isAhead(input.value)) choose(input.value);
  });
  return box;
}

/**
 * In place of what stands there; who works with keys stays where they are.
 * @param {HTMLElement} old
 * @param {Parameters<typeof comeAgain>} how
 */
export function comeAgainAnew(old, ...how) {
  const ways = (/** @type {HTMLElement} */ box) => [...box.querySelectorAll("button, input")];
  const at = ways(old).indexOf(/** @type {Element} */ (document.activeElement));
  const box = comeAgain(...how);
  old.replaceWith(box);
  if (at >= 0) /** @type {HTMLElement} */ (ways(box)[at]).focus();
}

/** The whole chip opens the calendar, not only the sign at the end of a field that cannot be seen. */
/** @param {HTMLInputElement} input */
function open(input) {
  try {
    input.showPicker();
  } catch {
    // An older browser opens it by itself, or takes what is typed.
  }
}
