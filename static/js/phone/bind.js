// Binds plain objects to the shell's elements and templates by data-*; the only place that clones templates.

/** @typedef {Record<string, unknown>} Values */

/**
 * The one element below `root` that must be there.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {T}
 */
export function find(root, selector) {
  const found = /** @type {T | null} */ (root.querySelector(selector));
  if (!found) throw new Error(`The shell has no ${selector}`);
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

/** @type {Map<string, DocumentFragment>} */
const kept = new Map();

/**
 * A fresh copy of the template with this id, as a fragment.
 * @param {string} id
 * @returns {DocumentFragment}
 */
export function copy(id) {
  let content = kept.get(id);
  if (!content) {
    content = /** @type {HTMLTemplateElement} */ (find(document, `#${id}`)).content;
    kept.set(id, content);
  }
  return /** @type {DocumentFragment} */ (content.cloneNode(true));
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
  fill(fragment, values);
  return /** @type {T} */ (fragment.firstElementChild);
}

/**
 * Fill data-text, data-show, data-href, data-sign and data-state below (and on) `root` from `values`.
 * @param {Element | DocumentFragment} root
 * @param {Values} values
 */
export function fill(root, values) {
  if (root instanceof Element) fillOne(root, values);
  for (const part of root.querySelectorAll("[data-text],[data-show],[data-href],[data-sign],[data-state]")) {
    fillOne(part, values);
  }
}

/**
 * @param {Element} part
 * @param {Values} values
 */
function fillOne(part, values) {
  const { text, show, href, sign, state } = /** @type {HTMLElement} */ (part).dataset;
  if (text) part.textContent = String(values[text] ?? "");
  if (show) part.toggleAttribute("hidden", !values[show]);
  if (href && values[href]) part.setAttribute("href", String(values[href]));
  if (sign) part.setAttribute("href", `#i-${values[sign] ?? "todo"}`);
  if (state) wear(part, values[state]);
}

/**
 * Change the is-… class that colours a part.
 * @param {Element} part
 * @param {unknown} state
 */
export function wear(part, state) {
  const old = Array.from(part.classList).filter((name) => name.startsWith("is-"));
  part.classList.remove(...old);
  if (state) part.classList.add(`is-${state}`);
}
