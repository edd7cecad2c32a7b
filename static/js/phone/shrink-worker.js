// A worker of its own, served at /phone/shrink-worker.js: decodes a picture upright, scales it and encodes it again, so the page stays alive.
import { redraw } from "./shrinking.js";

addEventListener("message", async ({ data }) => {
  const small = await shrink(data).catch(() => null);
  const transfer = [small?.bytes, small?.preview].filter((part) => part !== undefined);
  postMessage({ turn: data.turn, small }, { transfer });
});

/** @param {{source: Blob | ImageBitmap, boxes: import("./shrinking.js").Box[]}} asked */
async function shrink({ source, boxes }) {
  const picture = await createImageBitmap(source, { imageOrientation: "from-image" });
  const small = await redraw(picture, boxes, (width, height) => new OffscreenCanvas(width, height));
  picture.close();
  return small;
}
