// Taking a photo: the phone's own camera or the one in the app, an old photo over it to stand at the same place, then
// a look at it, where faces and papers can be covered before anything is saved.
import { all, find } from "./bind.js";
import { redactOn } from "./redaction.js";
import { drawWhole, opened, shrink } from "./shrink.js";
import { say } from "./texts.js";
import { announce } from "./toast.js";
import { openViewfinder } from "./viewfinder.js";

/**
 * @typedef {import("./shrinking.js").Small & {taken_at: string}} Picture  ready for photos.add
 * @typedef {{ghost?: Blob | null, file?: File | null}} Wish  `ghost` is the old photo to compare with; `file` has been
 *   taken already and only needs the look
 */

/** @type {((picture: Picture | null) => void) | null} */
let answer = null;
/** @type {import("./viewfinder.js").Viewfinder | null} */
let viewfinder = null;
/** @type {import("./redaction.js").Redaction | null} */
let redaction = null;
/** @type {{small: import("./shrinking.js").Small, taken_at: string} | null} */
let taken = null;
/** The photo came from the phone's own camera, and so does the next. */
let native = false;

/** @returns {HTMLDialogElement} */
const box = () => find(document, "[data-camera]");

/** Bind the buttons once. */
export function startCamera() {
  const dialog = box();
  const on = (/** @type {string} */ name, /** @type {() => unknown} */ work) =>
    find(dialog, `[data-camera-${name}]`).addEventListener("click", () => void work());
  on("close", () => dialog.close());
  on("shoot", shoot);
  on("again", again);
  on("undo", () => redaction?.undo());
  on("keep", keep);
  on("ghost", () => {
    const toggle = find(dialog, "[data-camera-ghost]");
    const shown = toggle.getAttribute("aria-pressed") !== "true";
    toggle.setAttribute("aria-pressed", String(shown));
    find(dialog, "[data-camera-old]").hidden = !shown;
  });
  const input = /** @type {HTMLInputElement} */ (find(dialog, "[data-camera-file]"));
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    input.value = "";
    if (file) void look(file, true);
  });
  dialog.addEventListener("close", () => dialog.open || finish(null));
}

/**
 * Let the person take a photo. Answers null when they went back without one.
 * @param {Wish} [wish]
 * @returns {Promise<Picture | null>}
 */
export async function take({ ghost = null, file = null } = {}) {
  const dialog = box();
  finish(null);
  const chosen = new Promise((/** @type {(picture: Picture | null) => void} */ resolve) => {
    answer = resolve;
  });
  await showGhost(ghost);
  dialog.showModal();
  if (file) await look(file, true);
  else await aim();
  return chosen;
}

function again() {
  if (native) find(box(), "[data-camera-file]").click();
  else void aim();
}

/** Whole and in its own shape, as the live picture below it: held the same way, the two are of one scale. */
/** @param {Blob | null} ghost */
async function showGhost(ghost) {
  const old = /** @type {HTMLCanvasElement} */ (/** @type {unknown} */ (find(box(), "[data-camera-old]")));
  const toggle = find(box(), "[data-camera-ghost]");
  old.hidden = true; // not that of another hazard meanwhile
  const drawn = ghost !== null && (await drawWhole(old, ghost));
  old.hidden = toggle.hidden = find(box(), "[data-camera-align]").hidden = !drawn;
  toggle.setAttribute("aria-pressed", "true");
}

/** The first step: look through the camera, or use the phone's own. */
async function aim() {
  letGo();
  step("aim");
  const shutter = /** @type {HTMLButtonElement} */ (find(box(), "[data-camera-shoot]"));
  shutter.disabled = true;
  wait("camera_opening");
  const video = /** @type {HTMLVideoElement} */ (find(box(), "[data-camera-live]"));
  const seen = await openViewfinder(video, find(box(), "[data-camera-light]")).catch(() => null);
  if (!box().open) return seen?.stop();
  viewfinder = seen;
  wait(seen ? "" : "camera_none");
  shutter.disabled = !seen;
  if (seen) shutter.focus();
}

/** @param {string} key  of a text; none takes it away */
function wait(key) {
  const line = find(box(), "[data-camera-wait]");
  line.textContent = key ? say(key) : "";
  line.hidden = !key;
}

async function shoot() {
  const shutter = /** @type {HTMLButtonElement} */ (find(box(), "[data-camera-shoot]"));
  // Of two quick taps the second would come in between.
  if (shutter.disabled) return;
  shutter.disabled = true;
  const frame = await viewfinder?.frame().catch(() => null);
  shutter.disabled = false;
  if (!frame) return;
  navigator.vibrate?.(30);
  await look(frame);
}

/** The second step: is it good, and is nobody in it? @param {File | ImageBitmap} source @param {boolean} [own] */
async function look(source, own = false) {
  letGo();
  native = own;
  step("look");
  busy(true);
  const taken_at = new Date().toISOString();
  const small = await shrink(source).catch(() => null);
  busy(false);
  if (!box().open) return;
  if (!small) {
    await aim();
    return wait("no_picture");
  }
  taken = { small, taken_at };
  await showTaken(small);
}

/** @param {import("./shrinking.js").Small} small */
async function showTaken(small) {
  const canvas = /** @type {HTMLCanvasElement} */ (
    /** @type {unknown} */ (find(box(), "[data-camera-taken]"))
  );
  canvas.hidden = small.width === 0;
  find(box(), "[data-camera-unseen]").hidden = small.width > 0;
  const hint = find(box(), "[data-camera-hint]");
  hint.hidden = small.width === 0;
  hint.textContent = say("camera_cover");
  if (small.width) {
    [canvas.width, canvas.height] = [small.width, small.height];
    const picture = await opened(blobOf(small));
    redaction = redactOn(canvas, picture, covered);
  }
  covered();
  find(box(), "[data-camera-keep]").focus();
}

/** @param {import("./shrinking.js").Small} small */
function blobOf({ bytes, type }) {
  return new Blob([bytes], { type });
}

/** What was covered can be taken back, the newest first. */
function covered() {
  const count = redaction?.boxes.length ?? 0;
  /** @type {HTMLButtonElement} */ (find(box(), "[data-camera-undo]")).disabled = count === 0;
  announce(count ? say("camera_covered", { n: count }) : "");
}

async function keep() {
  if (!taken || box().getAttribute("aria-busy")) return;
  const { small, taken_at } = taken;
  const boxes = redaction?.boxes ?? [];
  busy(true);
  // Drawn anew from what is shown: the pixels below are not part of the file any more.
  const safe = boxes.length ? await shrink(blobOf(small), boxes).catch(() => null) : small;
  busy(false);
  if (safe) return finish({ ...safe, taken_at });
  find(box(), "[data-camera-hint]").textContent = say("photo_not_saved");
  announce(say("photo_not_saved"));
}

/** @param {Picture | null} picture */
function finish(picture) {
  letGo();
  if (box().open) box().close();
  answer?.(picture);
  answer = null;
}

function letGo() {
  viewfinder?.stop();
  redaction?.end();
  viewfinder = redaction = taken = null;
}

/** @param {string} name */
function step(name) {
  for (const part of all(box(), "[data-camera-step]")) part.hidden = part.dataset.cameraStep !== name;
}

/** @param {boolean} working */
function busy(working) {
  box().toggleAttribute("aria-busy", working);
  if (working) box().setAttribute("aria-busy", "true");
  /** @type {HTMLButtonElement} */ (find(box(), "[data-camera-keep]")).disabled = working;
}
