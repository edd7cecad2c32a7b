// A pad for a finger: strokes as small whole numbers, so that a signature is a few hundred bytes of text.

/** Points closer than this to the last one say nothing new; in pixels of the pad. */
const CLOSE = 3;
const POINTS = 1500;
/** As many as the contract takes. */
const STROKES = 200;

/** @typedef {{wide: number, high: number, strokes: number[][]}} Signature */

/**
 * @param {HTMLCanvasElement} canvas
 * @param {(signature: Signature | null) => void} changed  after each stroke; null when cleared
 */
export function signaturePad(canvas, changed) {
  /** @type {number[][]} */
  let strokes = [];
  /** @type {number[] | null} */
  let stroke = null;
  const size = () => ({ wide: canvas.clientWidth, high: canvas.clientHeight });
  // The pad as it was at the first stroke: the others are measured on it, also once the phone was turned.
  let frame = size();
  const draw = () => drawStrokes(canvas, { ...frame, strokes: stroke ? [...strokes, stroke] : strokes });
  const point = (/** @type {PointerEvent} */ { offsetX, offsetY }) => [
    within(Math.round((offsetX * frame.wide) / canvas.clientWidth), frame.wide),
    within(Math.round((offsetY * frame.high) / canvas.clientHeight), frame.high),
  ];
  // Whoever holds the phone touches it, too.
  const on = (/** @type {string} */ name, /** @type {(event: any) => void} */ work) =>
    canvas.addEventListener(name, (event) => /** @type {PointerEvent} */ (event).isPrimary && work(event));
  on("pointerdown", (event) => {
    event.preventDefault();
    if (strokes.length >= STROKES) return;
    canvas.setPointerCapture(event.pointerId);
    if (strokes.length === 0) frame = size();
    stroke = point(event);
    draw();
  });
  on("pointermove", (event) => {
    if (!stroke || strokes.flat().length + stroke.length > 2 * POINTS) return;
    const [x = 0, y = 0] = point(event);
    const [lastX = 0, lastY = 0] = stroke.slice(-2);
    if (Math.hypot(x - lastX, y - lastY) < CLOSE) return;
    stroke.push(x, y);
    draw();
  });
  const lift = () => {
    if (!stroke) return;
    strokes.push(stroke);
    stroke = null;
    draw();
    changed({ ...frame, strokes });
  };
  on("pointerup", lift);
  on("pointercancel", lift);
  new ResizeObserver(draw).observe(canvas);
  return {
    clear() {
      strokes = [];
      draw();
      changed(null);
    },
    /** @param {Signature | null | undefined} signature */
    show(signature) {
      strokes = signature ? signature.strokes.map((one) => [...one]) : [];
      frame = signature ? { wide: signature.wide, high: signature.high } : size();
      draw();
    },
  };
}

/** @param {number} value @param {number} most */
function within(value, most) {
  return Math.min(Math.max(value, 0), most);
}

/** @param {HTMLCanvasElement} canvas @param {Signature} signature */
function drawStrokes(canvas, { wide, high, strokes }) {
  const density = globalThis.devicePixelRatio || 1;
  canvas.width = canvas.clientWidth * density;
  canvas.height = canvas.clientHeight * density;
  const pen = canvas.getContext("2d");
  if (!pen || !wide || !high) return;
  pen.scale(canvas.width / wide, canvas.height / high);
  pen.strokeStyle = getComputedStyle(canvas).color;
  pen.lineWidth = 2.5;
  pen.lineCap = pen.lineJoin = "round";
  for (const stroke of strokes) {
    pen.beginPath();
    pen.moveTo(stroke[0], stroke[1]);
    if (stroke.length === 2) pen.lineTo(stroke[0] + 0.1, stroke[1]);
    for (let at = 2; at < stroke.length; at += 2) pen.lineTo(stroke[at], stroke[at + 1]);
    pen.stroke();
  }
}
