// Whether the browser promises to keep what is stored, and how much room is left.
import { showBanner } from "./banners.js";
import { find } from "./bind.js";
import { fileSize, say } from "./texts.js";

/** Below this it is said, in bytes: some thirty photos. Photos themselves stop earlier than text does. */
const LITTLE = 24 * 1024 * 1024;

/** Ask once, at a moment when the person has just used the app. */
export async function askToKeep() {
  if (!navigator.storage?.persist || (await navigator.storage.persisted())) return;
  await navigator.storage.persist().catch(() => false);
}

/** An app that is installed is given it more often, and without asking anybody: at each start, and when it is. */
export async function askWhenInstalled() {
  addEventListener("appinstalled", () => void askToKeep());
  if (matchMedia("(display-mode: standalone)").matches) await askToKeep();
}

/**
 * @returns {Promise<{kept: "yes" | "no" | "unknown", used: number | null, free: number | null}>} in bytes
 */
export async function storageState() {
  const box = navigator.storage;
  const [persisted, estimate] = await Promise.all([
    box?.persisted?.().catch(() => null) ?? null,
    box?.estimate?.().catch(() => null) ?? null,
  ]);
  const { usage, quota } = estimate ?? {};
  const free = usage === undefined || quota === undefined ? null : Math.max(0, quota - usage);
  const kept = persisted === null ? "unknown" : persisted ? "yes" : "no";
  return { kept, used: usage ?? null, free };
}

/** Say in time that photos will stop. */
export async function watchRoom() {
  const { free } = await storageState();
  const little = free !== null && free < LITTLE;
  showBanner("room", little);
  if (little) find(document, "[data-room]").textContent = say("little_room", { size: fileSize(free) });
}
