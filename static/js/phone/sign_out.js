// Signing out: warns about unsent work, which stays on the phone and is sent later. Needs a connection.
import * as outbox from "../offline/outbox.js";
import { find } from "./bind.js";
import { unsentOf } from "./outbox.js";
import { say } from "./texts.js";

/** Bind the button and its dialog. */
export function startSignOut() {
  const ask = /** @type {HTMLDialogElement} */ (find(document, "[data-sign-out-ask]"));
  find(document, "[data-sign-out]").addEventListener("click", () => void open(ask));
  find(ask, "[data-sign-out-stay]").addEventListener("click", () => ask.close());
}

/** @param {HTMLDialogElement} ask */
async function open(ask) {
  const unsent = unsentOf(await outbox.all());
  const token = await formToken();
  find(ask, "[data-sign-out-unsent]").hidden = unsent === 0;
  find(ask, "[data-sign-out-line]").textContent = say("sign_out_unsent", { n: unsent });
  find(ask, "[data-sign-out-offline]").hidden = token !== null;
  find(ask, "[data-sign-out-go]").hidden = token === null;
  /** @type {HTMLInputElement} */ (find(ask, '[name="csrf_token"]')).value = token ?? "";
  ask.showModal();
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
