// Old photo against new: over each other with a slider; the photo just chosen is shown before it is sent.

/** @param {ParentNode} within */
export function startComparing(within) {
  for (const part of within.querySelectorAll("[data-compare]")) {
    if (part instanceof HTMLElement && pictured(part)) lay(part);
  }
  for (const field of within.querySelectorAll("input[data-ghost]")) {
    if (field instanceof HTMLInputElement) field.addEventListener("change", () => choose(field));
  }
}

/**
 * Whether both sides have a picture.
 * @param {HTMLElement} part
 */
function pictured(part) {
  return (
    [...part.querySelectorAll("figure")].filter((one) => !one.hidden && one.querySelector("img")).length === 2
  );
}

/**
 * Lay the new photo over the old one, divided by a slider.
 * @param {HTMLElement} part
 */
function lay(part) {
  if (part.classList.contains("is-over")) return;
  const slider = document.createElement("input");
  slider.type = "range";
  slider.setAttribute("aria-label", part.dataset.label ?? "");
  const move = () => part.style.setProperty("--shown", `${100 - Number(slider.value)}%`);
  slider.addEventListener("input", move);
  part.classList.add("is-over");
  part.append(slider);
  move();
}

/**
 * Show the photo that somebody chose beside the one from when the hazard was found.
 * @param {HTMLInputElement} field
 */
function choose(field) {
  const figure = document.querySelector(`[data-chosen="${field.id}"]`);
  const image = figure?.querySelector("img");
  const [file] = field.files ?? [];
  if (!(figure instanceof HTMLElement && image) || !file) return;
  if (image.src.startsWith("blob:")) URL.revokeObjectURL(image.src);
  image.src = URL.createObjectURL(file);
  figure.hidden = false;
  const part = figure.closest("[data-compare]");
  if (part instanceof HTMLElement && pictured(part)) lay(part);
}
