// Runs static/sw.js outside of a browser: stands in for what a service worker has, and lets a test fire its events.
import { register } from "node:module";

const ORIGIN = "https://doorstep.example";
export const FILES = ["/phone/shells", "/phone/app.js"].map((url) => ({
  url,
  integrity: `sha256-${url}`,
}));

export const READER = ["/static/vendor/qr/decode.js", "/static/vendor/qr/index.js"].map((url) => ({
  url,
  integrity: `sha256-${url}`,
}));

/** Two pages as one text, of which the worker makes them. */
const SHELLS = "/phone/?lang=\x1ezh\x1fen\x1e";
/** What the server says of everything that it sends. */
const HEADERS = {
  "Content-Security-Policy": "default-src 'self'",
  "Content-Encoding": "br",
  "Content-Type": "text/html",
};

const root = new URL("../../../", import.meta.url).href;
const precache = `export const BUILD = "new"; export const PARTS = ${JSON.stringify(FILES)}; export const READER = ${JSON.stringify(READER)}; export const LANGUAGES = ["zh", "en"];`;
const hooks = `
  export async function resolve(name, context, next) {
    if (name === "/phone/precache.js") return { url: ${JSON.stringify(`data:text/javascript,${encodeURIComponent(precache)}`)}, shortCircuit: true };
    return next(name.startsWith("/static/") ? ${JSON.stringify(root)} + name.slice(1) : name, context);
  }`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);

/** Caches by name, each a Map from address to answer. */
export const kept = new Map();
export const asked = [];
export const calls = [];
/** Answers of the network by address; others are 200 with the address as text. */
export const network = new Map();
export const isOffline = { yes: false };
const listeners = new Map();

globalThis.location = new URL(ORIGIN);
globalThis.Request = class {
  constructor(url, options = {}) {
    Object.assign(this, { url: new URL(url, ORIGIN).href, method: "GET", mode: "cors" }, options);
  }
};
globalThis.caches = {
  keys: async () => [...kept.keys()],
  delete: async (name) => kept.delete(name),
  match: async (url, { cacheName } = {}) =>
    [...kept]
      .filter(([name, cache]) => cache.has(url) && (cacheName ?? name) === name)[0]?.[1]
      .get(url)
      .clone(),
  open: async (name) => {
    const cache = kept.get(name) ?? kept.set(name, new Map()).get(name);
    return {
      put: async (url, answer) => cache.set(url, answer),
      match: async (url) => cache.get(url)?.clone(),
    };
  },
};
globalThis.fetch = async (request) => {
  asked.push(request);
  const { pathname, search } = new URL(request.url);
  if (isOffline.yes) throw new TypeError("Failed to fetch");
  return (
    network.get(pathname + search)?.() ??
    new Response(pathname === "/phone/shells" ? SHELLS : pathname + search, { headers: HEADERS })
  );
};
globalThis.self = {
  addEventListener: (type, listener) => listeners.set(type, listener),
  skipWaiting: async () => void calls.push("skipWaiting"),
  clients: { claim: async () => void calls.push("claim") },
};

/** Fire install, activate or sync; resolves when the worker has done what it asked to wait for. */
export async function fire(type, facts = {}) {
  let work;
  const waitUntil = (promise) => {
    work = promise;
  };
  listeners.get(type)({ ...facts, waitUntil });
  await work;
}

/** What the worker answers to a request: the text, or null when it leaves it alone. */
export async function answerTo(url, options = {}) {
  let answer = null;
  const respondWith = (promise) => {
    answer = promise;
  };
  listeners.get("fetch")({ request: new Request(url, options), respondWith });
  return answer === null ? null : (await answer).text();
}
