// The privacy notice, read to or by the household; it counts as shown only when it was open.
import { find, make } from "./bind.js";
import * as lists from "./lists.js";
import { canSpeak, hush, readAloud } from "./read_aloud.js";
import { language, say } from "./texts.js";

/** @typedef {import("./visit.js").Visit} Visit */

/** @type {any} */
let notice = null;
/** The visit that shows it. @type {Visit | null} */
let shown = null;

/** @param {HTMLElement} section @param {() => Visit} current */
export function bindNotice(section, current) {
  const fold = /** @type {HTMLDetailsElement} */ (find(section, "[data-visit-notice]"));
  fold.addEventListener("toggle", () => {
    if (!fold.open) stop(section);
    // Ahead of the first visit it opens where nobody sees it.
    else if (shown) tell(fold, current());
  });
  const button = find(section, "[data-read-aloud]");
  button.hidden = !canSpeak();
  button.addEventListener("click", () => speak(section, current()));
  section.addEventListener("visit:changed", () => {
    reflect(section, current().body);
    if (shown) tell(fold, current()); // it was open, and hidden while the outcome was another
  });
}

/** Note that it is shown, and when. @param {HTMLDetailsElement} fold @param {Visit} visit */
function tell(fold, { body, change }) {
  if (!fold.open || fold.hidden || !notice || body.notice?.version === notice.version) return;
  change((now) => {
    now.notice = { version: notice.version, shown_at: new Date().toISOString() };
  });
}

/** Its words, which are the same at every door. @param {HTMLElement} section */
export async function drawNotice(section) {
  const newest = await lists.notice();
  if (newest === notice) return;
  notice = newest;
  const text = newest?.[language];
  if (!text) return;
  const lines = [text.title, ...text.paragraphs].map((line) => make("t-notice-line", { line }));
  lines[0].classList.add("notice-title");
  find(section, "[data-notice]").replaceChildren(...lines);
  /** @type {HTMLDetailsElement} */ (find(section, "[data-visit-notice]")).open = true;
}

/**
 * Open by itself where no visit has taken place before; the household has not heard it yet.
 * @param {HTMLElement} section
 * @param {Visit} visit
 */
export async function showNotice(section, visit) {
  await drawNotice(section);
  const fold = /** @type {HTMLDetailsElement} */ (find(section, "[data-visit-notice]"));
  const text = notice?.[language];
  fold.classList.toggle("absent", !text);
  if (!text) return;
  shown = visit;
  const isNew = visit.view.door.last?.outcome !== "done" && !visit.body.notice;
  // One that is open stays open from visit to visit, rather than being laid out again; then no event tells of it.
  if (fold.open !== isNew) fold.open = isNew;
  stop(section);
  reflect(section, visit.body);
  setTimeout(() => {
    if (shown === visit) tell(fold, visit);
  });
}

/** Said again, it stops. @param {HTMLElement} section @param {Visit} visit */
function speak(section, visit) {
  const button = find(section, "[data-read-aloud]");
  const text = notice?.[language];
  if (!text || button.getAttribute("aria-pressed") === "true") return stop(section);
  wordOf(section, true);
  readAloud([text.title, ...text.paragraphs], () => wordOf(section, false));
  visit.change((body) => {
    if (body.notice) body.notice.read_aloud = true;
  });
}

/** Nobody sees it any more. @param {HTMLElement} section */
export function leaveNotice(section) {
  shown = null;
  stop(section);
}

/** @param {HTMLElement} section */
function stop(section) {
  hush();
  wordOf(section, false);
}

/** @param {HTMLElement} section @param {boolean} reading */
function wordOf(section, reading) {
  find(section, "[data-read-aloud]").setAttribute("aria-pressed", String(reading));
  find(section, "[data-read-aloud-word]").textContent = say(reading ? "stop_reading" : "read_aloud");
}

/** @param {HTMLElement} section @param {any} body */
function reflect(section, body) {
  find(section, "[data-notice-state]").textContent = body.notice ? say("notice_shown") : say("notice_show");
}
