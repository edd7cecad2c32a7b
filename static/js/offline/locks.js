// One at a time over all tabs and the worker: Web Locks, or within this page where they are missing.

/** @type {Map<string, Promise<unknown>>} */
const held = new Map();

/**
 * Do work under a lock; null when somebody else holds it and `wait` is not asked for.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @param {{wait?: boolean}} [how]
 * @returns {Promise<T | null>}
 */
export function alone(name, work, { wait = false } = {}) {
  const locks = globalThis.navigator?.locks;
  if (!locks) return aloneHere(name, work, wait);
  return locks.request(name, { ifAvailable: !wait }, async (lock) => (lock ? work() : null));
}

/**
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @param {boolean} wait
 * @returns {Promise<T | null>}
 */
async function aloneHere(name, work, wait) {
  while (held.has(name)) {
    if (!wait) return null;
    await held.get(name)?.catch(() => null);
  }
  const running = work();
  held.set(name, running);
  try {
    return await running;
  } finally {
    held.delete(name);
  }
}
