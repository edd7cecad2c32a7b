// Banners over every screen: the phone cannot save, room runs low, a new version waits, a sign-in is needed.
import { close, open, StorageFailure, setMeta } from "../offline/db.js";
import { find, hide } from "./bind.js";

/** @param {"storage" | "room" | "update" | "sign-in"} name @param {boolean} shown */
export function showBanner(name, shown) {
  hide(find(document, `[data-banner="${name}"]`), !shown);
}

/**
 * Say it whenever the database fails, whatever was being done, and offer to try again.
 * @param {() => unknown} recovered  runs once the phone can save again
 */
export function startBanners(recovered) {
  addEventListener("unhandledrejection", ({ reason }) => {
    if (reason instanceof StorageFailure) showBanner("storage", true);
  });
  const retry = find(document, "[data-storage-retry]");
  retry.addEventListener("click", async () => {
    retry.setAttribute("aria-busy", "true");
    const works = await canSave();
    retry.removeAttribute("aria-busy");
    showBanner("storage", !works);
    if (works) recovered();
  });
}

/** Whether a write on a new connection is kept. */
async function canSave() {
  try {
    await close();
    await open();
    await setMeta({ saved_last: new Date().toISOString() });
    return true;
  } catch {
    return false;
  }
}
