// Lays a drawn plan over the district's own tiles once somebody opens it; without tiles, the plan can be moved and
// brought nearer all the same. Everything it shows stands in the page: nothing else is asked.

/** Start listening for plans that are opened. */
export function startMaps() {
  document.addEventListener("toggle", (event) => void open(event.target), true);
}

/** @param {EventTarget | null} target */
async function open(target) {
  if (!(target instanceof HTMLDetailsElement) || !target.matches("[data-map]") || !target.open) return;
  const drawing = target.querySelector("svg");
  if (!drawing || target.dataset.drawn) return;
  target.dataset.drawn = "true";
  const leaflet = await import("../../vendor/leaflet.js");
  draw(leaflet, target, drawing);
}

/**
 * @param {any} leaflet
 * @param {HTMLElement} part
 * @param {SVGElement} drawing
 */
function draw(leaflet, part, drawing) {
  const box = document.createElement("div");
  box.className = "map";
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", drawing.getAttribute("aria-label") ?? "");
  const points = [...drawing.querySelectorAll("[data-at]")].map(place);
  drawing.replaceWith(box);
  // Tiles are sharp at whole steps only; a drawing fills its frame at any.
  const zoomSnap = part.dataset.tiles ? 1 : 0;
  const map = leaflet.map(box, { attributionControl: false, zoomControl: true, maxZoom: 19, zoomSnap });
  if (part.dataset.tiles) leaflet.tileLayer(part.dataset.tiles, { maxZoom: 19 }).addTo(map);
  else leaflet.polygon(outline(points), { className: "map-grid" }).addTo(map);
  /** @type {{mark: any, address: string}[]} */
  const marks = [];
  // The pin first: its number is shown whatever else there is room for.
  for (const point of points.sort((a, b) => Number(b.here) - Number(a.here))) {
    const style = { radius: point.here ? 10 : 6, className: point.here ? "map-pin" : "map-building" };
    const mark = leaflet.circleMarker(point.at, style).addTo(map);
    const offset = [0, point.here ? -9 : -5];
    mark.bindTooltip(text(shortly(point.address)), { permanent: true, direction: "top", offset });
    mark.bindPopup(text(point.address));
    marks.push({ mark, address: point.address });
  }
  const here = points.find((point) => point.here);
  if (part.dataset.tiles && here) map.setView(here.at, 17);
  else
    map.fitBounds(
      points.map((point) => point.at),
      { paddingTopLeft: [44, 40], paddingBottomRight: [28, 24] },
    );
  // Only now, with a place to look at, is anything drawn.
  for (const { mark, address } of marks) reach(mark, address);
  const number = () =>
    label(
      marks.map(({ mark }) => mark),
      box,
    );
  map.on("zoomend moveend resize", number);
  number();
}

/** The number of a house: what its address ends with. @param {string} address */
function shortly(address) {
  return address.split(/\s+/).at(-1) ?? address;
}

/** Leaflet takes a string for HTML. @param {string} words */
function text(words) {
  const part = document.createElement("span");
  part.textContent = words;
  return part;
}

/** By keys too: each building is a button that tells its whole address. @param {any} mark @param {string} address */
function reach(mark, address) {
  const path = mark.getElement();
  for (const [name, value] of [
    ["tabindex", "0"],
    ["role", "button"],
    ["aria-label", address],
  ])
    path.setAttribute(name, value);
  path.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    mark.openPopup();
  });
}

/**
 * Show as many numbers as have room: one that would lie over another, over a house that is not its own or over the
 * buttons waits until somebody comes nearer.
 * @param {any[]} marks
 * @param {HTMLElement} map Its buttons lie over it, too.
 */
function label(marks, map) {
  const taken = [...map.querySelectorAll(".leaflet-control")].map((part) => part.getBoundingClientRect());
  const houses = marks.map((mark) => mark.getElement());
  for (const mark of marks) {
    const part = mark.getTooltip().getElement();
    if (!part) continue;
    const box = part.getBoundingClientRect();
    part.classList.toggle(
      "is-crowded",
      taken.some((other) => overlap(box, other)) || houses.some((house) => covers(box, house, mark)),
    );
    if (!part.classList.contains("is-crowded")) taken.push(box);
  }
}

/** Whether a number would hide the middle of a house of which it is not. @param {DOMRect} box @param {Element} house @param {any} mark */
function covers(box, house, mark) {
  const { left, top, width, height } = house.getBoundingClientRect();
  const [across, down] = [left + width / 2, top + height / 2];
  const within = box.left < across && across < box.right && box.top < down && down < box.bottom;
  return within && house !== mark.getElement();
}

/** @param {DOMRect} one @param {DOMRect} other */
function overlap(one, other) {
  const beside = one.right < other.left || other.right < one.left;
  return !beside && one.bottom > other.top && other.bottom > one.top;
}

/** @param {Element} mark */
function place(mark) {
  const at = (mark.getAttribute("data-at") ?? "").split(",").map(Number);
  return { at, address: mark.querySelector("title")?.textContent ?? "", here: mark.matches(".plan-pin") };
}

/** The hull of the points, as the plan has it. @param {{at: number[]}[]} points */
function outline(points) {
  const sorted = points.map((point) => point.at).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  return [...chain(sorted), ...chain(sorted.reverse())];
}

/** @param {number[][]} sorted */
function chain(sorted) {
  /** @type {number[][]} */
  const kept = [];
  for (const point of sorted) {
    while (kept.length > 1 && turn(kept[kept.length - 2], kept[kept.length - 1], point) <= 0) kept.pop();
    kept.push(point);
  }
  return kept.slice(0, -1);
}

/** @param {number[]} a @param {number[]} b @param {number[]} c */
function turn(a, b, c) {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}
