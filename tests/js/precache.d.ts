// What /phone/precache.js, which the server makes, exports.
export const BUILD: string;
export const FILES: { url: string; integrity: string }[];
