// Banners over every screen: the phone cannot save, a new version waits.
import { find } from "./bind.js";

/** @param {"storage" | "update"} name @param {boolean} shown */
export function showBanner(name, shown) {
  find(document, `[data-banner="${name}"]`).hidden = !shown;
}
