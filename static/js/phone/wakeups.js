// When to send: at start, back online or over another network, when shown again, at the next attempt, after finishing,
// on demand.
import { nextAttemptAt, sending } from "../offline/backoff.js";
import { onChange } from "../offline/changes.js";
import { drain } from "../offline/drain.js";
import { whoami } from "../offline/enrolment.js";
import { refresh } from "../offline/pack.js";
import { refreshPictures } from "../offline/pictures.js";
import { reconcileSeldom } from "../offline/reconcile.js";
import { doubt, standings, unsentOf } from "../offline/standing.js";
import { showBanner } from "./banners.js";
import { find } from "./bind.js";
import { again } from "./router.js";
import { fetchReader } from "./scan.js";
import { needsSignIn } from "./sign_in.js";
import { say } from "./texts.js";

/** Milliseconds. */
const START_AFTER = 500;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/**
 * Send what waits, then fetch what changed; never throws, the result says what went wrong.
 * @param {string} reason
 */
export async function wake(reason) {
  if (reason === "finish") await askForSync();
  const result = await drain(reason).catch((/** @type {unknown} */ error) => ({
    sent: 0,
    photos: 0,
    problem: String(error),
  }));
  await plan();
  if (result.problem === "enrol") await askToSignIn();
  if (result.problem === "storage") showBanner("storage", true);
  if (result.sent || (reason !== "timer" && !result.problem)) await look();
  if (!result.problem || result.problem === "refused") void compare();
  return result;
}

/** Now and then; what turns out not to be there, or to have been judged anew, is sent. */
async function compare() {
  if (!(await reconcileSeldom().catch(() => false))) return;
  await drain("timer").catch(() => null);
  await plan();
}

/** Fetch what is new; sending goes on without a sign-in, reading does not, and somebody must be told. */
async function look() {
  if (!(await whoami())) return; // whoever has signed out is sent for, and reads nothing
  try {
    await refresh();
    showBanner("sign-in", false);
    void refreshPictures().catch(() => null);
    void fetchReader(); // where it could not come before
  } catch (error) {
    if (needsSignIn(error)) await askToSignIn();
  }
}

/** On every screen but the visit, with the way to go and how much waits for it. */
async function askToSignIn() {
  const { records } = await unsentOf(await standings());
  find(document, "[data-sign-in-waits]").textContent = records
    ? `${say("n_waiting", { n: records })} · `
    : "";
  showBanner("sign-in", true);
}

/** Listen to every sign that sending may work. */
export function startWakeups() {
  addEventListener("online", () => void wake("online"));
  followConnection();
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible") return;
    doubt();
    void again(["round", "door"]); // it may be another day
    void wake("visible");
  });
  onChange((/** @type {string} */ topic) => {
    if (topic === "drain") void plan();
  });
  // What is looked at comes first.
  setTimeout(() => void wake("start"), START_AFTER);
}

/** A phone with a WLAN that leads nowhere is "online" all along; another kind of connection is new hope to it. */
function followConnection() {
  // Not in every browser: there the next attempt comes by its time.
  const connection = /** @type {(EventTarget & {type?: string, effectiveType: string}) | undefined} */ (
    /** @type {any} */ (navigator).connection
  );
  if (!connection) return;
  const kind = () => `${connection.type} ${connection.effectiveType}`;
  let last = kind();
  connection.addEventListener("change", async () => {
    if (last === kind()) return; // only its estimates of speed
    last = kind();
    if ((await sending()).failures > 0) await wake("online");
  });
}

/** Background Sync where the browser has it: sends with the app closed. */
async function askForSync() {
  const registration = await navigator.serviceWorker?.getRegistration("/phone/");
  if (!registration || !("sync" in registration)) return;
  const sync = /** @type {{register: (tag: string) => Promise<void>}} */ (registration.sync);
  await sync.register("outbox").catch(() => null);
}

async function plan() {
  clearTimeout(timer);
  const at = await nextAttemptAt();
  if (!at) return;
  const wait = Math.max(1000, new Date(at).getTime() - Date.now());
  timer = setTimeout(() => void wake("timer"), Math.min(wait, 900_000));
}
