// Pictures that are drawn small: one that is compared with another keeps its shape.
import assert from "node:assert/strict";
import { test } from "node:test";

const { drawWhole } = await import("../../../static/js/phone/shrink.js");

/** A canvas of another shape than any picture here, with what was drawn on it. */
function aCanvas() {
  const drawn = [];
  return { width: 720, height: 960, drawn, getContext: () => ({ drawImage: (...how) => drawn.push(how) }) };
}

for (const [width, height] of [
  [320, 240],
  [240, 320],
])
  test(`a picture of ${width} to ${height} is drawn whole, and the canvas takes its shape`, async () => {
    const picture = { width, height, close: () => {} };
    globalThis.createImageBitmap = async () => picture;
    const canvas = aCanvas();

    assert.equal(await drawWhole(canvas, new Blob()), true);

    assert.deepEqual([canvas.width, canvas.height], [width, height]);
    assert.deepEqual(canvas.drawn, [[picture, 0, 0, width, height]]);
  });

test("one that cannot be decoded is not said to be drawn", async () => {
  globalThis.createImageBitmap = () => Promise.reject(new Error("no picture"));
  globalThis.Image = class {
    decode() {
      return Promise.reject(new Error("no picture"));
    }
  };

  assert.equal(await drawWhole(aCanvas(), new Blob()), false);
});
