// Boots the phone: worker, first start, screens, wake-ups. Everything on the phone begins here.
import { onChange } from "../offline/changes.js";
import { open as openDatabase, putAway, StorageFailure } from "../offline/db.js";
import * as drafts from "../offline/drafts.js";
import { whoami } from "../offline/enrolment.js";
import { showBanner, startBanners } from "./banners.js";
import { find, layAhead } from "./bind.js";
import { startCamera } from "./camera.js";
import { drawOneAhead, listsNeeded, showDoor, startDoor } from "./door.js";
import { settle, settleOrSay, startEndings } from "./endings.js";
import { showMe, startMe } from "./me.js";
import { startNewDoor } from "./new_door.js";
import { leaveOutbox, showCount, showOutbox, startOutbox } from "./outbox.js";
import { startSheet } from "./paper_sheet.js";
import { startRescue } from "./rescue.js";
import { showRound, startRound } from "./round.js";
import { roundFacts } from "./round_facts.js";
import { addScreen, again, forgetPlace, lastPlace, resume, startRouter } from "./router.js";
import { fetchReader, startScan } from "./scan.js";
import { startSecondTaps } from "./second_taps.js";
import { isReady, setUp } from "./setup.js";
import { askToKeep, askWhenInstalled, watchRoom } from "./storage.js";
import { language, say } from "./texts.js";
import { startToast } from "./toast.js";
import { keepBuild, offer, startUpdates } from "./updates.js";
import { leaveVisit, showVisit, startVisit, VISIT_AHEAD } from "./visit.js";
import { keepAgain } from "./visit_saving.js";
import { startWakeups, wake } from "./wakeups.js";

addScreen("round", { show: showRound });
addScreen("door", { show: showDoor });
addScreen("visit", { show: showVisit, leave: leaveVisit });
addScreen("outbox", { show: showOutbox, leave: leaveOutbox });
addScreen("me", { show: showMe });
addScreen("help", { show: async () => ({ title: say("help"), back: "/phone/me" }) });

/** Several changes in a row are one redraw; milliseconds. */
const REDRAW_AFTER = 60;

/** What the first door and the first visit would otherwise wait for. */
const AHEAD = [
  () => Promise.all(listsNeeded()),
  drawOneAhead,
  () => laidAhead("door"),
  ...VISIT_AHEAD,
  ...["visit", "outbox", "me"].map((name) => () => laidAhead(name)),
  () => showMe(""), // the first day that is written out takes a slow phone a tenth of a second
  fetchReader,
];

/** @param {string} name */
function laidAhead(name) {
  layAhead(find(document, `[data-screen="${name}"]`));
}

/** Everything is drawn and followed; before that only a new start helps. */
let running = false;

/** Bind every screen to the shell. */
function bindAll() {
  startSecondTaps();
  startBanners(() => (running ? void saveAgain() : location.reload()));
  startToast();
  startRound();
  startDoor();
  startVisit();
  startSheet();
  startOutbox();
  startMe();
  startRescue();
  startCamera();
  startNewDoor();
  startScan();
  startEndings();
}

/** The phone can save again: what is open, what ended at a door, and what was sent meanwhile. */
async function saveAgain() {
  await keepAgain();
  await settleOrSay();
  await wake("now");
}

/** A page that the browser keeps as it stands writes nothing meanwhile, and starts anew when it comes back. */
function startPuttingAway() {
  window.addEventListener("pagehide", ({ persisted }) => {
    if (persisted) putAway();
  });
  window.addEventListener("pageshow", ({ persisted }) => {
    if (persisted) location.reload();
  });
}

async function boot() {
  startPuttingAway();
  bindAll();
  void startUpdates();
  await openDatabase();
  // The round is what most starts show: it is read while the rest is found out.
  void roundFacts().catch(() => null);
  startWakeups(); // also before anybody signs in: what waits of earlier days is sent
  if (!(await isReady())) {
    await setUp();
    forgetPlace();
    void askToKeep(); // some browsers ask the person, who may leave that unanswered
  }
  void keepBuild();
  void askWhenInstalled();
  await Promise.all([speakAsChosen(), settle().catch(sayNotSaved)]);
  startRouter();
  const open = (await drafts.all()).find((draft) => !draft.screen?.ending);
  const bare = /^\/phone\/?$/.test(location.pathname);
  await resume(bare ? lastPlace(open) : location.pathname + location.hash);
  await showCount();
  running = true;
  follow();
  void prepare();
  await watchRoom();
}

/** What ended at a door before the last start stays as it is; there is more to see and to do than that. */
/** @param {unknown} error */
function sayNotSaved(error) {
  if (!(error instanceof StorageFailure)) throw error;
  showBanner("storage", true);
}

/** Piece by piece, soon: somebody who has just opened the app taps a door next. A tap waits for one piece at most. */
async function prepare() {
  for (const work of AHEAD) {
    await new Promise((ready) => setTimeout(ready));
    await work();
  }
}

/** The first page comes in the browser's language; the person's own is known only now. */
async function speakAsChosen() {
  const chosen = (await whoami())?.language;
  if (chosen && chosen !== language && !location.search) {
    location.search = `?lang=${chosen}`;
    await new Promise(() => {});
  }
}

/** Redraw the round when another tab, the worker or a new pack changed what it shows. */
function follow() {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let soon;
  onChange((topic) => {
    if (topic === "update" || topic === "drafts") void offer();
    if (topic === "drain" || topic === "update") return;
    if (topic === "pack") void prepare();
    void watchRoom();
    clearTimeout(soon);
    const since = performance.now();
    soon = setTimeout(
      () => void again(topic === "pack" ? ["round", "door"] : ["round"], since),
      REDRAW_AFTER,
    );
  });
}

boot().catch((error) => {
  showBanner("storage", true);
  throw error;
});
