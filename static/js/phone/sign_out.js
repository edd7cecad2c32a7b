// Signing out: what can be read leaves the phone at once, also offline; unsent work stays and is sent later.
import * as drafts from "../offline/drafts.js";
import { forget } from "../offline/enrolment.js";
import { standings, unsentOf } from "../offline/standing.js";
import { find } from "./bind.js";
import { settle } from "./endings.js";
import { inARow, say } from "./texts.js";

/** Set while the server still has to be told. */
const OWED = "doorstep.sign-out";

/** Bind the button and its dialog. */
export function startSignOut() {
  const ask = /** @type {HTMLDialogElement} */ (find(document, "[data-sign-out-ask]"));
  find(document, "[data-sign-out]").addEventListener("click", () => void askFirst(ask));
  find(ask, "[data-sign-out-stay]").addEventListener("click", () => ask.close());
  find(ask, "[data-sign-out-form]").addEventListener("submit", (event) => {
    event.preventDefault();
    void leave(/** @type {HTMLFormElement} */ (event.target));
  });
}

/** @param {HTMLDialogElement} ask */
async function askFirst(ask) {
  await settle();
  const unsent = (await unsentOf(await standings())).records;
  const open = (await drafts.all()).length;
  const token = await formToken();
  const holds = unsent + open > 0;
  find(ask, "[data-sign-out-unsent]").hidden = !holds;
  find(ask, "[data-sign-out-stay]").classList.toggle("primary", holds);
  find(ask, "[data-sign-out-go]").classList.toggle("primary", !holds);
  find(ask, "[data-sign-out-line]").textContent = inARow([
    unsent ? say("sign_out_unsent", { n: unsent }) : "",
    open ? say("sign_out_open", { n: open }) : "",
  ]);
  find(ask, "[data-sign-out-offline]").hidden = token !== null;
  /** @type {HTMLInputElement} */ (find(ask, '[name="csrf_token"]')).value = token ?? "";
  ask.showModal();
}

/** @param {HTMLFormElement} form */
async function leave(form) {
  await forget();
  if (new FormData(form).get("csrf_token")) return form.submit();
  oweSignOut();
  location.replace("/phone/");
}

/** Whoever begins next does so after the server was told. */
export function oweSignOut() {
  localStorage.setItem(OWED, "yes");
}

/**
 * Tell the server of a sign-out that was made without a signal; nobody may begin before that.
 * @returns {Promise<boolean>} false while it is still owed
 */
export async function paySignOut() {
  if (!localStorage.getItem(OWED)) return true;
  const token = await formToken();
  if (token === null) return false;
  const body = new URLSearchParams({ csrf_token: token });
  const answer = await fetch("/sign-out", { method: "POST", body, redirect: "manual" }).catch(() => null);
  if (answer?.type !== "opaqueredirect") return false;
  localStorage.removeItem(OWED);
  return true;
}

/** The shell is precached and so holds no form token; a form that leaves this page needs one. */
async function formToken() {
  try {
    const answer = await fetch("/csrf", { cache: "no-store" });
    const text = (await answer.text()).trim();
    return answer.ok && /^[\w.-]{20,200}$/.test(text) ? text : null;
  } catch {
    return null;
  }
}
