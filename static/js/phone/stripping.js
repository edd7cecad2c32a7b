// Taking out of a JPEG what the camera wrote into it (place, time, device), without decoding it: for pictures that this
// phone cannot make small. As field/photos/stripping.py, which does it again; only which way is up is left.

const [START, SCAN, END] = [0xd8, 0xda, 0xd9];
/** Parts of programs that say how to show the picture: JFIF, a colour profile, Adobe's way of mixing colours. */
const SHOWING = new Map([
  [0xe0, "JFIF\0"],
  [0xe2, "ICC_PROFILE\0"],
  [0xee, "Adobe"],
]);
const [EXIF_PART, EXIF] = [0xe1, "Exif\0\0"];
const ORIENTATION = 0x0112;
const COMMENT = 0xfe;

/** How the files begin that the desk can open (field/photos/kinds.py): JPEG, PNG, WebP, HEIC. */
const PICTURES = /^(\xff\xd8\xff|\x89PNG|RIFF.{4}WEBP|.{4}ftyp.{0,240}he[iv][cxms])/s;

/** Whether this may be a picture although the phone cannot open it; a video or half a download is none. @param {ArrayBuffer} bytes */
export function isPicture(bytes) {
  return PICTURES.test(String.fromCharCode(...new Uint8Array(bytes).subarray(0, 256)));
}

/**
 * @param {ArrayBuffer} bytes
 * @returns {ArrayBuffer} the same picture; the very bytes when they are no JPEG, or one that is not whole
 */
export function stripped(bytes) {
  const all = new Uint8Array(bytes);
  if (all[0] !== 0xff || all[1] !== START) return bytes;
  const parts = partsOf(all);
  if (!parts) return bytes;
  const turned = parts.map(orientationOf).find((way) => way > 1);
  const kept = parts.filter(shows);
  return joined([all.subarray(0, 2), ...(turned ? [exifOf(turned)] : []), ...kept]);
}

/**
 * The parts after the start, each with its marker, a scan with its pixels; nothing that stands after the end.
 * @param {Uint8Array} all
 * @returns {Uint8Array[] | null} null when there is no end
 */
function partsOf(all) {
  const parts = [];
  for (let at = markerFrom(all, 2); at !== -1; ) {
    const marker = all[at + 1] ?? 0;
    if (marker === END) return [...parts, all.subarray(at, at + 2)];
    const end = standsAlone(marker) ? at + 2 : at + 2 + (all[at + 2] ?? 0) * 256 + (all[at + 3] ?? 0);
    const next = markerFrom(all, end, marker === SCAN);
    // Bytes between parts are skipped, as decoders do; those of a scan are the picture.
    parts.push(all.subarray(at, marker === SCAN && next !== -1 ? next : end));
    at = next;
  }
  return null;
}

/** @param {Uint8Array} all @param {number} from @param {boolean} [inScan]  where restarts belong to the picture */
function markerFrom(all, from, inScan = false) {
  for (let at = all.indexOf(0xff, from); at !== -1 && at + 1 < all.length; at = all.indexOf(0xff, at + 1)) {
    const marker = all[at + 1] ?? 0;
    if (marker !== 0 && marker !== 0xff && !(inScan && marker >= 0xd0 && marker <= 0xd7)) return at;
  }
  return -1;
}

/** @param {number} marker */
function standsAlone(marker) {
  return marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
}

/** @param {Uint8Array} part */
function shows(part) {
  const marker = part[1] ?? 0;
  if (marker === COMMENT) return false;
  if (marker < 0xe0 || marker > 0xef) return true;
  const name = SHOWING.get(marker);
  return name !== undefined && says(part, name);
}

/** @param {Uint8Array} part @param {string} name */
function says(part, name) {
  return [...name].every((sign, place) => part[4 + place] === sign.charCodeAt(0));
}

/** Which way is up, 1 to 8, 0 where a part does not say. @param {Uint8Array} part */
function orientationOf(part) {
  if (part[1] !== EXIF_PART || !says(part, EXIF)) return 0;
  const view = new DataView(part.buffer, part.byteOffset + 10, part.byteLength - 10);
  try {
    const little = view.getUint16(0) === 0x4949;
    const first = view.getUint32(4, little);
    for (let entry = 0; entry < view.getUint16(first, little); entry += 1) {
      const at = first + 2 + entry * 12;
      if (view.getUint16(at, little) === ORIENTATION) return way(view.getUint16(at + 8, little));
    }
  } catch {
    // damaged EXIF costs the orientation, not the picture
  }
  return 0;
}

/** @param {number} value */
function way(value) {
  return value >= 1 && value <= 8 ? value : 0;
}

/** An EXIF part that says which way is up and nothing else. @param {number} orientation */
function exifOf(orientation) {
  const part = new Uint8Array(36);
  part.set([0xff, EXIF_PART, 0, 34, ...[...EXIF].map((sign) => sign.charCodeAt(0))]);
  part.set(
    [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, ORIENTATION >> 8, ORIENTATION & 0xff, 0, 3, 0, 0, 0, 1, 0],
    10,
  );
  part[29] = orientation;
  return part;
}

/** @param {Uint8Array[]} parts @returns {ArrayBuffer} */
function joined(parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole.buffer;
}
