// Me: language, text size, colours, what is on this phone, signing out.
import * as drafts from "../offline/drafts.js";
import { setLanguage, whoami } from "../offline/enrolment.js";
import { refresh } from "../offline/pack.js";
import { standings, unsentOf, withPhotos } from "../offline/standing.js";
import { all, fill, find } from "./bind.js";
import { showInstall, startInstall } from "./install.js";
import * as lists from "./lists.js";
import { countDoors } from "./round_facts.js";
import { again } from "./router.js";
import { needsSignIn } from "./sign_in.js";
import { startSignOut } from "./sign_out.js";
import { storageState } from "./storage.js";
import { beside, fileSize, language, moment, say } from "./texts.js";
import { toast } from "./toast.js";
import { buildOf } from "./updates.js";

/** Bind the choices once. */
export function startMe() {
  const section = find(document, '[data-screen="me"]');
  choice(find(section, "[data-me-text]"), "doorstep.text");
  choice(find(section, "[data-me-theme]"), "doorstep.theme");
  find(section, "[data-me-language]").addEventListener("change", (event) => {
    void speak(/** @type {HTMLInputElement} */ (event.target).value);
  });
  const fetchAgain = find(section, "[data-me-refresh]");
  fetchAgain.addEventListener("click", () => void fetchRound(fetchAgain));
  startSignOut();
  startInstall();
}

/** @type {import("./router.js").Screen["show"]} */
export async function showMe() {
  const section = find(document, '[data-screen="me"]');
  check(find(section, "[data-me-text]"), read("doorstep.text") ?? "normal");
  check(find(section, "[data-me-theme]"), read("doorstep.theme") ?? "auto");
  check(find(section, "[data-me-language]"), language);
  const now = drafts.now();
  const [{ open, packed }, records, who, grids, storage, doors, build] = await Promise.all([
    now,
    standings(now),
    whoami(),
    lists.grids(),
    storageState(),
    countDoors(),
    buildOf(),
  ]);
  const places = [who?.district?.name, ...grids.map((/** @type {any} */ grid) => grid.name)];
  fill(find(section, "[data-me]"), { name: who?.user?.name, place: beside(places) });
  fill(find(section, "[data-me-phone]"), {
    doors,
    packed: moment(packed) || say("never"),
    unsent: say("unsent_line", { n: (await unsentOf(records)).records, drafts: open.length }),
    received: await receivedLine(records),
    storage: roomLine(storage),
    build,
    kept: say(`kept_${storage.kept}`),
    keptState: storage.kept === "yes" ? "done" : "away",
    keptSign: storage.kept === "yes" ? "check" : "info",
  });
  showInstall();
  return { title: say("me"), tabs: true };
}

/** What is at the desk and still here. @param {import("../offline/standing.js").Standing[]} records */
async function receivedLine(records) {
  const received = await withPhotos(records.filter(({ state }) => state === "accepted"));
  const photos = received.flatMap((record) =>
    record.photos.filter((/** @type {any} */ one) => one.state === "stored"),
  );
  const bytes = photos.reduce((sum, photo) => sum + photo.size, 0);
  const line = say("received_line", { n: received.length, photos: photos.length });
  return beside([line, bytes && fileSize(bytes)]);
}

/** @param {{used: number | null, free: number | null}} storage */
function roomLine({ used, free }) {
  if (used === null) return say("unknown");
  const parts = { used: fileSize(used), free: free === null ? say("unknown") : fileSize(free) };
  return say("room_line", parts);
}

/** Keep a choice where the first paint can read it. @param {HTMLElement} box @param {string} key */
function choice(box, key) {
  box.addEventListener("change", (event) => {
    try {
      localStorage.setItem(key, /** @type {HTMLInputElement} */ (event.target).value);
    } catch {
      toast(say("not_kept"), { lasts: 5000 });
    }
    dispatchEvent(new Event("doorstep:dress"));
  });
}

/** @param {HTMLElement} box @param {string} value */
function check(box, value) {
  for (const input of all(box, "input")) {
    /** @type {HTMLInputElement} */ (input).checked = /** @type {HTMLInputElement} */ (input).value === value;
  }
}

/** @param {string} key */
function read(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** The worker answers with the shell of the chosen language, also offline; before it runs, the server does. */
/** @param {string} code */
async function speak(code) {
  await setLanguage(code);
  location.search = `?lang=${code}`;
}

/** @param {HTMLElement} button */
async function fetchRound(button) {
  button.setAttribute("aria-busy", "true");
  try {
    await refresh();
    toast(say("round_fetched"), { lasts: 5000 });
  } catch (error) {
    if (needsSignIn(error))
      toast(say("drain_enrol"), {
        next: { href: `/sign-in?next=/phone/me&lang=${language}`, label: say("sign_in") },
      });
    else toast(say("drain_offline"), { lasts: 5000 });
  }
  button.removeAttribute("aria-busy");
  await again(["me"]);
}
