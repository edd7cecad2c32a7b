// A worker of its own: decodes a picture upright, scales it and encodes it again, so the page stays alive.
const LONGEST = 1600;
const QUALITY = 0.8;

addEventListener("message", async ({ data }) => {
  const small = await shrink(data.file).catch(() => null);
  postMessage({ turn: data.turn, small }, small ? { transfer: [small.bytes] } : {});
});

/**
 * @param {File} file
 * @returns {Promise<import("./camera.js").Small>}
 */
async function shrink(file) {
  const whole = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST / Math.max(whole.width, whole.height));
  const width = Math.round(whole.width * scale);
  const height = Math.round(whole.height * scale);
  const canvas = new OffscreenCanvas(width, height);
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("No canvas");
  pen.imageSmoothingQuality = "high";
  pen.drawImage(whole, 0, 0, width, height);
  whole.close();
  const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: QUALITY });
  // Some engines answer with another format without saying so.
  if (blob.type !== "image/jpeg") throw new Error("Not encoded as JPEG");
  return { bytes: await blob.arrayBuffer(), type: blob.type, width, height };
}
