// The photos of one finding or recheck: taken, looked at, kept, removed and brought back; six at most.
import { StorageFailure } from "../offline/db.js";
import * as photos from "../offline/photos.js";
import { all, find, hide, make } from "./bind.js";
import { take } from "./camera.js";
import { drawFilling } from "./shrink.js";
import { fileSize, say } from "./texts.js";
import { announce } from "./toast.js";

/**
 * @typedef {import("./visit.js").Visit} Visit
 * @typedef {{card: HTMLElement, visit: Visit, finding: any}} Place
 */

const MOST = 6;
/** The newest photo on its way into the database. @type {Promise<unknown>} */
let keeping = Promise.resolve();

/** Resolves when the photo that was kept last is there, or could not be: a visit does not end before that. */
export const photosKept = () => keeping;

/**
 * @param {HTMLElement} card  with [data-photos], [data-shoot], [data-aim] and [data-error]
 * @param {Visit} visit
 * @param {any} finding  of the body, or a recheck that names one; its list of photos is changed in place
 * @param {any[]} stored  its photos that are on this phone
 * @param {() => Promise<Blob | null>} [ghost]  an old photo to compare with
 */
export function bindPhotos(card, visit, finding, stored, ghost) {
  const place = { card, visit, finding };
  // One that was sent stays on the phone also when the correction takes it out.
  for (const photo of stored)
    if (photo.state === "draft" || finding.photos?.includes(photo.id)) void show(place, photo);
  const input = /** @type {HTMLInputElement} */ (find(card, "[data-shoot]"));
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    input.value = "";
    if (file) void shoot(place, { file });
  });
  find(card, "[data-aim]").addEventListener("click", async () => {
    await shoot(place, { ghost: (await ghost?.()) ?? null });
  });
  count(place);
}

/** @param {Place} place @param {import("./camera.js").Wish} wish */
async function shoot(place, wish) {
  complain(place, "");
  const picture = await take(wish);
  if (!picture) return;
  const kept = keep(place, picture);
  keeping = kept;
  const photo = await kept;
  if (photo) announce(say("photo_saved"));
}

/** @param {Place} place @param {any} picture @param {Node | null} [before] */
async function keep(place, picture, before = null) {
  const { card, visit, finding } = place;
  if (isFull(finding)) return null;
  card.setAttribute("aria-busy", "true");
  try {
    const photo = await photos.add(visit.draft.id, finding.id ?? finding.finding, picture);
    visit.change(() => {
      finding.photos = [...(finding.photos ?? []), photo.id];
    });
    await show(place, photo, before);
    return photo;
  } catch (error) {
    const full = error instanceof StorageFailure && error.quota;
    complain(place, say(full ? "no_room_for_photo" : "photo_not_saved"));
    return null;
  } finally {
    card.removeAttribute("aria-busy");
  }
}

/** @param {Place} place @param {string} line */
function complain({ card }, line) {
  const error = find(card, "[data-error]");
  error.textContent = line;
  hide(error, !line);
}

/** @param {Place} place @param {any} photo @param {Node | null} [before] */
async function show(place, photo, before = null) {
  const figure = make("t-photo", { caption: fileSize(photo.size) });
  figure.dataset.photo = photo.id; // a lead may point at it
  find(figure, "[data-remove]").addEventListener("click", () => void remove(place, photo, figure));
  find(place.card, "[data-photos]").insertBefore(figure, before);
  count(place);
  const canvas = /** @type {HTMLCanvasElement} */ (/** @type {unknown} */ (find(figure, "canvas")));
  const bytes = await photos.bytesOf(photo.id);
  const drawn = bytes && (await drawFilling(canvas, new Blob([bytes], { type: photo.type })));
  hide(canvas, !drawn);
  hide(find(figure, "[data-unseen]"), Boolean(drawn));
}

/**
 * It goes at once, and its bytes stay in memory for as long as the way back is shown.
 * @param {Place} place @param {any} photo @param {HTMLElement} figure
 */
async function remove(place, photo, figure) {
  const { visit, finding, card } = place;
  const bytes = await photos.bytesOf(photo.id);
  await photos.remove(photo.id);
  visit.change(() => {
    finding.photos = (finding.photos ?? []).filter((/** @type {string} */ id) => id !== photo.id);
  });
  const gone = make("t-photo-gone");
  for (const other of all(card, "[data-photo-gone]")) other.remove();
  figure.replaceWith(gone);
  count(place);
  announce(say("photo_removed"));
  const back = find(gone, "[data-undo]");
  if (!bytes) return back.remove();
  back.focus({ preventScroll: true });
  back.addEventListener("click", async () => {
    // A second tap while it comes back would bring it twice.
    if (card.hasAttribute("aria-busy")) return;
    if (await keep(place, { ...photo, bytes, preview: undefined }, gone)) gone.remove();
  });
}

/** Those of an earlier version, which only the server has, count too. @param {any} finding */
function isFull(finding) {
  return (finding.photos ?? []).length >= MOST;
}

/** No way leads beyond the last one, not even back. @param {Place} place */
function count({ card, finding }) {
  const full = isFull(finding);
  for (const back of all(card, "[data-photo-gone] [data-undo]")) back.hidden = full;
  hide(find(card, "[data-photo-ways]"), full);
  hide(find(card, "[data-photos-full]"), !full);
}
