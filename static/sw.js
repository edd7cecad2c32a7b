// The service worker: what is kept for offline, which requests it answers, and what it does when a network returns.
// Served at /sw.js as a module with the scope /phone/.
import { BUILD, LANGUAGES, PARTS, READER } from "/phone/precache.js";
import { drain } from "/static/js/offline/drain.js";
import { chosenLanguage } from "/static/js/offline/enrolment.js";

const CACHE = `doorstep-${BUILD}`;
const SHELL = "/phone/";
const SHELLS = "/phone/shells";
const DEFAULT = "zh";
const LANGUAGE_MS = 1000;
/** Addresses that are answered from the cache; nothing else is ever kept. */
const KEPT = new Set(PARTS.map(({ url }) => url));
/** The reader of plates, for browsers without one: kept once it was needed, by what is in it and so across builds. */
const PLATES = `plates-${READER.map(({ integrity }) => integrity).join()}`;
/** What an older build had of it, until this one has its own. */
const PLATES_BEFORE = "plates-before";
const WHEN_USED = new Set(READER.map(({ url }) => url));

const scope = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));

scope.addEventListener("install", (event) => event.waitUntil(install()));
scope.addEventListener("activate", (event) => event.waitUntil(activate()));
scope.addEventListener("fetch", (event) => {
  const answer = answerTo(event.request);
  if (answer) event.respondWith(answer);
});
scope.addEventListener("sync", (event) => {
  const sync = /** @type {ExtendableEvent & {tag: string}} */ (event);
  if (sync.tag === "outbox") sync.waitUntil(send());
});
scope.addEventListener("message", ({ data }) => {
  if (data?.type === "skip-waiting") void scope.skipWaiting();
});

/** Every file with its hash: a build is installed whole or not at all, and with a reader of plates where one is used. */
async function install() {
  const cache = await caches.open(CACHE);
  await Promise.all(
    PARTS.map(async (file) => {
      const answer = await fetched(file);
      await (file.url === SHELLS ? keepShells(cache, answer) : cache.put(file.url, answer));
    }),
  );
  if ((await readerIn()).every(Boolean)) await keepReader();
}

/** The shell comes in all languages at once, most of it being the same in each. @param {Cache} cache @param {Response} answer */
async function keepShells(cache, answer) {
  const parts = (await answer.text()).split("\x1e").map((part) => part.split("\x1f"));
  const headers = new Headers(answer.headers);
  // They tell of the text on its way.
  for (const name of ["Content-Encoding", "Content-Length", "ETag"]) headers.delete(name);
  await Promise.all(
    LANGUAGES.map((code, at) => {
      const page = parts.map((part) => part[at] ?? part[0]).join("");
      return cache.put(`${SHELL}?lang=${code}`, new Response(page, { headers }));
    }),
  );
}

/** What the page has fetched already is asked for anew, but not sent anew; unless what a cache has of it is not it. @param {{url: string, integrity: string}} file */
function fetched(file) {
  return requested(file, "no-cache").catch(() => requested(file, "reload"));
}

/** @param {{url: string, integrity: string}} file @param {RequestCache} cache */
async function requested({ url, integrity }, cache) {
  const answer = await fetch(new Request(url, { integrity, cache }));
  if (!answer.ok || answer.redirected) throw new Error(`${url}: ${answer.status}`);
  return answer;
}

/** The old build goes only now that the new one is whole and in use; a page that is open works offline from now on. */
async function activate() {
  const whole = (await readerIn(PLATES)).every(Boolean);
  const others = whole ? [] : await readerIn();
  // It came to the old build after this one was installed: an old reader is better than none where there is no signal.
  if (others.length && others.every(Boolean)) await keepParts(PLATES_BEFORE, others);
  const ours = new Set([CACHE, PLATES, whole ? "" : PLATES_BEFORE]);
  const old = (await caches.keys()).filter((name) => /^(doorstep|plates)-/.test(name) && !ours.has(name));
  await Promise.all(old.map((name) => caches.delete(name)));
  await scope.clients.claim();
}

/** The parts of the reader of plates, in a cache or in whichever has them. @param {string} [cacheName] */
function readerIn(cacheName) {
  return Promise.all(READER.map(({ url }) => caches.match(url, cacheName ? { cacheName } : {})));
}

/** All its parts, or none: those of two versions do not fit together. @param {string} name @param {(Response | undefined)[]} parts */
async function keepParts(name, parts) {
  const cache = await caches.open(name);
  await Promise.all(READER.map(({ url }, at) => cache.put(url, /** @type {Response} */ (parts[at]))));
}

/** @type {Promise<void> | null} */
let keeping = null;

/** Its parts are asked for one after the other, and fetched together. */
function keepReader() {
  keeping ??= fetchReader().finally(() => {
    keeping = null;
  });
  return keeping;
}

async function fetchReader() {
  if ((await readerIn(PLATES)).every(Boolean)) return;
  await keepParts(PLATES, await Promise.all(READER.map(fetched)));
}

/**
 * The rules: pages of the phone get the shell, kept files come from the cache, all else goes its way.
 * @param {Request} request
 * @returns {Promise<Response> | null}
 */
function answerTo(request) {
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return null;
  if (request.mode === "navigate") return url.pathname.startsWith(SHELL) ? shell(request) : null;
  if (WHEN_USED.has(url.pathname)) return keptOnceUsed(url.pathname);
  return KEPT.has(url.pathname + url.search) ? kept(url.pathname + url.search, request) : null;
}

/** An older reader answers at once, also on a thin link; this one is there from the next time on. @param {string} url */
async function keptOnceUsed(url) {
  const own = () => caches.match(url, { cacheName: PLATES });
  const known = await own();
  if (known) return known;
  const coming = keepReader().then(own, () => undefined);
  return (await caches.match(url)) ?? (await coming) ?? Response.error();
}

/** The shell in the language of this phone; in Chinese when the database cannot be read. @param {Request} request */
async function shell(request) {
  const wanted = await Promise.race([chosenLanguage().catch(() => DEFAULT), inVain()]);
  return kept(`${SHELL}?lang=${LANGUAGES.includes(wanted) ? wanted : DEFAULT}`, request);
}

/** A database that another version blocks never answers; the shell must not wait for it. @returns {Promise<string>} */
function inVain() {
  return new Promise((resolve) => setTimeout(resolve, LANGUAGE_MS, DEFAULT));
}

/** @param {string} url @param {Request} request */
async function kept(url, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(url)) ?? fetch(request);
}

/** Background Sync: a throw asks the browser to call again later, also while a page sends, which may be closed. */
async function send() {
  const { problem, next_attempt_at } = await drain("sync");
  if (problem || next_attempt_at) throw new Error(problem ?? "something waits");
}
