// A JPEG that the phone cannot make small goes without what the camera wrote into it, and as it is in all else.
import assert from "node:assert/strict";
import { test } from "node:test";
import { isPicture, stripped } from "../../../static/js/phone/stripping.js";

const START = [0xff, 0xd8];
const END = [0xff, 0xd9];
const TABLES = part(0xdb, 1, 2, 3);
const FRAME = part(0xc0, 8, 0, 1, 0, 1);
const SCAN = [...part(0xda, 1, 1, 0), 0x12, 0xff, 0x00, 0xff, 0xd3, 0xff, 0xff, 0x00, 0x34];
const PICTURE = [...TABLES, ...FRAME, ...SCAN, ...END];
const JFIF = part(0xe0, ...letters("JFIF\0"), 1, 1);
const PROFILE = part(0xe2, ...letters("ICC_PROFILE\0"), 1, 1, 7);
const PLACE = [...letters("GPS here")];

function letters(text) {
  return [...text].map((sign) => sign.charCodeAt(0));
}

function part(marker, ...content) {
  return [0xff, marker, (content.length + 2) >> 8, (content.length + 2) & 0xff, ...content];
}

function exif(orientation, little = false) {
  const two = (value) => (little ? [value & 0xff, value >> 8] : [value >> 8, value & 0xff]);
  const four = (value) => (little ? [...two(value), 0, 0] : [0, 0, ...two(value)]);
  const entry = [...two(0x0112), ...two(3), ...four(1), ...two(orientation), 0, 0];
  const head = [...letters(little ? "II" : "MM"), ...two(42), ...four(8), ...two(1)];
  return part(0xe1, ...letters("Exif\0\0"), ...head, ...entry, ...four(0), ...PLACE);
}

function freed(...bytes) {
  return [...new Uint8Array(stripped(new Uint8Array(bytes).buffer))];
}

function hasPlace(bytes) {
  return bytes.join().includes(PLACE.join());
}

test("what a camera wrote, comments and what follows the end go; profile and pixels stay", () => {
  const talk = [
    ...exif(1),
    ...part(0xe1, ...letters("http://ns.adobe.com/xap/1.0/\0"), ...PLACE),
    ...part(0xed, ...PLACE),
    ...part(0xfe, ...PLACE),
  ];

  const left = freed(...START, ...JFIF, ...talk, ...PROFILE, ...PICTURE, ...START, ...exif(6), ...PICTURE);

  assert.deepEqual(left, [...START, ...JFIF, ...PROFILE, ...PICTURE]);
});

for (const little of [false, true]) {
  test(`which way is up stays, and nothing else of it${little ? ", also when low bytes come first" : ""}`, () => {
    const left = freed(...START, ...exif(6, little), ...PICTURE);

    assert.deepEqual(left, freed(...left));
    assert.equal(hasPlace(left), false);
    assert.equal(left[29 + START.length], 6);
    assert.deepEqual(left.slice(START.length + 36), PICTURE);
  });
}

test("bytes that decoders skip between parts are skipped, however they look", () => {
  const left = freed(...START, 0x00, 0xff, 0xff, ...exif(1).slice(1), 9, 9, ...PICTURE);

  assert.deepEqual(left, [...START, ...PICTURE]);
});

test("damaged EXIF costs which way is up, not the picture", () => {
  const broken = part(0xe1, ...letters("Exif\0\0"), ...letters("MM"), 0, 42, 0xff, 0xff, 0xff, 0xff);

  assert.deepEqual(freed(...START, ...broken, ...PICTURE), [...START, ...PICTURE]);
});

for (const [what, bytes] of [
  ["no JPEG", letters("ftypheic, and more")],
  ["nothing", []],
  ["half a JPEG", [...START, ...exif(6), ...PICTURE.slice(0, -2)]],
  ["a part that is longer than the file", [...START, 0xff, 0xe1, 0xff, 0xff, 1]],
]) {
  test(`${what} stays as it is: the server keeps it aside`, () => {
    assert.deepEqual(freed(...bytes), bytes);
  });
}

const box = (...brands) => letters(`\0\0\0\x18ftyp${brands.join("")}`);

for (const [what, bytes, is] of [
  ["a JPEG", [...START, ...PICTURE], true],
  ["a PNG", [0x89, ...letters("PNG\r\n")], true],
  ["a WebP", letters("RIFF\x01\x02\x03\x04WEBPVP8 "), true],
  ["a HEIC of an iPhone", box("heic", "\0\0\0\0", "mif1"), true],
  ["a HEIC that begins with the general brand", box("mif1", "\0\0\0\0", "mif1", "heic"), true],
  ["a video", box("mp42", "\0\0\0\0", "isom"), false],
  ["a paper", letters("%PDF-1.7"), false],
  ["an empty file", [], false],
])
  test(`${what} is ${is ? "taken" : "no picture"}, when the phone cannot open it`, () => {
    assert.equal(isPicture(new Uint8Array(bytes).buffer), is);
  });
