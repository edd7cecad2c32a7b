// What somebody types outlives the end of their session: forms with data-keeps are kept in this tab until they are sent,
// and forms that were open before signing in anew in another tab carry the new token. Only what was touched is kept, so
// that nothing which a colleague has changed meanwhile is put back, and only for who typed it; which fields those are is told
// in touched.js.

import { isKept, refill, touched } from "./touched.js";

const PREFIX = "kept:";

/** Start keeping. */
export function keepTyping() {
  restore(document);
  document.addEventListener("input", (event) => {
    const form = event.target instanceof Element ? event.target.closest("form[data-keeps]") : null;
    if (form instanceof HTMLFormElement) keep(form);
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target instanceof Element) restore(event.target);
  });
  // Before the swap: afterwards the form is gone, and with it its name.
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const { elt, xhr } = /** @type {CustomEvent} */ (event).detail;
    if (xhr.status < 300 && elt instanceof HTMLFormElement && elt.dataset.keeps)
      sessionStorage.removeItem(keyOf(elt));
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void renewTokens();
  });
  window.addEventListener("focus", () => void renewTokens());
  // The session has gone, and the token with it: the same form can be sent again, or says that nobody is signed in.
  document.addEventListener("htmx:responseError", (event) => {
    if (/** @type {CustomEvent} */ (event).detail.xhr.status === 403) void renewTokens();
  });
  forgetSent();
}

/** @param {HTMLFormElement} form */
function keyOf(form) {
  const reader = document.querySelector("[data-reader]")?.getAttribute("data-reader") ?? "";
  return `${PREFIX}${reader}:${form.dataset.keeps}`;
}

/** @param {HTMLFormElement} form @returns {import("./touched.js").Kept} */
function keptOf(form) {
  const kept = JSON.parse(sessionStorage.getItem(keyOf(form)) ?? "{}");
  return isKept(kept) ? kept : {};
}

/** What the server has filled with what was typed, as something is wrong with it. @param {HTMLFormElement} form */
const isRefused = (form) => form.querySelector("[aria-invalid=true]") !== null;

/** @param {HTMLFormElement} form */
function keep(form) {
  const kept = touched(form, keptOf(form), isRefused(form));
  if (Object.keys(kept).length) sessionStorage.setItem(keyOf(form), JSON.stringify(kept));
  else sessionStorage.removeItem(keyOf(form));
}

/** Put back what was typed; a form that the server has filled keeps that. @param {ParentNode} root */
function restore(root) {
  for (const form of root.querySelectorAll("form[data-keeps]")) {
    if (!(form instanceof HTMLFormElement) || isRefused(form) || form.dataset.refilled) continue;
    const kept = keptOf(form);
    if (!Object.keys(kept).length) continue;
    form.dataset.refilled = "true";
    refill(form, kept);
    form.closest("details")?.setAttribute("open", "");
  }
}

/**
 * A plain form leads straight to another page when it was taken; coming back to its own page means that it was not, and
 * so does any page that somebody reaches from elsewhere: one that refused it may have been left before it was read here.
 */
function forgetSent() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.dataset.keeps || form.hasAttribute("hx-post")) return;
    sessionStorage.setItem("sent", keyOf(form));
    sessionStorage.setItem("sent-from", location.href.replace(location.hash, ""));
  });
  const sent = sessionStorage.getItem("sent");
  const straight = sessionStorage.getItem("sent-from") === document.referrer;
  for (const name of ["sent", "sent-from"]) sessionStorage.removeItem(name);
  const refused = document.querySelector("[role=alert], [aria-invalid=true], [data-sign-in]");
  const here = [...document.querySelectorAll("form[data-keeps]")].some(
    (form) => form instanceof HTMLFormElement && keyOf(form) === sent,
  );
  if (sent && straight && !refused && !here) sessionStorage.removeItem(sent);
}

async function renewTokens() {
  if (!document.querySelector("[name=csrf_token]")) return;
  const answer = await fetch("/csrf").catch(() => null);
  if (!answer?.ok) return;
  const token = await answer.text();
  for (const field of document.querySelectorAll("input[name=csrf_token]"))
    if (field instanceof HTMLInputElement) field.value = token;
}
