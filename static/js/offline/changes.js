// Tells other tabs, the worker and this page that something stored has changed.

const NAME = "doorstep";
/**
 * @typedef {{records?: string[], photos?: string[]}} Ids  what has changed, where it is known; without it, anything may
 * @typedef {(topic: string, ids?: Ids) => void} Listener
 */

/** @type {Set<Listener>} */
const listeners = new Set();
/** @type {BroadcastChannel | null} */
let channel = null;

/** Topics: pack, outbox, drafts, drain, update. @param {string} topic @param {Ids} [ids] */
export function notify(topic, ids) {
  tell(topic, ids);
  join()?.postMessage(ids ? { topic, ids } : topic);
}

/**
 * @param {Listener} listener
 * @returns {() => void} stops listening
 */
export function onChange(listener) {
  join();
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function join() {
  if (channel || !("BroadcastChannel" in globalThis)) return channel;
  channel = new BroadcastChannel(NAME);
  channel.addEventListener("message", ({ data }) => {
    if (typeof data === "string") tell(data);
    else tell(data.topic, data.ids);
  });
  // In Node an open channel would keep a test from ending.
  /** @type {any} */ (channel).unref?.();
  return channel;
}

/** A listener that fails undoes nothing of what it was told, and keeps it from nobody else. */
/** @param {string} topic @param {Ids} [ids] */
function tell(topic, ids) {
  for (const listener of listeners) {
    try {
      listener(topic, ids);
    } catch (error) {
      globalThis.reportError?.(error);
    }
  }
}
