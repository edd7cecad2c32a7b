// Adding the app to the home screen: offered by a button where the browser allows it, explained where it does not.
import { find } from "./bind.js";
import { say } from "./texts.js";

/** @type {{prompt: () => Promise<{outcome: string}>} | null} */
let offered = null;

/** Keep the browser's offer for the page about the phone, rather than let it interrupt. */
export function startInstall() {
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    offered = /** @type {any} */ (event);
    showInstall();
  });
  addEventListener("appinstalled", () => {
    offered = null;
    find(document, "[data-install]").hidden = true;
  });
  find(document, "[data-install-now]").addEventListener("click", async () => {
    await offered?.prompt().catch(() => null);
    offered = null;
    showInstall();
  });
}

/** Nothing is said once it opens like an app. */
export function showInstall() {
  const card = find(document, "[data-install]");
  card.hidden = matchMedia("(display-mode: standalone)").matches;
  find(card, "[data-install-now]").hidden = !offered;
  const apple = /iPhone|iPad/.test(navigator.userAgent);
  find(card, "[data-install-how]").textContent = offered ? "" : say(apple ? "install_apple" : "install_menu");
}
