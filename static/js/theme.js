// Sets theme and text size before the first paint, and tries again when the phone's scripts do not come; a classic
// script, so that nothing flashes.
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
    measure();
  }

  /** Lying phones, doubled letters, open keyboards; the style sheet cannot ask for heights in the page's own letters. */
  function measure() {
    const letter = Number.parseFloat(getComputedStyle(root).fontSize);
    // Of fewer lines than these what keeps to the edges would leave too little to what is between.
    root.toggleAttribute("data-low", innerHeight < 32 * letter);
    // Of fewer letters in a line two columns would be columns of single words.
    root.toggleAttribute("data-narrow", innerWidth < 14 * letter);
  }

  /** Once this file is to be had again, from a server or from a worker: without them another page would stand here for
   *  good, the browser's or a gateway's. */
  function again() {
    setTimeout(() => {
      // An empty page would say nothing: this one says that the phone is being made ready.
      document.querySelector("[data-screen=setup]")?.removeAttribute("hidden");
      fetch("/static/js/theme.js").then(({ ok }) => (ok ? location.reload() : again()), again);
    }, 3000);
  }

  dress();
  // The phone's scripts are cut off on their way, or are of a release that has just been replaced.
  addEventListener(
    "error",
    ({ target }) => target instanceof HTMLScriptElement && target.src.includes("/phone/") && again(),
    true,
  );
  dark.addEventListener("change", dress);
  addEventListener("resize", measure);
  addEventListener("doorstep:dress", dress);
})();
