// Drawing a picture anew: upright, smaller, with parts made unrecognisable, and a little preview. Runs in the worker
// and, where that cannot draw, on the page.

/**
 * @typedef {{x: number, y: number, w: number, h: number}} Box  a part of a picture, in fractions of its sides
 * @typedef {{bytes: ArrayBuffer, type: string, width: number, height: number, preview?: ArrayBuffer}} Small
 * @typedef {OffscreenCanvas | HTMLCanvasElement} Canvas
 * @typedef {(width: number, height: number) => Canvas} CanvasOf
 * @typedef {ImageBitmap | HTMLImageElement} Picture
 * @typedef {{getContext: (kind: "2d") => any, width: number, height: number}} Drawable
 */

const LONGEST = 1600;
const QUALITIES = [0.8, 0.68, 0.55];
/** What is too large even in the last quality (leaves, gravel, a dark stairwell's grain) becomes smaller still. */
const SMALLER = [1280, 1024, 800];
const LARGEST = 300_000;
/** The preview goes with the first contact, so it must be small on any link. */
const PREVIEWS = /** @type {const} */ ([
  [480, 0.6],
  [400, 0.45],
  [320, 0.3],
]);
const PREVIEW_LARGEST = 20 * 1024;
/** A covered part is left with so many blocks along its longer side: enough to see that something was there. */
const BLOCKS = 5;

/**
 * @param {Picture} picture
 * @param {Box[]} boxes
 * @param {CanvasOf} canvasOf
 * @returns {Promise<Small>}
 */
export async function redraw(picture, boxes, canvasOf) {
  let canvas = drawn(picture, LONGEST, canvasOf);
  for (const box of boxes) cover(canvas, box);
  let blob = await encoded(canvas, QUALITIES, LARGEST);
  for (const longest of SMALLER) {
    if (blob.size <= LARGEST) break;
    canvas = drawn(/** @type {any} */ (canvas), longest, canvasOf); // of what was drawn: what is covered stays covered
    blob = await encoded(canvas, QUALITIES.slice(-1), LARGEST);
  }
  const preview = await previewOf(canvas, canvasOf);
  return {
    bytes: await blob.arrayBuffer(),
    type: blob.type,
    width: canvas.width,
    height: canvas.height,
    preview,
  };
}

/** @param {any} picture @param {number} longest @param {CanvasOf} canvasOf */
function drawn(picture, longest, canvasOf) {
  const [wide, high] = [picture.naturalWidth ?? picture.width, picture.naturalHeight ?? picture.height];
  const scale = Math.min(1, longest / Math.max(wide, high));
  const canvas = canvasOf(Math.max(1, Math.round(wide * scale)), Math.max(1, Math.round(high * scale)));
  const pen = penOf(canvas);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** @param {Drawable} canvas @returns {CanvasRenderingContext2D} */
function penOf(canvas) {
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("No canvas");
  return pen;
}

/**
 * Replace the pixels of a part by a few blocks of their average colour; nothing of them is left below.
 * @param {Drawable} canvas
 * @param {Box} box
 */
export function cover(canvas, box) {
  const pen = penOf(canvas);
  const left = Math.floor(Math.max(0, box.x) * canvas.width);
  const top = Math.floor(Math.max(0, box.y) * canvas.height);
  const right = Math.min(canvas.width, Math.ceil((box.x + box.w) * canvas.width));
  const bottom = Math.min(canvas.height, Math.ceil((box.y + box.h) * canvas.height));
  const side = Math.ceil(Math.max(right - left, bottom - top) / BLOCKS);
  for (let y = top; y < bottom; y += side) {
    for (let x = left; x < right; x += side) {
      const [wide, high] = [Math.min(side, right - x), Math.min(side, bottom - y)];
      pen.fillStyle = averageOf(pen.getImageData(x, y, wide, high).data);
      pen.fillRect(x, y, wide, high);
    }
  }
}

/** @param {Uint8ClampedArray} pixels  red, green, blue, alpha in turn */
function averageOf(pixels) {
  const sums = [0, 0, 0];
  for (let at = 0; at < pixels.length; at += 4) {
    for (const part of [0, 1, 2]) sums[part] = (sums[part] ?? 0) + (pixels[at + part] ?? 0);
  }
  return `rgb(${sums.map((sum) => Math.round((sum * 4) / pixels.length)).join(" ")})`;
}

/** @param {Canvas} canvas @param {CanvasOf} canvasOf @returns {Promise<ArrayBuffer | undefined>} */
async function previewOf(canvas, canvasOf) {
  for (const [longest, quality] of PREVIEWS) {
    const blob = await encoded(
      drawn(/** @type {any} */ (canvas), longest, canvasOf),
      [quality],
      PREVIEW_LARGEST,
    );
    if (blob.size <= PREVIEW_LARGEST) return blob.arrayBuffer();
  }
  return undefined;
}

/**
 * As JPEG, in the best quality that is small enough, or in the last one.
 * @param {Canvas} canvas @param {readonly number[]} qualities @param {number} largest  bytes
 * @returns {Promise<Blob>}
 */
async function encoded(canvas, qualities, largest) {
  let blob = null;
  for (const quality of qualities) {
    blob = await blobOf(canvas, quality);
    // Some engines answer with another format without saying so.
    if (blob?.type !== "image/jpeg") throw new Error("Not encoded as JPEG");
    if (blob.size <= largest) break;
  }
  return /** @type {Blob} */ (blob);
}

/** @param {Canvas} canvas @param {number} quality @returns {Promise<Blob | null>} */
function blobOf(canvas, quality) {
  const type = "image/jpeg";
  if ("convertToBlob" in canvas) return canvas.convertToBlob({ type, quality });
  return new Promise((resolve) => canvas.toBlob(resolve, type, quality));
}
