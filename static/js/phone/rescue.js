// "Write a rescue file": everything unsent into one file, which the browser then saves.
import * as drafts from "../offline/drafts.js";
import { NoKey, writeRescue } from "../offline/rescue.js";
import { find } from "./bind.js";
import { fileSize, inARow, say } from "./texts.js";
import { announce } from "./toast.js";

/** The address of the last file, given back to the browser before the next. */
let address = "";

/** Bind the button. */
export function startRescue() {
  const card = find(document, "[data-rescue]");
  const button = find(card, "[data-rescue-write]");
  button.addEventListener("click", () => void write(card, button));
}

/** @param {HTMLElement} card @param {HTMLElement} button */
async function write(card, button) {
  if (button.getAttribute("aria-busy")) return;
  button.setAttribute("aria-busy", "true");
  const link = /** @type {HTMLAnchorElement} */ (find(card, "[data-rescue-link]"));
  link.hidden = true;
  try {
    const [rescue, open] = await Promise.all([writeRescue(), drafts.all()]);
    const left = open.length ? say("rescue_open", { n: open.length }) : "";
    const holds = rescue.records + rescue.photos > 0;
    // It is done once the file is saved, which nobody tells a page.
    const state = holds ? "waiting" : "done";
    tell(card, inARow([lineOf(rescue), left]), rescue.lost || left ? "away" : state);
    if (holds) offer(link, rescue);
    if (holds) find(button, "span").textContent = say("rescue_again");
  } catch (error) {
    tell(card, say(error instanceof NoKey ? "rescue_no_key" : "rescue_failed"), "hazard");
  } finally {
    button.removeAttribute("aria-busy");
  }
}

/** @param {import("../offline/rescue.js").Rescue} rescue */
function lineOf({ records, photos, lost, file }) {
  if (records + photos + lost === 0) return say("rescue_nothing");
  const parts = [say("rescue_written", { n: records, photos, size: fileSize(file.size) })];
  if (lost) parts.push(say("rescue_lost", { n: lost }));
  return inARow(parts);
}

/** A link that is tapped: browsers save a file only for somebody who asked. */
/** @param {HTMLAnchorElement} link @param {import("../offline/rescue.js").Rescue} rescue */
function offer(link, { file, name }) {
  if (address) URL.revokeObjectURL(address);
  address = URL.createObjectURL(file);
  link.href = address;
  link.download = name;
  find(link, "[data-rescue-name]").textContent = name;
  link.hidden = false;
  link.focus();
}

/** @param {HTMLElement} card @param {string} text @param {string} state */
function tell(card, text, state) {
  const line = find(card, "[data-rescue-line]");
  line.className = `message is-${state}`;
  line.textContent = text;
  line.hidden = false;
  announce(text);
}
