// What is shown to the household can be in another language than the worker's: one tap turns it, until the next visit.
import { all } from "./bind.js";
import { language, say } from "./texts.js";

/** @type {Record<string, string>} */
const NAMES = { zh: "中文", en: "English" };
let heard = language;

/** The language of whoever is at the door: zh or en. */
export function theirs() {
  return heard;
}

/** Somebody else is at the door. */
export function meet() {
  heard = language;
}

/** @param {HTMLElement} button @param {() => void} turned  draws what is shown anew */
export function bindTurn(button, turned) {
  button.addEventListener("click", () => {
    heard = other();
    turned();
  });
}

/** The button says what it turns to, in that language. @param {HTMLElement} button */
export function showTurn(button) {
  button.textContent = NAMES[other()] ?? "";
  button.lang = other();
}

function other() {
  return heard === "zh" ? "en" : "zh";
}

/** What the shell says below `root`, in their language. @param {HTMLElement} root */
export function speakTo(root) {
  root.lang = heard;
  for (const part of all(root, "[data-words]")) {
    const { words = "", own = part.textContent ?? "" } = part.dataset;
    part.dataset.own = own;
    part.textContent = heard === language ? own : say(words, {}, heard);
  }
}
