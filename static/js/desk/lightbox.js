// A photo in full over the page: nearer, moved, turned by quarters, beside one that was kept for comparison, closed by
// Escape. Where it stands in its pane is reckoned in closeup.js.

import {
  fitted,
  isNearest,
  isWhole,
  moved,
  nearerAt,
  place as put,
  stepped,
  turned,
  whole,
} from "./closeup.js";

const KEYS = new Map([
  ["ArrowRight", "next"],
  ["ArrowLeft", "previous"],
  ["+", "nearer"],
  ["=", "nearer"],
  ["-", "farther"],
  ["0", "whole"],
  ["t", "turn"],
  ["c", "compare"],
]);
// Near a photo the arrows move it: so many parts of the pane.
const MOVE = 0.2;
const MOVES = new Map([
  ["ArrowLeft", { x: 1, y: 0 }],
  ["ArrowRight", { x: -1, y: 0 }],
  ["ArrowUp", { x: 0, y: 1 }],
  ["ArrowDown", { x: 0, y: -1 }],
]);

/** @type {HTMLAnchorElement[]} */
let shown = [];
let place = 0;
let view = whole();
/** How each pane's photo is turned. @type {Record<string, number>} */
const quarters = { shown: 0, kept: 0 };

/**
 * Show a photo's link in the page's dialog; false when the page has none, so the link is followed.
 * @param {HTMLAnchorElement} link
 */
export function openLightbox(link) {
  const dialog = document.getElementById("lightbox");
  if (!(dialog instanceof HTMLDialogElement)) return false;
  shown = [...document.querySelectorAll("a[data-photo]")].filter((part) => part instanceof HTMLAnchorElement);
  place = shown.indexOf(link);
  if (!dialog.dataset.ready) prepare(dialog);
  keep(dialog, false);
  dialog.showModal();
  show(dialog);
  return true;
}

/** @param {HTMLDialogElement} dialog */
function prepare(dialog) {
  dialog.dataset.ready = "true";
  dialog.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-do]") : null;
    if (button instanceof HTMLElement) act(dialog, button.dataset.do);
    else if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener("keydown", (event) => {
    const move = MOVES.get(event.key);
    if (move && !isWhole(view)) {
      event.preventDefault();
      shift(dialog, move);
    } else act(dialog, KEYS.get(event.key));
  });
  for (const name of ["shown", "kept"]) prepareIn(dialog, name);
  new ResizeObserver(() => draw(dialog)).observe(pane(dialog, "shown"));
}

/** What a pointer does in a pane. @param {HTMLDialogElement} dialog @param {string} name */
function prepareIn(dialog, name) {
  const within = pane(dialog, name);
  picture(dialog, name).addEventListener("load", () => draw(dialog));
  within.addEventListener("dblclick", (event) => {
    if (isWhole(view)) approach(dialog, name, event, 2);
    else act(dialog, "whole");
  });
  within.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      approach(dialog, name, event, view.near * Math.exp(-event.deltaY / 400));
    },
    { passive: false },
  );
  within.addEventListener("pointerdown", (event) => {
    if (event.button === 0 && !isWhole(view)) within.setPointerCapture(event.pointerId);
  });
  within.addEventListener("pointermove", (event) => {
    if (!within.hasPointerCapture(event.pointerId)) return;
    view = moved(view, { x: event.movementX, y: event.movementY }, fit(dialog, name));
    draw(dialog);
  });
}

/** @param {ParentNode} dialog @param {string} name */
function pane(dialog, name) {
  return /** @type {HTMLElement} */ (dialog.querySelector(`[data-pane=${name}]`));
}

/** @param {ParentNode} dialog @param {string} name */
function picture(dialog, name) {
  return /** @type {HTMLImageElement} */ (pane(dialog, name).querySelector("img"));
}

/** @param {HTMLElement} part */
function sizeOf(part) {
  return { width: part.clientWidth, height: part.clientHeight };
}

/** The size of a pane's photo when all of it is seen. @param {ParentNode} dialog @param {string} name */
function fit(dialog, name) {
  return fitted(picture(dialog, name), quarters[name] ?? 0, sizeOf(pane(dialog, name)));
}

