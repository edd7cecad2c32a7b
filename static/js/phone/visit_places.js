// Which kinds of place a door is, so that the checklist asks only what applies there.

const HOMES = new Set(["owner_occupied", "let", "part_let", "dormitory"]);

/**
 * The places of work behind the door as the visit leaves them.
 * @param {any} view
 * @param {any} body
 * @returns {any[]}
 */
export function workplacesNow(view, body) {
  const said = new Map((body.workplaces ?? []).map((/** @type {any} */ one) => [one.workplace, one]));
  const known = (view.workplaces ?? []).map((/** @type {any} */ one) => ({ ...one, ...said.get(one.id) }));
  const ids = new Set(known.map((/** @type {any} */ one) => one.id));
  const added = [...said.values()].filter((one) => one.action === "add" && !ids.has(one.workplace));
  return [...known, ...added].filter((one) => one.action !== "closed");
}

/**
 * Words of `applies_to`: dwelling, workplace, site. Somebody may sleep behind a shop, so a door can be several.
 * @param {any} view
 * @param {any} body
 * @returns {Set<string>}
 */
export function placesOf(view, body) {
  const work = workplacesNow(view, body);
  const places = new Set();
  if (work.length) places.add("workplace");
  if (work.some((one) => one.kind === "site")) places.add("site");
  const use = body.dwelling_changes?.use ?? view.door?.use;
  const added = (body.occupants ?? []).some((/** @type {any} */ one) => one.action === "add");
  const sleeps = work.some((one) => one.dormitory_headcount > 0) || view.occupants?.length || added;
  if (!work.length || HOMES.has(use) || sleeps) places.add("dwelling");
  return places;
}

/**
 * Items that are asked inside such a place, and those of stairs, corridor and yard.
 * @param {any[]} items
 * @param {Set<string>} places
 * @returns {{inside: any[], shared: any[]}}
 */
export function itemsFor(items, places) {
  const within = (/** @type {any} */ item) =>
    item.applies_to.some((/** @type {string} */ one) => places.has(one));
  const inside = items.filter(within);
  const shared = items.filter((item) => item.applies_to.includes("shared") && !within(item));
  return { inside, shared };
}
