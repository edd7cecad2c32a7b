// Whether the browser promises to keep what is stored, and how much there is.

/** Ask once, at a moment when the person has just used the app. */
export async function askToKeep() {
  if (!navigator.storage?.persist || (await navigator.storage.persisted())) return;
  await navigator.storage.persist().catch(() => false);
}

/** @returns {Promise<{kept: "yes" | "no" | "unknown", used: number | null}>} used in bytes */
export async function storageState() {
  if (!navigator.storage?.persisted) return { kept: "unknown", used: null };
  const [persisted, estimate] = await Promise.all([
    navigator.storage.persisted(),
    navigator.storage.estimate(),
  ]);
  return { kept: persisted ? "yes" : "no", used: estimate.usage ?? null };
}
