// Choices that are the same at every visit: drawn once, until a pack brings others; from visit to visit only ticked anew.
import { all, find, make } from "./bind.js";
import { word } from "./texts.js";

/** @type {WeakMap<Element, unknown>} */
const drawn = new WeakMap();

/**
 * A chip for each row of a list, drawn when the list is another one than before.
 * @param {HTMLElement} box
 * @param {any[]} rows  `code` and its words; the same array while nothing in it changed
 * @param {{template?: string, name: string, chosen: (row: any, input: HTMLInputElement) => void, unsaid?: () => unknown}} how
 *   `chosen` hears of a tap, and asks for itself at which visit; `unsaid` makes a choice one that need not be made
 */
export function drawChoices(box, rows, { template = "t-choice-radio", name, chosen, unsaid }) {
  if (drawn.get(box) === rows) return;
  drawn.set(box, rows);
  const chips = rows.map((row) => {
    const chip = make(template, { label: word(row) });
    const input = /** @type {HTMLInputElement} */ (find(chip, "input"));
    input.name = name;
    input.value = String(row.code);
    if (unsaid) bindRadio(box, input, () => chosen(row, input), unsaid);
    else input.addEventListener("change", () => chosen(row, input));
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
  stand(box);
}

/** Which input was chosen when a tap began: at the tap itself the browser has already chosen. @type {WeakMap<HTMLElement, HTMLInputElement | null>} */
const standing = new WeakMap();

/** @param {HTMLElement} box */
function stand(box) {
  const inputs = /** @type {HTMLInputElement[]} */ (all(box, "input"));
  standing.set(box, inputs.find((input) => input.checked) ?? null);
}

/**
 * A radio that a second tap unsays.
 * @param {HTMLElement} box  holds all of the group
 * @param {HTMLInputElement} input  with the code as its value
 * @param {() => void} chosen
 * @param {() => unknown} unsaid  answers the code that holds then, if the register knows one
 */
export function bindRadio(box, input, chosen, unsaid) {
  if (input.checked) standing.set(box, input);
  input.addEventListener("change", () => {
    // Browsers tell of a change also when it was unsaid.
    if (!input.checked) return;
    standing.set(box, input);
    chosen();
  });
  input.addEventListener("click", () => {
    if (standing.get(box) !== input) return;
    const code = String(unsaid() ?? "");
    for (const one of /** @type {HTMLInputElement[]} */ (all(box, "input"))) one.checked = one.value === code;
    stand(box);
  });
}
