// A page for tests of code that speaks to the shell and the browser: elements by selector, made when asked for.
import "./shell.js";

class Part extends EventTarget {
  /** @type {Record<string, string>} */ attributes = {};
  hidden = true;
  textContent = "";

  setAttribute(name, value) {
    this.attributes[name] = value;
  }

  removeAttribute(name) {
    delete this.attributes[name];
  }

  click() {
    this.dispatchEvent(new Event("click"));
  }
}

/** A fresh page; `open` is the dialog over it, `seen` the screen, and `reloads` counts how often it was left. */
export function aPage(context, { seen = "round" } = {}) {
  const parts = new Map();
  const page = { open: null, reloads: 0, show: (name) => void show(name) };
  page.at = (selector) => {
    if (!parts.has(selector)) parts.set(selector, new Part());
    return parts.get(selector);
  };
  const show = (name) => {
    globalThis.location.pathname = `/phone/${name}`;
    globalThis.document.body.dataset.on = name;
  };
  const querySelector = (selector) => (selector === "dialog[open]" ? page.open : page.at(selector));
  Object.assign(globalThis.document, { querySelector, body: { dataset: {} } });
  const reload = () => {
    page.reloads += 1;
  };
  const before = globalThis.location;
  globalThis.location = { pathname: "", hash: "", reload };
  context.after(() => {
    globalThis.location = before;
  });
  show(seen);
  return page;
}

/** Until nothing that was begun is left to be done. */
export async function settled() {
  for (let turn = 0; turn < 40; turn++) await new Promise((done) => setImmediate(done));
}
