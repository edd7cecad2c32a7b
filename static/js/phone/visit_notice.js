// The privacy notice, read to or by the household. It counts as shown when the worker opened it, had it read aloud, or its
// end stood on the screen: that it opens by itself at a first visit says nothing of what anybody saw.
import { find, hide, make, write } from "./bind.js";
import { bindTurn, meet, showTurn, speakTo, theirs } from "./household.js";
import * as lists from "./lists.js";
import { canSpeak, hush, readAloud } from "./read_aloud.js";
import { moment, say } from "./texts.js";

/** @typedef {import("./visit.js").Visit} Visit */

/** Milliseconds for which its end is on the screen; whoever scrolls by has shown nothing. */
const LOOKED_AT = 1000;
/** Less what the bars at the top and at the bottom cover. */
const IN_SIGHT = { threshold: 1, rootMargin: "-64px 0px -88px" };

/** @type {any} */
let notice = null;
/** What is on the page: its version and language. */
let drawn = "";
/** The visit that shows it. @type {Visit | null} */
let shown = null;
/** @type {IntersectionObserver} */
let end;

/** @param {HTMLElement} section @param {() => Visit} current */
export function bindNotice(section, current) {
  const fold = /** @type {HTMLDetailsElement} */ (find(section, "[data-visit-notice]"));
  find(fold, "summary").addEventListener("click", () => {
    if (fold.open) stop(section);
    else tell(current());
  });
  fold.addEventListener("toggle", () => {
    if (shown) reflect(section, shown.body);
  });
  const button = find(fold, "[data-read-aloud]");
  hide(button, !canSpeak());
  button.addEventListener("click", () => speak(section, current()));
  const turn = find(fold, "[data-turn]");
  bindTurn(
    turn,
    () => {
      stop(section);
      draw(fold);
    },
    () => tell(current()),
  );
  section.addEventListener("visit:changed", () => reflect(section, current().body));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") stop(section);
  });
  addEventListener("pagehide", () => stop(section));
  end = whenSeen(() => {
    if (shown) tell(shown);
  });
}

/** @param {() => void} seen */
function whenSeen(seen) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  return new IntersectionObserver((entries) => {
    clearTimeout(timer);
    if (entries.at(-1)?.isIntersecting) timer = setTimeout(seen, LOOKED_AT);
  }, IN_SIGHT);
}

/** Note that it is shown, when, and in which language. @param {Visit} visit */
function tell({ body, change }) {
  if (!notice) return;
  const { version } = notice;
  const told =
    body.notice?.version === version ? body.notice : { version, shown_at: new Date().toISOString() };
  const before = told.languages ?? [];
  if (before.includes(theirs())) return;
  change((now) => {
    now.notice = { ...told, languages: [...before, theirs()] };
  });
}

/** Its words, which are the same at every door. @param {HTMLElement} section */
export async function drawNotice(section) {
  notice = await lists.notice();
  const fold = /** @type {HTMLDetailsElement} */ (find(section, "[data-visit-notice]"));
  if (draw(fold)) fold.open = true;
}

/** In the language of the household; tells whether it is drawn anew. @param {HTMLElement} fold */
function draw(fold) {
  const now = `${notice?.version} ${theirs()}`;
  const text = notice?.[theirs()];
  if (!text || drawn === now) return false;
  drawn = now;
  const lines = [text.title, ...text.paragraphs].map((line) => make("t-notice-line", { line }));
  lines[0].classList.add("notice-title");
  const box = find(fold, "[data-notice]");
  box.lang = theirs();
  box.replaceChildren(...lines);
  showTurn(find(fold, "[data-turn]"));
  speakTo(find(document, "[data-ask]"));
  return true;
}

/** Follow its end from now on. @param {HTMLElement} fold */
function look(fold) {
  end.disconnect();
  end.observe(find(fold, "[data-notice-end]"));
}

/**
 * Open by itself where no visit has taken place before; the household has not heard it yet.
 * @param {HTMLElement} section
 * @param {Visit} visit
 */
export async function showNotice(section, visit) {
  meet();
  await drawNotice(section);
  const fold = /** @type {HTMLDetailsElement} */ (find(section, "[data-visit-notice]"));
  fold.classList.toggle("absent", !notice?.[theirs()]);
  if (!notice?.[theirs()]) return;
  shown = visit;
  const isNew = visit.view.door.last?.outcome !== "done" && !visit.body.notice;
  // One that is open stays open from visit to visit, rather than being laid out again.
  if (fold.open !== isNew) fold.open = isNew;
  stop(section);
  reflect(section, visit.body);
  // Once the screen is there to be seen.
  setTimeout(() => {
    if (shown === visit) look(fold);
  });
}

/** Said again, it stops. @param {HTMLElement} section @param {Visit} visit */
function speak(section, visit) {
  const button = find(section, "[data-read-aloud]");
  const text = notice?.[theirs()];
  if (!text || button.getAttribute("aria-pressed") === "true") return stop(section);
  wordOf(section, true);
  tell(visit);
  const begun = () =>
    visit.change((body) => {
      body.notice.read_aloud = true;
    });
  readAloud([text.title, ...text.paragraphs], theirs(), begun, () => wordOf(section, false));
}

/** Nobody sees it any more. @param {HTMLElement} section */
export function leaveNotice(section) {
  shown = null;
  end.disconnect();
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
  write(find(section, "[data-read-aloud-word]"), say(reading ? "stop_reading" : "read_aloud"));
}

/** When it was shown, in a correction by the visit before; one that stands open is being shown. */
/** @param {HTMLElement} section @param {any} body */
function reflect(section, { notice: told }) {
  const { open } = /** @type {HTMLDetailsElement} */ (find(section, "[data-visit-notice]"));
  const line = told
    ? say("notice_shown", { time: moment(told.shown_at) })
    : say(open ? "notice_open" : "notice_show");
  write(find(section, "[data-notice-state]"), line);
}
