// Makes a camera picture small on the phone, off the page's thread where the browser can, and draws small copies of it.
import { redraw } from "./shrinking.js";
import { isPicture, stripped } from "./stripping.js";

/**
 * @typedef {import("./shrinking.js").Small} Small
 * @typedef {import("./shrinking.js").Box} Box
 */

/** @type {Worker | null} */
let worker = null;
let turn = 0;

/**
 * A picture as JPEG of at most 1,600 px with a preview of at most 20 KB, without what the camera wrote into it (place,
 * time, device). What the phone cannot decode (HEIC outside Apple) goes as it is, if it is JPEG without that; the
 * server converts it.
 * @param {Blob | ImageBitmap} source  a file, or a frame of the camera
 * @param {Box[]} [boxes]  parts to make unrecognisable
 * @returns {Promise<Small>}  of width 0 when it could not be decoded
 */
export async function shrink(source, boxes = []) {
  const small =
    (await inWorker(source, boxes).catch(() => null)) ?? (await onPage(source, boxes).catch(() => null));
  if (small) return small;
  // What should be covered must never go as it is.
  if (!(source instanceof Blob) || boxes.length) throw new Error("The picture could not be made small");
  const name = source instanceof File ? source.name : "";
  const bytes = await source.arrayBuffer();
  if (!isPicture(bytes)) throw new Error("The file is no picture");
  return { bytes: stripped(bytes), type: source.type || typeByName(name), width: 0, height: 0 };
}

/** @param {string} name */
function typeByName(name) {
  return /\.hei[cf]$/i.test(name) ? "image/heic" : "application/octet-stream";
}

/** @param {Blob | ImageBitmap} source @param {Box[]} boxes @returns {Promise<Small | null>} */
function inWorker(source, boxes) {
  // Its address lies below /phone/, since that alone decides whether the service worker can give it without a signal.
  worker ??= new Worker("/phone/shrink-worker.js", { type: "module" });
  const shared = worker;
  const mine = ++turn;
  return new Promise((resolve, reject) => {
    const stop = new AbortController();
    const { signal } = stop;
    const done = (/** @type {MessageEvent} */ { data }) => {
      if (data.turn !== mine) return;
      stop.abort();
      resolve(data.small);
    };
    const fail = () => {
      stop.abort();
      worker = null;
      reject(new Error("The picture could not be made small"));
    };
    shared.addEventListener("message", done, { signal });
    shared.addEventListener("error", fail, { signal });
    shared.postMessage({ turn: mine, source, boxes });
  });
}

/** Where workers cannot draw (older WebKit), or a picture opens only as an image (HEIC there). */
/** @param {Blob | ImageBitmap} source @param {Box[]} boxes @returns {Promise<Small>} */
async function onPage(source, boxes) {
  const picture = source instanceof Blob ? await opened(source) : source;
  return redraw(picture, boxes, (width, height) =>
    Object.assign(document.createElement("canvas"), { width, height }),
  );
}

/**
 * A picture that can be drawn, upright. Throws when the phone cannot decode it.
 * @param {Blob} blob
 * @returns {Promise<ImageBitmap | HTMLImageElement>}
 */
export async function opened(blob) {
  const bitmap = await createImageBitmap(blob, { imageOrientation: "from-image" }).catch(() => null);
  if (bitmap) return bitmap;
  const address = URL.createObjectURL(blob);
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    return image;
  } finally {
    URL.revokeObjectURL(address);
  }
}

/**
 * Draw a whole picture on a canvas that takes its size; answers whether it could be decoded.
 * @param {HTMLCanvasElement} canvas
 * @param {Blob} blob
 */
export function drawWhole(canvas, blob) {
  return drawFilling(canvas, blob, true);
}

/**
 * Draw a picture filling the canvas; one that cannot be decoded leaves it empty, and that is what is answered.
 * @param {HTMLCanvasElement} canvas
 * @param {Blob} blob
 * @param {boolean} [whole]  the canvas takes the size of the picture
 */
export async function drawFilling(canvas, blob, whole) {
  const picture = /** @type {any} */ (await opened(blob).catch(() => null));
  const pen = canvas.getContext("2d");
  if (!picture || !pen) return false;
  if (whole) [canvas.width, canvas.height] = [picture.width, picture.height];
  const scale = Math.max(canvas.width / picture.width, canvas.height / picture.height);
  const [wide, high] = [picture.width * scale, picture.height * scale];
  pen.drawImage(picture, (canvas.width - wide) / 2, (canvas.height - high) / 2, wide, high);
  picture.close?.();
  return true;
}
