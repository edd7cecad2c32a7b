// The service worker: what is kept for offline, which requests it answers, and what it does when a network returns.
// Served at /sw.js as a module with the scope /phone/.
import { BUILD, FILES } from "/phone/precache.js";
import { drain } from "/static/js/offline/drain.js";
import { chosenLanguage } from "/static/js/offline/enrolment.js";

const CACHE = `doorstep-${BUILD}`;
const SHELL = "/phone/";
const DEFAULT = "zh";
const LANGUAGE_MS = 1000;
const LANGUAGES = FILES.map(({ url }) => new URL(url, location.origin))
  .filter(({ pathname }) => pathname === SHELL)
  .map(({ searchParams }) => searchParams.get("lang"));
/** Addresses that are answered from the cache; nothing else is ever kept. */
const KEPT = new Set(FILES.map(({ url }) => url));
/** The reader of plates, for browsers without one: kept once it was needed. */
const WHEN_USED = new Set(["/static/vendor/qr/decode.js", "/static/vendor/qr/index.js"]);

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
  if (data === "skip-waiting" || data?.type === "skip-waiting") void scope.skipWaiting();
});

/** Every file with its hash: a build is installed whole or not at all. */
async function install() {
  const cache = await caches.open(CACHE);
  await Promise.all(
    FILES.map(async ({ url, integrity }) => {
      const answer = await fetch(new Request(url, { integrity, cache: "reload", credentials: "omit" }));
      if (!answer.ok || answer.redirected) throw new Error(`${url}: ${answer.status}`);
      await cache.put(url, answer);
    }),
  );
}

/** The old build goes only now that the new one is whole and in use; a page that is open works offline from now on. */
async function activate() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("doorstep-") && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await scope.clients.claim();
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
  if (WHEN_USED.has(url.pathname)) return keptOnceUsed(url.pathname, request);
  return KEPT.has(url.pathname + url.search) ? kept(url.pathname + url.search, request) : null;
}

/** @param {string} url @param {Request} request */
async function keptOnceUsed(url, request) {
  const cache = await caches.open(CACHE);
  const known = await cache.match(url);
  if (known) return known;
  const answer = await fetch(request);
  if (answer.ok && !answer.redirected) await cache.put(url, answer.clone());
  return answer;
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
