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
  const map = leaflet.map(box, { attributionControl: false, zoomControl: true, maxZoom: 19 });
  if (part.dataset.tiles) leaflet.tileLayer(part.dataset.tiles, { maxZoom: 19 }).addTo(map);
  else leaflet.polygon(outline(points), { className: "map-grid" }).addTo(map);
  for (const point of points) {
    const style = { radius: point.here ? 10 : 6, className: point.here ? "map-pin" : "map-building" };
    leaflet.circleMarker(point.at, style).bindTooltip(point.address).addTo(map);
  }
  const here = points.find((point) => point.here);
  if (part.dataset.tiles && here) map.setView(here.at, 17);
  else
    map.fitBounds(
      points.map((point) => point.at),
      { padding: [24, 24] },
    );
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
