// One finding: what was done, photos, where, note.
import * as photos from "../offline/photos.js";
import { fill, find, make } from "./bind.js";
import { drawPhoto, shrink } from "./camera.js";
import { fileSize, say, word } from "./texts.js";
import { announce } from "./toast.js";

/** @typedef {import("./visit.js").Visit} Visit */

const ACTIONS = ["fixed_on_site", "notice_left", "refer"];

/**
 * @param {Visit} visit
 * @param {any} item  of the checklist
 * @param {any} finding  of the body; changed in place
 * @param {any[]} stored  photos of the draft
 */
export function findingCard(visit, item, finding, stored) {
  const card = make("t-finding");
  card.dataset.finding = finding.id;
  const mine = stored.filter((photo) => photo.finding === finding.id);
  const earlier = (finding.photos ?? []).filter(
    (/** @type {string} */ id) => !mine.some((photo) => photo.id === id),
  );
  fill(card, {
    name: word(item.name),
    violation: word(item.violation),
    warning: warning(item),
    earlier: earlier.length ? say("earlier_photos", { n: earlier.length }) : "",
  });
  bindActions(card, visit, finding);
  bindText(card, "[data-spot]", visit, finding, "spot");
  bindText(card, "[data-note]", visit, finding, "note");
  for (const photo of mine) void addPhoto(card, visit, finding, photo);
  find(card, "[data-shoot]").addEventListener("change", (event) => {
    void shoot(card, visit, finding, /** @type {HTMLInputElement} */ (event.target));
  });
  return card;
}

/** @param {any} item */
function warning(item) {
  if (item.stop_use) return say("stop_use");
  if (item.severity === "suspected_major") return say("suspected_major");
  return "";
}

/** @param {HTMLElement} card @param {Visit} visit @param {any} finding */
function bindActions(card, visit, finding) {
  const box = find(card, "[data-actions]");
  for (const action of ACTIONS) {
    const chip = make("t-choice-radio", { label: say(`action_${action}`) });
    const input = /** @type {HTMLInputElement} */ (find(chip, "input"));
    input.name = `action-${finding.id}`;
    input.checked = finding.action === action;
    input.addEventListener("change", () => set(visit, finding, "action", action));
    box.append(chip);
  }
}

/**
 * @param {HTMLElement} card
 * @param {string} selector
 * @param {Visit} visit
 * @param {any} finding
 * @param {string} key
 */
function bindText(card, selector, visit, finding, key) {
  const input = /** @type {HTMLInputElement} */ (find(card, selector));
  input.value = finding[key] ?? "";
  input.addEventListener("input", () => set(visit, finding, key, input.value.trim()));
}

/** @param {Visit} visit @param {any} finding @param {string} key @param {unknown} value */
function set(visit, finding, key, value) {
  visit.change(() => {
    if (value === "") delete finding[key];
    else finding[key] = value;
  });
}

/** @param {HTMLElement} card @param {Visit} visit @param {any} finding @param {HTMLInputElement} input */
async function shoot(card, visit, finding, input) {
  const file = input.files?.[0];
  input.value = "";
  if (!file) return;
  const line = find(card, "[data-error]");
  line.hidden = true;
  card.setAttribute("aria-busy", "true");
  try {
    const small = await shrink(file);
    const photo = await photos.add(visit.draft.id, finding.id, {
      ...small,
      taken_at: new Date().toISOString(),
    });
    visit.change(() => {
      finding.photos = [...(finding.photos ?? []), photo.id];
    });
    await addPhoto(card, visit, finding, photo);
    announce(say("photo_saved"));
  } catch {
    line.textContent = say("photo_not_saved");
    line.hidden = false;
  } finally {
    card.removeAttribute("aria-busy");
  }
}

/** @param {HTMLElement} card @param {Visit} visit @param {any} finding @param {any} photo */
async function addPhoto(card, visit, finding, photo) {
  const figure = make("t-photo", { caption: fileSize(photo.size) });
  find(figure, "[data-remove]").addEventListener("click", async () => {
    await photos.remove(photo.id);
    visit.change(() => {
      finding.photos = (finding.photos ?? []).filter((/** @type {string} */ id) => id !== photo.id);
    });
    figure.remove();
  });
  find(card, "[data-photos]").append(figure);
  const canvas = /** @type {HTMLCanvasElement} */ (/** @type {unknown} */ (find(figure, "canvas")));
  const bytes = await photos.bytesOf(photo.id);
  if (bytes) await drawPhoto(canvas, bytes, photo.type);
}
