// Requests that the program has not answered: what to do stands in the page's language where messages stand, in sight
// wherever the form is. While one is on its way, desk-waiting.css shows it.

// What the program itself answers in place of a part: a form with what is wrong, or with what happened meanwhile.
const OWN = new Set([409, 422]);

/** Start listening. */
export function tellUnanswered() {
  document.addEventListener("htmx:sendError", (event) => {
    if (!asksByItself(event)) tell();
  });
  // When the server is gone, whatever stands before it answers in words of its own: they take no place here.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { detail } = /** @type {CustomEvent} */ (event);
    const { status } = detail.xhr;
    if (status < 400 || OWN.has(status) || detail.xhr.getResponseHeader("HX-Retarget")) return;
    detail.shouldSwap = false;
    if (!detail.requestConfig.elt.matches("[data-fresh]")) tell();
  });
  // It goes with what somebody does next; what the page asks by itself, the next rows too, leaves it to be read.
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!asksByItself(event, "[data-fresh], .queue-more"))
      document.querySelector("#messages > #problem")?.remove();
  });
  // The way back to a page that is refused now: its whole answer says why, and what to do.
  document.addEventListener("htmx:historyCacheMissLoadError", () => location.reload());
}

/** @param {Event} event @param {string} parts */
function asksByItself(event, parts = "[data-fresh]") {
  const { elt } = /** @type {CustomEvent} */ (event).detail;
  return elt instanceof Element && elt.matches(parts);
}

function tell() {
  const line = document.getElementById("messages");
  const said = document.querySelector("template#unreachable");
  if (line && said instanceof HTMLTemplateElement) line.replaceChildren(said.content.cloneNode(true));
}
