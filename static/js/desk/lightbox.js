// A photo in full over the page: next and previous within the visit, turned by a quarter, closed by Escape.

/** @type {HTMLAnchorElement[]} */
let shown = [];
let place = 0;

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
    if (event.key === "ArrowRight") act(dialog, "next");
    if (event.key === "ArrowLeft") act(dialog, "previous");
  });
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {string | undefined} what
 */
function act(dialog, what) {
  if (what === "close") dialog.close();
  if (what === "turn") dialog.querySelector("img")?.classList.toggle("turned");
  if (what !== "next" && what !== "previous") return;
  place = (place + (what === "next" ? 1 : shown.length - 1)) % shown.length;
  show(dialog);
}

/** @param {HTMLDialogElement} dialog */
function show(dialog) {
  const image = dialog.querySelector("img");
  const link = shown[place];
  if (!image || !link) return;
  image.classList.remove("turned");
  image.src = link.href;
  image.alt = link.querySelector("img")?.alt ?? "";
  for (const button of dialog.querySelectorAll("[data-do=next], [data-do=previous]"))
    button.toggleAttribute("hidden", shown.length < 2);
}