/**
 * Nearer to what lies under the pointer.
 * @param {HTMLDialogElement} dialog
 * @param {string} name
 * @param {MouseEvent} event
 * @param {number} near
 */
function approach(dialog, name, event, near) {
  const box = pane(dialog, name).getBoundingClientRect();
  const point = { x: event.clientX - box.x - box.width / 2, y: event.clientY - box.y - box.height / 2 };
  view = nearerAt(view, near, point, fit(dialog, name));
  draw(dialog);
}

/** @param {HTMLDialogElement} dialog @param {{x: number, y: number}} move */
function shift(dialog, { x, y }) {
  const { width, height } = sizeOf(pane(dialog, "shown"));
  view = moved(view, { x: x * width * MOVE, y: y * height * MOVE }, fit(dialog, "shown"));
  draw(dialog);
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {string | undefined} what
 */
function act(dialog, what) {
  if (!what) return;
  if (what === "close") dialog.close();
  if (what === "turn") turn();
  if (what === "nearer") view = stepped(view, 1);
  if (what === "farther") view = stepped(view, -1);
  if (what === "whole") view = whole();
  if (what === "compare") keep(dialog, Boolean(pane(dialog, "kept").hidden));
  if (what === "next" || what === "previous") {
    place = (place + (what === "next" ? 1 : shown.length - 1)) % shown.length;
    show(dialog);
  }
  const move = MOVES.get(what);
  if (move) shift(dialog, move);
  draw(dialog);
}

function turn() {
  quarters.shown = ((quarters.shown ?? 0) + 1) % 4;
  view = turned(view);
}

/** Keep the photo that is shown on the left, and go on to another. @param {HTMLDialogElement} dialog @param {boolean} wanted */
function keep(dialog, wanted) {
  const left = pane(dialog, "kept");
  left.hidden = !wanted;
  dialog.querySelector("[data-do=compare]")?.setAttribute("aria-pressed", String(wanted));
  if (!wanted) return;
  const image = picture(dialog, "shown");
  Object.assign(picture(dialog, "kept"), { src: image.src, alt: image.alt });
  quarters.kept = quarters.shown ?? 0;
  if (shown.length > 1) act(dialog, "next");
}

/** @param {HTMLDialogElement} dialog */
function show(dialog) {
  const link = shown[place];
  if (!link) return;
  view = whole();
  quarters.shown = 0;
  const image = picture(dialog, "shown");
  image.src = link.href;
  image.alt = link.querySelector("img")?.alt ?? "";
  const caption = dialog.querySelector("[data-caption]");
  if (caption) caption.textContent = `${place + 1} / ${shown.length} · ${image.alt}`;
  for (const button of dialog.querySelectorAll("[data-do=next], [data-do=previous], [data-do=compare]"))
    button.toggleAttribute("hidden", shown.length < 2);
  draw(dialog);
}

/** @param {HTMLDialogElement} dialog */
function draw(dialog) {
  for (const name of ["kept", "shown"]) {
    const within = pane(dialog, name);
    if (within.hidden) continue;
    const seen = put(picture(dialog, name), sizeOf(within), view, quarters[name] ?? 0);
    if (name === "shown") view = seen;
  }
  dialog.toggleAttribute("data-near", !isWhole(view));
  dialog.querySelector("[data-moves]")?.toggleAttribute("hidden", isWhole(view));
  dialog.querySelector("[data-do=farther]")?.toggleAttribute("disabled", isWhole(view));
  dialog.querySelector("[data-do=nearer]")?.toggleAttribute("disabled", isNearest(view));
  keepKeys(dialog);
}

/** A button that went away must not take the keys along. @param {HTMLDialogElement} dialog */
function keepKeys(dialog) {
  const held = document.activeElement;
  if (!held || !dialog.contains(held) || !(held.matches(":disabled") || held.closest("[hidden]"))) return;
  const next = dialog.querySelector("[data-do=nearer]:not(:disabled), [data-do=farther]:not(:disabled)");
  if (next instanceof HTMLElement) next.focus();
}
