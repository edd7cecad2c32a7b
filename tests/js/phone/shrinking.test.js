// Drawing a picture anew until it is small enough: the quality goes first, then the size.
import assert from "node:assert/strict";
import { test } from "node:test";
import { redraw } from "../../../static/js/phone/shrinking.js";

const LARGEST = 300_000;
const QUIET = 0.6;
const GRAVEL = 3.4;

/** Canvases on which a picture of so much detail takes so many bytes; `drawn` tells from what each was drawn. */
function canvases(detail) {
  const drawn = [];
  const encoded = [];
  const canvasOf = (width, height) => ({
    width,
    height,
    getContext: () => ({
      drawImage: (source) => drawn.push(source),
      fillRect() {},
      getImageData: () => ({ data: [0, 0, 0, 255] }),
    }),
    convertToBlob: async ({ type, quality }) => {
      encoded.push([Math.max(width, height), quality]);
      return new Blob([new Uint8Array(Math.round(width * height * quality ** 2 * detail * 0.2))], { type });
    },
  });
  return { canvasOf, drawn, encoded };
}

const PICTURE = { width: 4000, height: 3000 };

test("a quiet picture keeps its best quality and size", async () => {
  const { canvasOf, encoded } = canvases(QUIET);

  const small = await redraw(PICTURE, [], canvasOf);

  assert.deepEqual([small.width, small.height], [1600, 1200]);
  assert.deepEqual(encoded[0], [1600, 0.8]);
  assert.ok(small.bytes.byteLength <= LARGEST);
});

test("one that is too large in the last quality becomes smaller until it fits", async () => {
  const { canvasOf, encoded } = canvases(GRAVEL);

  const small = await redraw(PICTURE, [], canvasOf);

  const whole = encoded.filter(([longest]) => longest > 480);
  assert.deepEqual(whole.slice(0, 4), [
    [1600, 0.8],
    [1600, 0.68],
    [1600, 0.55],
    [1280, 0.55],
  ]);
  assert.ok(small.bytes.byteLength <= LARGEST, `${small.bytes.byteLength}`);
  assert.ok(small.width < 1600);
});

test("a smaller one is drawn from what is covered, never from the camera's picture again", async () => {
  const { canvasOf, drawn } = canvases(GRAVEL);

  await redraw(PICTURE, [{ x: 0, y: 0, w: 0.5, h: 0.5 }], canvasOf);

  assert.equal(drawn.filter((source) => source === PICTURE).length, 1);
  assert.equal(drawn[0], PICTURE);
});

test("a preview has at most 20 KB, however noisy the picture; where that cannot be, there is none", async () => {
  const sizes = [];
  for (const detail of [QUIET, GRAVEL, 12, 20]) {
    const { preview } = await redraw(PICTURE, [], canvases(detail).canvasOf);
    sizes.push(preview?.byteLength);
  }

  assert.ok(
    sizes.slice(0, 3).every((size) => size <= 20 * 1024),
    `${sizes}`,
  );
  assert.equal(sizes[3], undefined);
});
