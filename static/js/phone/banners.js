// Banners over every screen: the phone cannot save, a new version waits, a sign-in is needed.
import { find } from "./bind.js";

/** @param {"storage" | "update" | "sign-in"} name @param {boolean} shown */
export function showBanner(name, shown) {
  find(document, `[data-banner="${name}"]`).hidden = !shown;
}
