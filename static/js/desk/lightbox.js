// A photo in full over the page: nearer, turned by quarters, beside one that was kept for comparison, closed by Escape.

const NEAREST = 5;
const KEYS = new Map([
  ["ArrowRight", "next"],
  ["ArrowLeft", "previous"],
  ["+", "nearer"],
  ["=", "nearer"],
  ["-", "farther"],
  ["t", "turn"],
  ["c", "compare"],
]);

/** @type {HTMLAnchorElement[]} */
let shown = [];
let place = 0;
let near = 1;
let quarters = 0;

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
  show(dialog);
  dialog.showModal();
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
    // Near a photo the arrows move it.
    if (near > 1 && event.key.startsWith("Arrow")) return;
    const action = KEYS.get(event.key);
    if (action) act(dialog, action);
  });
  pane(dialog, "shown").addEventListener("dblclick", () => act(dialog, near > 1 ? "whole" : "nearer"));
}

/** @param {ParentNode} dialog @param {string} name */
function pane(dialog, name) {
  return /** @type {HTMLElement} */ (dialog.querySelector(`[data-pane=${name}]`));
}

/** @param {ParentNode} dialog @param {string} name */
function picture(dialog, name) {
  return /** @type {HTMLImageElement} */ (pane(dialog, name).querySelector("img"));
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {string | undefined} what
 */
function act(dialog, what) {
  if (what === "close") dialog.close();
  if (what === "turn") quarters = (quarters + 1) % 4;
  if (what === "nearer") near = Math.min(near + 1, NEAREST);
  if (what === "farther") near = Math.max(near - 1, 1);
  if (what === "whole") near = 1;
  if (what === "compare") keep(dialog, Boolean(pane(dialog, "kept").hidden));
  if (what === "next" || what === "previous") {
    place = (place + (what === "next" ? 1 : shown.length - 1)) % shown.length;
    show(dialog);
  }
  draw(dialog);
}

/** Keep the photo that is shown on the left, and go on to another. @param {HTMLDialogElement} dialog @param {boolean} wanted */
function keep(dialog, wanted) {
  const left = pane(dialog, "kept");
  left.hidden = !wanted;
  dialog.querySelector("[data-do=compare]")?.setAttribute("aria-pressed", String(wanted));
  if (!wanted) return;
  const image = picture(dialog, "shown");
  Object.assign(picture(dialog, "kept"), { src: image.src, alt: image.alt });
  if (shown.length > 1) act(dialog, "next");
}

/** @param {HTMLDialogElement} dialog */
function show(dialog) {
  const link = shown[place];
  if (!link) return;
  [near, quarters] = [1, 0];
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
  const image = picture(dialog, "shown");
  image.dataset.near = String(near);
  image.dataset.quarters = String(quarters);
  dialog.querySelector("[data-do=farther]")?.toggleAttribute("disabled", near === 1);
  dialog.querySelector("[data-do=nearer]")?.toggleAttribute("disabled", near === NEAREST);
}
