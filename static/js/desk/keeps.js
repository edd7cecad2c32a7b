// What somebody types outlives the end of their session: forms with data-keeps are kept in this tab until they are sent,
// and forms that were open before signing in anew in another tab carry the new token.

const PREFIX = "kept:";
// What the server sets anew; files cannot be kept.
const SET = new Set(["csrf_token", "revision", "version"]);

/** Start keeping. */
export function keepTyping() {
  restore(document);
  document.addEventListener("input", (event) => {
    const form = event.target instanceof Element ? event.target.closest("form[data-keeps]") : null;
    if (form instanceof HTMLFormElement) sessionStorage.setItem(keyOf(form), JSON.stringify(entered(form)));
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
  return PREFIX + form.dataset.keeps;
}

/** @param {HTMLFormElement} form */
function entered(form) {
  return [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !SET.has(name));
}

/** Put back what was typed; a form that the server has filled keeps that. @param {ParentNode} root */
function restore(root) {
  for (const form of root.querySelectorAll("form[data-keeps]")) {
    const kept = form instanceof HTMLFormElement ? sessionStorage.getItem(keyOf(form)) : null;
    if (!(form instanceof HTMLFormElement) || !kept || form.querySelector("[aria-invalid=true]")) continue;
    for (const field of form.elements) fill(field, JSON.parse(kept));
    form.closest("details")?.setAttribute("open", "");
  }
}

/** @param {Element} field @param {[string, string][]} kept */
function fill(field, kept) {
  if (field instanceof HTMLInputElement && (field.type === "checkbox" || field.type === "radio"))
    field.checked = kept.some(([name, value]) => name === field.name && value === field.value);
  else if (field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement || isText(field)) {
    const found = kept.find(([name]) => name === /** @type {any} */ (field).name);
    if (found) /** @type {any} */ (field).value = found[1];
  }
}

/** @param {Element} field */
function isText(field) {
  return field instanceof HTMLInputElement && field.type !== "hidden" && field.type !== "file";
}

/** A plain form leads to another page when it was taken; coming back to its own page means that it was not. */
function forgetSent() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form instanceof HTMLFormElement && form.dataset.keeps && !form.hasAttribute("hx-post"))
      sessionStorage.setItem("sent", keyOf(form));
  });
  const sent = sessionStorage.getItem("sent");
  sessionStorage.removeItem("sent");
  const refused = document.querySelector("[role=alert], [aria-invalid=true], [data-sign-in]");
  if (sent && !refused) sessionStorage.removeItem(sent);
}

async function renewTokens() {
  if (!document.querySelector("[name=csrf_token]")) return;
  const answer = await fetch("/csrf").catch(() => null);
  if (!answer?.ok) return;
  const token = await answer.text();
  for (const field of document.querySelectorAll("input[name=csrf_token]"))
    if (field instanceof HTMLInputElement) field.value = token;
}
