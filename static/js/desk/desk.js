// What desk pages do beyond htmx, found by data-attributes. Every action works without this file too.

import { startComparing } from "./compare.js";
import { keepFresh } from "./fresh.js";
import { keepTyping } from "./keeps.js";
import { openLightbox } from "./lightbox.js";
import { startMaps } from "./map.js";
import { startQueue } from "./queue.js";
import { showSending } from "./sending.js";
import { startTicks } from "./ticks.js";
import { tellUnanswered } from "./unanswered.js";

/**
 * Close the open menu when a click falls elsewhere, or on Escape.
 * @param {MouseEvent | KeyboardEvent} event
 */
function closeMenus(event) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    const elsewhere = event.type === "click" && !menu.contains(/** @type {Node} */ (event.target));
    const escaped = event instanceof KeyboardEvent && event.key === "Escape";
    if (elsewhere || escaped) menu.removeAttribute("open");
  }
}

/**
 * Put a ready-made text into the field that it belongs to.
 * @param {HTMLElement} button
 */
function fill(button) {
  const field = document.getElementById(button.dataset.fills ?? "");
  if (!(field instanceof HTMLTextAreaElement)) return;
  field.value = `${field.value.trim()} ${button.dataset.text ?? ""}`.trim();
  field.dispatchEvent(new Event("input", { bubbles: true })); // it is kept as if it had been typed
  field.focus();
}

document.addEventListener("click", (event) => {
  closeMenus(event);
  if (!(event.target instanceof Element)) return;
  const filling = event.target.closest("[data-fills]");
  if (filling instanceof HTMLElement) fill(filling);
  const photo = event.target.closest("[data-photo]");
  if (photo instanceof HTMLAnchorElement && openLightbox(photo)) event.preventDefault();
});
document.addEventListener("keydown", closeMenus);

document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
keepFresh();
startComparing(document);
document.addEventListener("htmx:load", (event) => {
  if (event.target instanceof HTMLElement && event.target !== document.body) startComparing(event.target);
});
keepTyping();
startMaps();
startQueue();
startTicks();
showSending();
tellUnanswered();
