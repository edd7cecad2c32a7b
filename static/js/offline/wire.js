// Speaking to the server: every request has a time limit, every answer is checked for its shape.
// Anything but the expected shape means: nothing happened. Captive portals answer 200 too.

/** Whoever stands in between may ask to be left alone for so many seconds; the server itself for longer. */
const STRANGERS_WAIT = 60;

/** The server said no, or was not the server. */
export class WireProblem extends Error {
  /**
   * @param {string} code  offline, portal, or the code of the server's problem
   * @param {{status?: number, retryAfter?: number | null, headers?: Headers | null, reason?: string}} [facts]
   */
  constructor(code, facts = {}) {
    super(code);
    this.name = "WireProblem";
    this.code = code;
    this.status = facts.status ?? 0;
    this.retryAfter = facts.retryAfter ?? null;
    this.headers = facts.headers ?? null;
    this.reason = facts.reason ?? null;
  }
}

/**
 * A request that ends in time; throws WireProblem `offline` when nothing came back.
 * @param {string} url
 * @param {RequestInit & {timeout?: number}} [options]  timeout in milliseconds
 * @returns {Promise<Response>}
 */
export async function request(url, { timeout = 20_000, ...options } = {}) {
  const limit = AbortSignal.timeout(timeout);
  try {
    const answer = await fetch(url, {
      cache: "no-store",
      credentials: "same-origin",
      redirect: "error",
      ...options,
      signal: limit,
    });
    // The body too must come in time: a stalled link would hold it for ever.
    const content = await answer.arrayBuffer();
    const empty = [101, 204, 205, 304].includes(answer.status);
    return new Response(empty ? null : content, { status: answer.status, headers: answer.headers });
  } catch {
    throw new WireProblem("offline"); // no connection, no answer in time, or led elsewhere
  }
}

/**
 * JSON of an expected shape; throws WireProblem otherwise.
 * @param {string} url
 * @param {(body: any) => boolean} fits
 * @param {RequestInit & {timeout?: number}} [options]
 */
export async function requestJson(url, fits, options) {
  const answer = await request(url, options);
  if (answer.status !== 200) throw await problemOf(answer);
  const body = await answer.json().catch(() => null);
  if (!body || typeof body !== "object" || !fits(body)) throw new WireProblem("portal", { status: 200 });
  return body;
}

/**
 * What a failed answer means; without the server's own words it was not our server. An answer to HEAD has no body, so
 * the word stands in a header too.
 * @param {Response} answer
 */
export async function problemOf(answer) {
  const body = await answer.json().catch(() => null);
  const code = typeof body?.code === "string" ? body.code : answer.headers.get("Doorstep-Problem");
  const asked = secondsOf(answer.headers.get("Retry-After"));
  const facts = {
    status: answer.status,
    retryAfter: asked !== null && !code ? Math.min(asked, STRANGERS_WAIT) : asked,
    headers: answer.headers,
    reason: body?.reason,
  };
  if (code) return new WireProblem(code, facts);
  return new WireProblem(answer.status >= 500 || answer.status === 429 ? "busy" : "portal", facts);
}

/**
 * A JSON post, packed where the browser can, and its size in bytes.
 * @param {unknown} content
 * @returns {Promise<{init: RequestInit, size: number}>}
 */
export async function jsonPost(content) {
  let bytes = new TextEncoder().encode(JSON.stringify(content)).buffer;
  /** @type {Record<string, string>} */
  const headers = { "Content-Type": "application/json", Accept: "application/json" };
  if (bytes.byteLength >= 1024 && "CompressionStream" in globalThis) {
    const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
    bytes = await new Response(packed).arrayBuffer();
    headers["Content-Encoding"] = "gzip";
  }
  return { init: { method: "POST", headers, body: bytes }, size: bytes.byteLength };
}

/** Whether it looks like an id; the epoch is one. @param {unknown} value */
export function isId(value) {
  return typeof value === "string" && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);
}

/** @param {unknown} text */
export function isTime(text) {
  return typeof text === "string" && !Number.isNaN(Date.parse(text));
}

/** @param {string | null} text  seconds, or a date */
function secondsOf(text) {
  if (!text) return null;
  const seconds = Number(text);
  const wait = Number.isFinite(seconds) ? seconds : (Date.parse(text) - Date.now()) / 1000;
  return Number.isFinite(wait) ? Math.min(Math.max(wait, 0), 3600) : null;
}
