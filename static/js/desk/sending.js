// How much of a form's photos has gone out, for the bar that desk-waiting.css draws. Once all of it has, the bar runs
// again: the server is at work.

/** Start watching. */
export function showSending() {
  document.addEventListener("htmx:xhr:progress", (event) => {
    const { elt, loaded, total, lengthComputable } = /** @type {CustomEvent} */ (event).detail;
    if (!(elt instanceof HTMLFormElement) || elt.enctype !== "multipart/form-data") return;
    elt.toggleAttribute("data-sent", lengthComputable && loaded < total);
    elt.style.setProperty("--sent", `${Math.round((100 * loaded) / (total || 1))}%`);
  });
}
