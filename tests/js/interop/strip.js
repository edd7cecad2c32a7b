/** Takes what a camera wrote out of a picture with the phone's own code: the first argument names it, the second the
 * result. */
import { readFileSync, writeFileSync } from "node:fs";
import { stripped } from "../../../static/js/phone/stripping.js";

const [from, to] = process.argv.slice(2);
const bytes = readFileSync(from);
const whole = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
writeFileSync(to, new Uint8Array(stripped(whole)));
