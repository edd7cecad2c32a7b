// What the lead pointed at when a visit was returned, shown at that very part of the form.
import { all, make } from "./bind.js";

/** Where a part of the body stands on the page. @param {string} part @returns {string} */
function placeOf(part) {
  const [kind, name] = part.split(".");
  const key = CSS.escape(name ?? "");
  if (kind === "outcome") return "[data-visit-outcome]";
  if (kind === "note") return "#visit-note";
  if (kind === "dwelling_changes")
    return `[data-fact="${key}"], [data-fact-chips="${key}"], [data-fact-yesno="${key}"], [data-fact-phone="${key}"]`;
  if (kind === "findings") return `[data-finding="${key}"]`;
  if (kind === "photos") return `[data-photo="${key}"]`;
  if (kind === "occupants") return `[data-occupancy="${key}"]`;
  if (kind === "workplaces") return `[data-workplace="${key}"]`;
  if (kind === "hazard_notice") return "[data-paper]";
  if (kind === "rechecks") return `[data-recheck="${key}"]`;
  return kind === "requests" ? "[data-visit-requests]" : "";
}

// Where a part has no place of its own any more, its mark stands at the head of what it belonged to.
const HEADS = new Map([
  ["findings", "[data-visit-findings]"],
  ["photos", "[data-visit-findings]"],
  ["occupants", "[data-visit-occupants]"],
  ["workplaces", "[data-visit-workplaces]"],
  ["rechecks", "[data-open-before]"],
]);

/** @param {HTMLElement} section @param {{part: string, reason?: string}[] | undefined} fields @param {string} reason */
export function showMarks(section, fields, reason) {
  for (const old of all(section, "[data-mark]")) old.remove();
  for (const field of fields ?? []) {
    const selector = placeOf(field.part);
    const head = HEADS.get(field.part.split(".")[0] ?? "");
    const place = (selector && section.querySelector(selector)) || (head && section.querySelector(head));
    if (!(place instanceof HTMLElement)) continue;
    const mark = make("t-mark", { reason: field.reason || reason });
    const box = place.closest(".field") ?? place;
    box.before(mark);
    for (let fold = box.closest("details"); fold; fold = fold.parentElement?.closest("details") ?? null)
      fold.open = true;
  }
}
