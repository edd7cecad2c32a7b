// Choices that are the same at every visit: drawn once, until a pack brings others; from visit to visit only ticked anew.
import { all, find, make } from "./bind.js";
import { word } from "./texts.js";

/** @type {WeakMap<Element, unknown>} */
const drawn = new WeakMap();

/**
 * A chip for each row of a list, drawn when the list is another one than before.
 * @param {HTMLElement} box
 * @param {any[]} rows  `code` and its words; the same array while nothing in it changed
 * @param {{template?: string, name: string, chosen: (row: any, input: HTMLInputElement) => void}} how  `chosen` hears of
 *   a tap, and asks for itself at which visit
 */
export function drawChoices(box, rows, { template = "t-choice-radio", name, chosen }) {
  if (drawn.get(box) === rows) return;
  drawn.set(box, rows);
  const chips = rows.map((row) => {
    const chip = make(template, { label: word(row) });
    const input = /** @type {HTMLInputElement} */ (find(chip, "input"));
    input.name = name;
    input.value = String(row.code);
    input.addEventListener("change", () => chosen(row, input));
    return chip;
  });
  box.replaceChildren(...chips);
}

/** @param {HTMLElement} box @param {any[]} rows  as they were drawn @param {(row: any) => boolean} isChosen */
export function tick(box, rows, isChosen) {
  const inputs = /** @type {HTMLInputElement[]} */ (all(box, "input"));
  rows.forEach((row, at) => {
    const input = inputs[at];
    if (input) input.checked = isChosen(row);
  });
}
