// Signing out: warns about unsent work, which stays on the phone and is sent later.
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
  find(ask, "[data-sign-out-unsent]").hidden = unsent === 0;
  find(ask, "[data-sign-out-line]").textContent = say("sign_out_unsent", { n: unsent });
  ask.showModal();
}
