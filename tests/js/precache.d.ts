// What /phone/precache.js, which the server makes, exports.
export const BUILD: string;
export const PARTS: { url: string; integrity: string }[];
/** The parts of the reader of plates, of which the phone keeps all or none. */
export const READER: { url: string; integrity: string }[];
/** The languages that the shell has, in the order of its parts. */
export const LANGUAGES: string[];
