// Reading the code on a door plate with the camera: the browser's own reader, else one that is fetched beforehand.
import { find } from "./bind.js";
import { say } from "./texts.js";
import { openViewfinder } from "./viewfinder.js";

/** @typedef {(video: HTMLVideoElement) => Promise<string | null>} Reader */

const PAUSE = 200;
const WIDEST = 640;
const OWN_READER = "/static/vendor/qr/decode.js";
let fetched = false;
const PARTS = [OWN_READER, "/static/vendor/qr/index.js"];

/** @returns {HTMLDialogElement} */
const box = () => find(document, "[data-scan]");

/** @type {HTMLElement | null} */
let typed = null;

/** Bind the buttons once. */
export function startScan() {
  find(box(), "[data-scan-close]").addEventListener("click", () => box().close());
  find(box(), "[data-scan-type]").addEventListener("click", () => {
    box().close();
    // Within the tap: later, no phone would open its keys.
    typed?.focus();
  });
}

/**
 * Let the camera look for a code; null when the person went back without one.
 * @param {HTMLElement} field  where the number can be typed instead
 * @returns {Promise<string | null>}
 */
export async function scanPlate(field) {
  const dialog = box();
  typed = field;
  hint("camera_opening");
  dialog.showModal();
  const video = /** @type {HTMLVideoElement} */ (find(dialog, "[data-scan-live]"));
  const [seen, read] = await Promise.all([
    openViewfinder(video, find(dialog, "[data-scan-light]")).catch(() => null),
    reader().catch(() => null),
  ]);
  hint(seen && read ? "scan_hint" : seen ? "scan_needs_signal" : "scan_no_camera");
  if (!seen) return closed(dialog);
  // At once: until the reader is through with its frame, the light would shine on.
  dialog.addEventListener("close", seen.stop, { once: true });
  try {
    return read ? await look(dialog, video, read) : await closed(dialog);
  } finally {
    seen.stop();
    dialog.close();
  }
}

/** @param {string} key */
function hint(key) {
  find(box(), "[data-scan-hint]").textContent = say(key);
}

/** @param {HTMLDialogElement} dialog @returns {Promise<null>} */
function closed(dialog) {
  if (!dialog.open) return Promise.resolve(null);
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(null), { once: true }));
}

/** @param {HTMLDialogElement} dialog @param {HTMLVideoElement} video @param {Reader} read @returns {Promise<string | null>} */
async function look(dialog, video, read) {
  while (dialog.open) {
    const code = await read(video).catch(() => null);
    if (code?.trim()) {
      navigator.vibrate?.(30);
      return code;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  return null;
}

/** The browser's own, where it knows these codes. @returns {Promise<any>} */
async function detectorClass() {
  const Detector = /** @type {any} */ (globalThis).BarcodeDetector;
  const formats = (await Detector?.getSupportedFormats?.().catch(() => [])) ?? [];
  return formats.includes("qr_code") ? Detector : null;
}

/**
 * Where the browser reads no codes, our reader is here before the first stairwell: the worker keeps what passes it.
 * @returns {Promise<boolean>} whether codes can be read
 */
export async function fetchReader() {
  if (fetched || (await detectorClass())) return true;
  const answers = await Promise.all(PARTS.map((part) => fetch(part))).catch(() => []);
  fetched = answers.length > 0 && answers.every(({ ok }) => ok);
  return fetched;
}

/** @returns {Promise<Reader>} */
async function reader() {
  const Detector = await detectorClass();
  if (Detector) {
    const detector = new Detector({ formats: ["qr_code"] });
    return async (video) => (await detector.detect(video))[0]?.rawValue ?? null;
  }
  // A module that did not come would not be asked for again before the next start.
  if (!(await fetchReader())) throw new Error("The reader is not on this phone");
  const { decodeQR } = await import(OWN_READER);
  const canvas = document.createElement("canvas");
  return async (video) => decodeQR(frameOf(video, canvas));
}

/** @param {HTMLVideoElement} video @param {HTMLCanvasElement} canvas @returns {ImageData} */
function frameOf(video, canvas) {
  const scale = Math.min(1, WIDEST / (video.videoWidth || 1));
  canvas.width = Math.round(video.videoWidth * scale);
  canvas.height = Math.round(video.videoHeight * scale);
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  if (!pen || !canvas.width) throw new Error("No picture yet");
  pen.drawImage(video, 0, 0, canvas.width, canvas.height);
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}
