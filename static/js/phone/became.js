// What became of the hazards that this worker found or looked at again, and of the doors that they added, below the outbox.
import { find, hide, make } from "./bind.js";
import * as lists from "./lists.js";
import { day, say, word } from "./texts.js";

/** How each end looks. @type {Record<string, {state: string, sign: string}>} */
const LOOKS = {
  closed: { state: "done", sign: "seal" },
  returned: { state: "away", sign: "return" },
  recheck_failed: { state: "hazard", sign: "hazard" },
  recheck_void: { state: "hazard", sign: "camera" },
  recheck_lapsed: { state: "hazard", sign: "camera" },
  door_confirmed: { state: "done", sign: "check" },
  door_declined: { state: "returned", sign: "return" },
  door_joined: { state: "away", sign: "merge" },
};

/** Why something is escalated by itself, as far as this app has words for it. */
const CAUSES = new Set(["not_accepted", "still_open"]);

/** What the list tells; it changes with a pack only. @type {any[] | null} */
let shown = null;

/** Fill the list; hidden while there is nothing to tell. @param {HTMLElement} section */
export async function showEndings(section) {
  const told = await lists.endings();
  if (told === shown) return;
  shown = told;
  const rows = told.filter((/** @type {any} */ one) => LOOKS[one.status]);
  find(section, "[data-endings-list]").replaceChildren(...rows.map(card));
  hide(find(section, "[data-endings]"), rows.length === 0);
}

/** @param {any} one */
function card({ name, where, status, at, reason, pressed }) {
  return make("t-ending", {
    ...LOOKS[status],
    name: name ? word(name) : say("door_added"),
    where,
    status: say(`became_${status}`),
    time: day(at),
    reason,
    pressed: pressed ? pressedLine(pressed) : "",
  });
}

/**
 * That somebody, or the desk by itself, pressed for it since; a desk of an earlier version gave a sentence for why.
 * @param {{at: string, by_itself: boolean, cause?: string, reason?: string}} pressed
 */
export function pressedLine({ at, by_itself, cause, reason }) {
  const when = day(at);
  if (cause && CAUSES.has(cause)) return say(`pressed_${cause}`, { day: when });
  return say(by_itself ? "pressed_by_itself" : "pressed", { day: when, why: reason ?? "" });
}
