// Large number keys with X for identity numbers, shown while the field has the focus on a touch screen.
import { make } from "./bind.js";
import { say } from "./texts.js";

const ERASE = "erase";
const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "X", "0", ERASE];
const TOUCH = matchMedia("(pointer: coarse)");

/** Whether a type of document has numbers that these keys can write. @param {string} type */
export function keypadFits(type) {
  return type === "111" || type === "hmt_residence";
}

/**
 * @param {HTMLInputElement} input
 * @param {HTMLElement} pad
 * @param {() => boolean} fits  whether these keys can write what the field wants now
 */
export function attachKeypad(input, pad, fits) {
  for (const key of KEYS) {
    const button = key === ERASE ? make("t-key-erase") : make("t-key", { key });
    if (key === ERASE) button.setAttribute("aria-label", say("key_erase"));
    button.addEventListener("pointerdown", (event) => event.preventDefault());
    button.addEventListener("click", () => {
      press(input, key);
      // What is wrong with the number may have pushed the keys down.
      requestAnimationFrame(() => pad.scrollIntoView({ block: "nearest" }));
    });
    pad.append(button);
  }
  const dress = () => {
    input.inputMode = TOUCH.matches && fits() ? "none" : "text";
  };
  dress();
  input.addEventListener("pointerdown", dress);
  input.addEventListener("focus", () => {
    dress();
    pad.hidden = !(TOUCH.matches && fits());
    if (!pad.hidden) pad.scrollIntoView({ block: "nearest" });
  });
  input.addEventListener("blur", () => {
    pad.hidden = true;
  });
}

/** Write at the caret, as a real key would. @param {HTMLInputElement} input @param {string} key */
function press(input, key) {
  const from = input.selectionStart ?? input.value.length;
  const to = input.selectionEnd ?? from;
  if (key === ERASE) input.setRangeText("", from === to ? Math.max(0, from - 1) : from, to, "end");
  else input.setRangeText(key, from, to, "end");
  // A field that is too narrow shows its end, where the typing is.
  if (input.selectionEnd === input.value.length) input.scrollLeft = input.scrollWidth;
  input.dispatchEvent(new Event("input", { bubbles: true }));
}
