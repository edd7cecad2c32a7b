// Binds plain objects to the shell's elements and templates by data-*; the only place that clones templates.

/** @typedef {Record<string, unknown>} Values */

/** What frames every screen stands as long as the page: it is looked for once, and not through thousands of doors. */
/** @type {Map<string, Element>} */
const framing = new Map();

/**
 * The one element below `root` that must be there.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {T}
 */
export function find(root, selector) {
  const known = root === document ? framing.get(selector) : undefined;
  const found = /** @type {T | null} */ (known?.isConnected ? known : root.querySelector(selector));
  if (!found) throw new Error(`The shell has no ${selector}`);
  if (root === document) framing.set(selector, found);
  return found;
}

/**
 * @template {HTMLElement} [T=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {T[]}
 */
export function all(root, selector) {
  return /** @type {T[]} */ (Array.from(root.querySelectorAll(selector)));
}

/**
 * @typedef {{text?: string, show?: string, href?: string, sign?: string, state?: string}} Marks  what fills an element
 * @typedef {{content: DocumentFragment, places: {path: number[], marks: Marks}[]}} Kept
 */

/** Templates with the places of their marks: looked for once, and not in every copy. @type {Map<string, Kept>} */
const kept = new Map();

/** @param {string} id @returns {Kept} */
function template(id) {
  let found = kept.get(id);
  if (!found) {
    const { content } = /** @type {HTMLTemplateElement} */ (find(document, `#${id}`));
    const marked = Array.from(content.querySelectorAll(MARKED));
    found = { content, places: marked.map((part) => ({ path: pathTo(part), marks: marksOf(part) })) };
    kept.set(id, found);
  }
  return found;
}

/** The way down to a part of a template, child by child. @param {Element} part */
function pathTo(part) {
  const path = [];
  for (let one = part; one.parentNode; one = /** @type {Element} */ (one.parentNode))
    path.unshift(Array.prototype.indexOf.call(one.parentNode.childNodes, one));
  return path;
}

/** @param {Node} root @param {number[]} path */
function partAt(root, path) {
  let part = root;
  for (const at of path) part = /** @type {Node} */ (part.childNodes[at]);
  return /** @type {Element} */ (part);
}

/**
 * A fresh copy of the template with this id, as a fragment.
 * @param {string} id
 * @returns {DocumentFragment}
 */
export function copy(id) {
  return /** @type {DocumentFragment} */ (template(id).content.cloneNode(true));
}

/**
 * A filled copy of a template's first element.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id
 * @param {Values} [values]
 * @returns {T}
 */
export function make(id, values = {}) {
  const fragment = copy(id);
  // Found before anything is filled in, which adds nodes.
  const parts = template(id).places.map(({ path, marks }) => ({ part: partAt(fragment, path), marks }));
  for (const { part, marks } of parts) fillOne(part, marks, values);
  return /** @type {T} */ (fragment.firstElementChild);
}

const MARKED = "[data-text],[data-show],[data-href],[data-sign],[data-state]";

/** What was filled once is not looked through again. @type {WeakMap<Element, {part: Element, marks: Marks}[]>} */
const filled = new WeakMap();

/**
 * Fill data-text, data-show, data-href, data-sign and data-state below (and on) `root` from `values`.
 * @param {Element} root  whose marked parts stay what they are
 * @param {Values} values
 */
export function fill(root, values) {
  let parts = filled.get(root);
  if (!parts) {
    parts = [root, ...root.querySelectorAll(MARKED)].map((part) => ({ part, marks: marksOf(part) }));
    filled.set(root, parts);
  }
  for (const { part, marks } of parts) fillOne(part, marks, values);
}

/** @param {Element} part @returns {Marks} */
function marksOf(part) {
  const { text, show, href, sign, state } = /** @type {HTMLElement} */ (part).dataset;
  return { text, show, href, sign, state };
}

/**
 * @param {Element} part
 * @param {Marks} marks
 * @param {Values} values
 */
function fillOne(part, { text, show, href, sign, state }, values) {
  if (text) write(part, String(values[text] ?? ""));
  if (show) part.toggleAttribute("hidden", !values[show]);
  if (href && values[href]) pointTo(part, String(values[href]));
  if (sign) pointTo(part, `#i-${values[sign] ?? "todo"}`);
  if (state) wear(part, values[state]);
}

/** What says the same already is not laid out again. @param {Element} part @param {string} text */
export function write(part, text) {
  if (part.textContent !== text) part.textContent = text;
}

/** Hide a part, or show it; what is as it should be is not looked at again by the browser. */
/** @param {HTMLElement} part @param {boolean} hidden */
export function hide(part, hidden) {
  if (part.hidden !== hidden) part.hidden = hidden;
}

/** A sign that is set anew is copied anew by the browser, also when it is the same. @param {Element} part @param {string} to */
function pointTo(part, to) {
  if (part.getAttribute("href") !== to) part.setAttribute("href", to);
}

/**
 * Take a part out of sight as it stands, or bring it back. Unlike what is `hidden` it keeps its look and its layout, so
 * that a screen that was seen before shows without being laid out anew. What was never shown stays hidden.
 * @param {HTMLElement} part
 * @param {boolean} away
 */
export function putAway(part, away) {
  if (!away) part.hidden = false;
  if (part.hidden || part.hasAttribute("data-away") === away) return;
  part.toggleAttribute("data-away", away);
}

/** Lay a part out that was never shown, still out of sight. @param {HTMLElement} part */
export function layAhead(part) {
  if (!part.hidden) return;
  part.toggleAttribute("data-away", true);
  part.hidden = false;
  // Asking for its height lays out what is within.
  for (const one of all(part, ":scope > *")) void one.offsetHeight;
}

/**
 * Change the is-… class that colours a part.
 * @param {Element} part
 * @param {unknown} state
 */
export function wear(part, state) {
  const wanted = state ? `is-${state}` : "";
  const others = Array.from(part.classList).filter((name) => name.startsWith("is-") && name !== wanted);
  if (others.length) part.classList.remove(...others);
  if (wanted && !part.classList.contains(wanted)) part.classList.add(wanted);
}
