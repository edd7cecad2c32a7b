// Ticking many rows of a list: how many, all of the page, none, and with Shift all in between. What is done with them
// is a plain form; style keeps it at the lower edge of the window once a row is ticked.

/** @type {HTMLInputElement | null} */
let last = null;

/** Start on pages with such a list; it may come anew. */
export function startTicks() {
  document.addEventListener("click", ticked);
  document.addEventListener("click", pressBeside);
  document.addEventListener("htmx:afterSettle", count);
  // A browser that goes back ticks what was ticked.
  addEventListener("pageshow", count);
  // What is wrong has the focus, but in a part that sticks it is not brought into sight by that.
  document.querySelector("[data-together] [aria-invalid=true]")?.scrollIntoView({ block: "nearest" });
}

/** The boxes of the list, which belong to a form elsewhere on the page. */
function boxes() {
  const form = document.querySelector("form[data-together]");
  if (!(form instanceof HTMLFormElement)) return [];
  return [...form.elements].filter(isBox);
}

/** @param {unknown} one @returns {one is HTMLInputElement} */
const isBox = (one) => one instanceof HTMLInputElement && one.type === "checkbox";

/** @param {MouseEvent} event */
function ticked(event) {
  const { target } = event;
  if (!(target instanceof Element)) return;
  const button = target.closest("[data-tick]");
  if (button instanceof HTMLElement) tickAll(button.dataset.tick === "all");
  else if (isBox(target) && target.matches("[data-tick-all]")) tickAll(target.checked);
  else if (isBox(target) && boxes().includes(target)) tickTo(target, event.shiftKey);
  else return;
  count();
}

/** Enter presses the first button of the form; what is meant is the one beside the field. @param {MouseEvent} event */
function pressBeside(event) {
  if (!(event.target instanceof Element && event.target.matches("[data-enter]"))) return;
  event.preventDefault();
  const beside = document.activeElement?.closest("[data-together] details")?.querySelector("[formaction]");
  if (beside instanceof HTMLElement) beside.click();
}

/** The bar goes with the last tick; the keys go on at the head of the list. @param {boolean} all */
function tickAll(all) {
  for (const box of boxes()) box.checked = all;
  const head = document.querySelector("[data-tick-all]");
  if (!all && head instanceof HTMLElement) head.focus();
}

/** With Shift, all from the last one on follow this one. @param {HTMLInputElement} box @param {boolean} shift */
function tickTo(box, shift) {
  const all = boxes();
  const from = last ? all.indexOf(last) : -1;
  const to = all.indexOf(box);
  if (shift && from >= 0)
    for (const one of all.slice(Math.min(from, to), Math.max(from, to) + 1)) one.checked = box.checked;
  last = box;
}

/** Say how many are ticked, in the bar and aloud, and leave room for the bar below what the keys reach. */
function count() {
  const all = boxes();
  const number = all.filter(({ checked }) => checked).length;
  const head = document.querySelector("[data-tick-all]");
  if (isBox(head)) {
    head.checked = number > 0 && number === all.length;
    head.indeterminate = number > 0 && number < all.length;
  }
  const place = document.querySelector("[data-ticked]");
  if (!(place instanceof HTMLElement)) return;
  const said = (place.dataset.ticked ?? "").replace("#", String(number));
  place.textContent = said;
  const aloud = document.querySelector("[data-ticked-aloud]");
  if (aloud && aloud.textContent !== said && (number || aloud.textContent)) aloud.textContent = said;
}
