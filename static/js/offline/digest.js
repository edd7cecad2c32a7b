// SHA-256 as the protocol writes it.

/** @param {BufferSource} bytes @returns {Promise<Uint8Array>} */
async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

/** @param {BufferSource} bytes */
export async function sha256Hex(bytes) {
  return Array.from(await sha256(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {BufferSource} bytes */
export async function sha256Base64(bytes) {
  return btoa(String.fromCharCode(...(await sha256(bytes))));
}

/** The digest of a body: over the exact UTF-8 bytes of its text. @param {string} text */
export async function digestOf(text) {
  return `sha-256:${await sha256Hex(new TextEncoder().encode(text))}`;
}

/** The digest of a photo. @param {BufferSource} bytes */
export async function digestOfBytes(bytes) {
  return `sha-256:${await sha256Hex(bytes)}`;
}
