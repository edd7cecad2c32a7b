// Covering parts of a picture before it is saved: a finger draws a box, a tap covers a small one; keys can do it too.
import { cover } from "./shrinking.js";

/**
 * @typedef {import("./shrinking.js").Box} Box
 * @typedef {{boxes: Box[], undo: () => void, end: () => void}} Redaction
 */

/** A finger that moved less than this has tapped; in CSS pixels. */
const TAP = 10;
/** Sides of the part that a tap covers, in fractions of the picture's shorter side. */
const TAPPED = 0.22;
const STEP = 0.04;

/**
 * Show a picture on a canvas and let parts of it be covered.
 * @param {HTMLCanvasElement} canvas
 * @param {ImageBitmap | HTMLImageElement} picture
 * @param {() => void} changed
 * @returns {Redaction}
 */
export function redactOn(canvas, picture, changed) {
  /** @type {Box[]} */
  const boxes = [];
  /** @type {{x: number, y: number} | null} */
  let from = null;
  let mark = { x: 0.5, y: 0.5 };
  const stop = new AbortController();
  const draw = (/** @type {Box | null} */ open = null) => paint(canvas, picture, boxes, open);
  const add = (/** @type {Box} */ box) => {
    boxes.push(box);
    draw();
    changed();
  };
  const on = (/** @type {string} */ name, /** @type {(event: any) => void} */ work) =>
    canvas.addEventListener(name, (event) => /** @type {any} */ (event).isPrimary === false || work(event), {
      signal: stop.signal,
    });
  on("pointerdown", (event) => {
    from = placeOf(canvas, event);
    canvas.setPointerCapture(event.pointerId);
  });
  on("pointermove", (event) => {
    if (from) draw(between(from, placeOf(canvas, event)));
  });
  on("pointerup", (event) => {
    if (from) add(drawnOrTapped(canvas, from, placeOf(canvas, event)));
    from = null;
  });
  on("pointercancel", () => {
    from = null;
    draw();
  });
  on("keydown", (event) => {
    const to = moved(mark, event.key);
    if (!to && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    if (to) {
      mark = to;
      draw(around(canvas, mark));
    } else add(around(canvas, mark));
  });
  draw();
  const undo = () => {
    boxes.pop();
    draw();
    changed();
  };
  return { boxes, undo, end: () => stop.abort() };
}

/** @param {HTMLCanvasElement} canvas @param {any} picture @param {Box[]} boxes @param {Box | null} open */
function paint(canvas, picture, boxes, open) {
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  if (!pen) return;
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  for (const box of boxes) cover(canvas, box);
  if (!open) return;
  const [x, y, w, h] = [
    open.x * canvas.width,
    open.y * canvas.height,
    open.w * canvas.width,
    open.h * canvas.height,
  ];
  for (const [colour, width] of /** @type {const} */ ([
    ["#000000", 6],
    ["#ffd08a", 3],
  ])) {
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.strokeRect(x, y, w, h);
  }
}

/** @param {HTMLCanvasElement} canvas @param {PointerEvent} event */
function placeOf(canvas, event) {
  const frame = canvas.getBoundingClientRect();
  const within = (/** @type {number} */ part) => Math.min(1, Math.max(0, part));
  return {
    x: within((event.clientX - frame.left) / frame.width),
    y: within((event.clientY - frame.top) / frame.height),
  };
}

/** @param {{x: number, y: number}} a @param {{x: number, y: number}} b @returns {Box} */
function between(a, b) {
  return { x: Math.min(a.x, b.x), y: Math.min(a.y, b.y), w: Math.abs(a.x - b.x), h: Math.abs(a.y - b.y) };
}

/** @param {HTMLCanvasElement} canvas @param {{x: number, y: number}} from @param {{x: number, y: number}} to */
function drawnOrTapped(canvas, from, to) {
  const { width, height } = canvas.getBoundingClientRect();
  const box = between(from, to);
  const [narrow, low] = [box.w * width < TAP, box.h * height < TAP];
  if (narrow && low) return around(canvas, to);
  // A line has no room of its own: it covers as much beside it as a tap.
  const least = around(canvas, { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 });
  return {
    ...box,
    ...(narrow ? { x: least.x, w: least.w } : {}),
    ...(low ? { y: least.y, h: least.h } : {}),
  };
}

/** @param {HTMLCanvasElement} canvas @param {{x: number, y: number}} middle @returns {Box} */
function around(canvas, { x, y }) {
  const side = TAPPED * Math.min(canvas.width, canvas.height);
  const [w, h] = [side / canvas.width, side / canvas.height];
  return { x: x - w / 2, y: y - h / 2, w, h };
}

/** @param {{x: number, y: number}} mark @param {string} key */
function moved({ x, y }, key) {
  /** @type {Record<string, [number, number]>} */
  const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const way = ways[key];
  return way ? { x: x + way[0] * STEP, y: y + way[1] * STEP } : null;
}
