// Makes a camera picture small on the phone, off the page's thread, and draws small copies of it.

/** @typedef {{bytes: ArrayBuffer, type: string, width: number, height: number}} Small */

/** @type {Worker | null} */
let worker = null;
let turn = 0;

/**
 * A picture as JPEG of at most 1,600 px, without what the camera wrote into it (place, time, device).
 * What the phone cannot decode (HEIC outside Apple) goes as it is; the server converts it.
 * @param {File} file
 * @returns {Promise<Small>}
 */
export async function shrink(file) {
  const small = await inWorker(file).catch(() => null);
  if (small) return small;
  const bytes = await file.arrayBuffer();
  return { bytes, type: file.type || typeByName(file.name), width: 0, height: 0 };
}

/** @param {string} name */
function typeByName(name) {
  return /\.hei[cf]$/i.test(name) ? "image/heic" : "application/octet-stream";
}

/** @param {File} file @returns {Promise<Small | null>} */
function inWorker(file) {
  worker ??= new Worker(new URL("./shrink-worker.js", import.meta.url), { type: "module" });
  const shared = worker;
  const mine = ++turn;
  return new Promise((resolve, reject) => {
    const stop = new AbortController();
    const done = (/** @type {Small | null} */ small) => {
      stop.abort();
      resolve(small);
    };
    shared.addEventListener("message", ({ data }) => data.turn === mine && done(data.small), {
      signal: stop.signal,
    });
    shared.addEventListener(
      "error",
      () => {
        stop.abort();
        worker = null;
        reject(new Error("The picture could not be made small"));
      },
      { signal: stop.signal },
    );
    shared.postMessage({ turn: mine, file });
  });
}

/**
 * Draw a picture filling the canvas; one that cannot be decoded leaves it empty.
 * @param {HTMLCanvasElement} canvas
 * @param {ArrayBuffer} bytes
 * @param {string} type
 */
export async function drawPhoto(canvas, bytes, type) {
  const picture = await createImageBitmap(new Blob([bytes], { type })).catch(() => null);
  const pen = canvas.getContext("2d");
  if (!picture || !pen) return;
  const scale = Math.max(canvas.width / picture.width, canvas.height / picture.height);
  const [wide, high] = [picture.width * scale, picture.height * scale];
  pen.drawImage(picture, (canvas.width - wide) / 2, (canvas.height - high) / 2, wide, high);
  picture.close();
}
