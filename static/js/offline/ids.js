// Ids made where the thing is made: UUIDv7 (RFC 9562).

/** The millisecond of the last id, and its place among the ids of that millisecond. */
const last = { at: -1, counter: 0 };

/**
 * A UUIDv7; near in time means near in the index. Ids of one millisecond are in the order in which they were made
 * (section 6.2, method 1: the twelve bits after the time count on from a random beginning), since records and photos
 * are shown and sent oldest first.
 * @param {number} [now]  milliseconds
 */
export function uuid7(now = Date.now()) {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  last.counter = now === last.at ? last.counter + 1 : ((bytes[6] & 0x07) << 8) | bytes[7];
  last.at = now;
  let rest = Math.max(0, now) + Math.floor(last.counter / 4096);
  for (let place = 5; place >= 0; place--) {
    bytes[place] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  bytes[6] = ((last.counter >> 8) & 0x0f) | 0x70;
  bytes[7] = last.counter & 0xff;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** Without what is mistaken for one another; the server's codes are of the same kind (field/hazards/notices.py). */
const READ_OUT = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH = 12;

/** Twelve characters to read out, by which a household finds its notice: made here, so that they work without a signal. */
export function noticeCode() {
  let code = "";
  while (code.length < LENGTH) {
    for (const sign of crypto.getRandomValues(new Uint8Array(LENGTH)))
      if (sign < 240 && code.length < LENGTH) code += READ_OUT[sign % 30];
  }
  return code;
}
