// Sets theme and text size before the first paint; a classic script, so that nothing flashes.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");

  /** The chosen theme, or what the system says when it was left to the system. */
  function dress() {
    let theme = "auto";
    let text = "normal";
    try {
      theme = localStorage.getItem("doorstep.theme") ?? theme;
      text = localStorage.getItem("doorstep.text") ?? text;
    } catch {
      // Storage is switched off: the system's choice stands.
    }
    root.dataset.theme = theme === "auto" ? (dark.matches ? "dark" : "light") : theme;
    root.dataset.text = text;
  }

  dress();
  dark.addEventListener("change", dress);
  addEventListener("doorstep:dress", dress);
})();
