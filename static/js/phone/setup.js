// First start: enrols the phone while somebody is signed in, fetches the round, and says when it works without a signal.
import { enrol, signedIn, whoami } from "../offline/enrolment.js";
import { lastPackedAt, refresh } from "../offline/pack.js";
import { waitingHere } from "../offline/standing.js";
import { isId, requestJson } from "../offline/wire.js";
import { all, fill, find } from "./bind.js";
import { countDoors } from "./round_facts.js";
import { needsSignIn } from "./sign_in.js";
import { oweSignOut, paySignOut } from "./sign_out.js";
import { say } from "./texts.js";
import { appKept, buildOf } from "./updates.js";
import { wake } from "./wakeups.js";

/** How often somebody who waits for a signal is spared a tap, in milliseconds. */
const LOOK_AGAIN = 3000;

/** Whether this phone has an owner and a round. */
export async function isReady() {
  const [who, packed] = await Promise.all([whoami(), lastPackedAt()]);
  return Boolean(who && packed);
}

/**
 * Show the first start and come back when the worker begins the round.
 * @returns {Promise<void>}
 */
export async function setUp() {
  const section = find(document, '[data-screen="setup"]');
  section.hidden = false;
  await attempt(section);
  find(section, "[data-setup-again]").addEventListener("click", () => void attempt(section));
  find(section, "[data-setup-mine]").addEventListener("click", () => void attempt(section, true));
  find(section, "[data-setup-other]").addEventListener("click", () => {
    oweSignOut();
    void attempt(section);
  });
  const looking = setInterval(() => {
    void sayKept(section);
    void lookAgain(section);
  }, LOOK_AGAIN);
  await new Promise((resolve) => {
    find(section, "[data-setup-start]").addEventListener("click", resolve, { once: true });
  });
  clearInterval(looking);
  section.hidden = true;
}

/** @param {HTMLElement} section */
async function lookAgain(section) {
  const waits = () =>
    !find(section, '[data-setup="offline"]').hidden && document.visibilityState === "visible";
  if (!waits()) return;
  const probe = requestJson("/sync/probe", (body) => isId(body.doorstep), { timeout: LOOK_AGAIN });
  const reached = await probe.then(
    () => true,
    () => false,
  );
  if (reached && waits()) await attempt(section);
}

/** @param {HTMLElement} section @param {boolean} [agreed]  that the phone is for whoever is signed in */
async function attempt(section, agreed = false) {
  step(section, "working");
  await sayKept(section);
  if (!(await paySignOut())) return step(section, "offline");
  try {
    if (!(await whoami())) {
      if (!agreed && !(await isForWork(section))) return;
      await enrol(await buildOf());
    }
    find(section, "[data-setup-line]").textContent = say("fetching");
    await Promise.all([refresh(), appKept()]);
    find(section, "[data-setup-count]").textContent = say("n_doors", { n: await countDoors() });
    step(section, "ready");
    void wake("start");
  } catch (error) {
    step(section, needsSignIn(error) ? "sign-in" : "offline");
  }
}

/** What was unsent when somebody signed out is still here, and goes by itself. @param {HTMLElement} section */
async function sayKept(section) {
  const n = await waitingHere();
  fill(find(section, "[data-setup-kept]"), { line: n ? say("kept_here", { n }) : "" });
}

/** A browser may be signed in for the desk: only a worker's phone is theirs without a question. */
/** @param {HTMLElement} section */
async function isForWork(section) {
  const { name, role, allowed } = await signedIn();
  if (role === "worker") return true;
  const line = say(allowed ? "phone_for" : "phone_not_for", { name });
  fill(find(section, '[data-setup="whose"]'), { line, allowed });
  step(section, "whose");
  return false;
}

/** @param {HTMLElement} section @param {string} name */
function step(section, name) {
  for (const part of all(section, "[data-setup]")) part.hidden = part.dataset.setup !== name;
}
