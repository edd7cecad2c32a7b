// Tells other tabs, the worker and this page that something stored has changed.

const NAME = "doorstep";
/** @type {Set<(topic: string) => void>} */
const listeners = new Set();
/** @type {BroadcastChannel | null} */
let channel = null;

/** Topics: pack, outbox, drafts, drain, update. @param {string} topic */
export function notify(topic) {
  tell(topic);
  join()?.postMessage(topic);
}

/**
 * @param {(topic: string) => void} listener
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
  channel.addEventListener("message", ({ data }) => tell(data));
  // In Node an open channel would keep a test from ending.
  /** @type {any} */ (channel).unref?.();
  return channel;
}

/** A listener that fails undoes nothing of what it was told, and keeps it from nobody else. @param {string} topic */
function tell(topic) {
  for (const listener of listeners) {
    try {
      listener(topic);
    } catch (error) {
      globalThis.reportError?.(error);
    }
  }
}
