// What is shown to the household can be in another language than the worker's: one tap turns it, until the next visit.
import { all } from "./bind.js";
import { language, say } from "./texts.js";

/** @type {Record<string, string>} */
const NAMES = { zh: "中文", en: "English" };
let heard = language;
/** What is drawn anew in another language. @type {(() => void)[]} */
const drawn = [];

/** The language of whoever is at the door: zh or en. */
export function theirs() {
  return heard;
}

/** Somebody else is at the door. */
export function meet() {
  heard = language;
}

/**
 * @param {HTMLElement} button
 * @param {() => void} draw  what is shown there, whichever button was tapped
 * @param {() => void} [tapped]  this one was
 */
export function bindTurn(button, draw, tapped) {
  drawn.push(draw);
  button.addEventListener("click", () => {
    heard = other();
    for (const one of drawn) one();
    tapped?.();
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
