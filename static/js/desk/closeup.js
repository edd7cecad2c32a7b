// How near a photo stands in its pane, how it is turned, and which place of it is in the middle. Only numbers:
// lightbox.js has the buttons. Several panes share one closeness, so photos that are compared are looked at in step.

const NEAREST = 5;

/** @typedef {{near: number, x: number, y: number}} Closeness How near, and the place in the middle, as parts of the whole. */
/** @typedef {{width: number, height: number}} Size */

/** The whole photo. @returns {Closeness} */
export const whole = () => ({ near: 1, x: 0.5, y: 0.5 });

/** @param {Closeness} view */
export const isWhole = (view) => view.near <= 1;

/** @param {Closeness} view */
export const isNearest = (view) => view.near >= NEAREST;

/** One step nearer (1) or farther (-1). @param {Closeness} view @param {number} step */
export function stepped(view, step) {
  const near = step > 0 ? Math.floor(view.near) + 1 : Math.ceil(view.near) - 1;
  return { ...view, near: within(near, 1, NEAREST) };
}

/**
 * Nearer or farther so that what lies under a point stays there; the point is told from the pane's middle.
 * @param {Closeness} view
 * @param {number} near
 * @param {{x: number, y: number}} point
 * @param {Size} picture The photo as it fits the pane.
 */
export function nearerAt(view, near, point, picture) {
  const next = within(near, 1, NEAREST);
  const gain = 1 / view.near - 1 / next;
  return {
    near: next,
    x: view.x + (point.x / picture.width) * gain,
    y: view.y + (point.y / picture.height) * gain,
  };
}

/** Moved by so many pixels. @param {Closeness} view @param {{x: number, y: number}} by @param {Size} picture */
export function moved(view, by, picture) {
  return {
    ...view,
    x: view.x - by.x / (picture.width * view.near),
    y: view.y - by.y / (picture.height * view.near),
  };
}

/** The same place in the middle when the photo is turned to the right. @param {Closeness} view */
export const turned = (view) => ({ ...view, x: 1 - view.y, y: view.x });

/** The place in the middle drawn in, so that no edge comes in farther than it must. @param {Closeness} view @param {Size} picture @param {Size} pane */
export function drawnIn(view, picture, pane) {
  const room = (/** @type {number} */ side, /** @type {number} */ opening) =>
    Math.min(0.5, opening / 2 / (side * view.near));
  const [across, down] = [room(picture.width, pane.width), room(picture.height, pane.height)];
  return { ...view, x: within(view.x, across, 1 - across), y: within(view.y, down, 1 - down) };
}

/** The size of a photo, turned by quarters, when all of it fits the pane. @param {HTMLImageElement} image @param {number} quarters @param {Size} pane */
export function fitted(image, quarters, pane) {
  const [wide, high] = quarters % 2 ? ["naturalHeight", "naturalWidth"] : ["naturalWidth", "naturalHeight"];
  const [width, height] = [/** @type {any} */ (image)[wide] || 1, /** @type {any} */ (image)[high] || 1];
  const scale = Math.min(pane.width / width, pane.height / height);
  return { width: width * scale, height: height * scale };
}

/**
 * Put a photo where the closeness has it; answers the closeness, drawn in.
 * @param {HTMLImageElement} image
 * @param {Size} pane
 * @param {Closeness} view
 * @param {number} quarters
 */
export function place(image, pane, view, quarters) {
  const picture = fitted(image, quarters, pane);
  const seen = drawnIn(view, picture, pane);
  const [width, height] = [picture.width * seen.near, picture.height * seen.near];
  const [x, y] = [(0.5 - seen.x) * width, (0.5 - seen.y) * height];
  image.style.inlineSize = `${quarters % 2 ? height : width}px`;
  image.style.blockSize = `${quarters % 2 ? width : height}px`;
  image.style.transform = `translate(-50%, -50%) translate(${x}px, ${y}px) rotate(${quarters * 90}deg)`;
  return seen;
}

/** @param {number} number @param {number} least @param {number} most */
function within(number, least, most) {
  return Math.min(Math.max(number, least), most);
}
