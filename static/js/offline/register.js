// Reading what the pack brought: places, people, hazards, lists. Never writes.
import { withStores } from "./db.js";

/** @param {import("./db.js").StoreName} name */
function everything(name) {
  return withStores([name], "readonly", (stores) => stores(name).getAll());
}

/** @returns {Promise<any[]>} */
export function grids() {
  return everything("grids");
}

/** Buildings in the order of walking. @returns {Promise<any[]>} */
export async function buildings() {
  const rows = await everything("buildings");
  return rows.sort(
    (/** @type {any} */ a, /** @type {any} */ b) =>
      a.grid.localeCompare(b.grid) || (a.position ?? 0) - (b.position ?? 0) || a.id.localeCompare(b.id),
  );
}

/** @param {string} building @returns {Promise<any[]>} */
export function doorsOf(building) {
  return withStores(["doors"], "readonly", (stores) => stores("doors").index("building").getAll(building));
}

/**
 * Everything known of a door; null parts when it is not in the pack.
 * @param {string} id
 */
export function door(id) {
  const names = /** @type {import("./db.js").StoreName[]} */ ([
    "doors",
    "buildings",
    "occupants",
    "findings",
    "drafts",
    "outbox",
  ]);
  return withStores(names, "readonly", async (stores) => {
    const row = (await stores("doors").get(id)) ?? null;
    const [building, occupants, findings, drafts, records] = await Promise.all([
      row ? stores("buildings").get(row.building) : null,
      stores("occupants").index("door").getAll(id),
      stores("findings").index("door").getAll(id),
      stores("drafts").index("door").getAll(id),
      stores("outbox").index("door").getAll(id),
    ]);
    const waiting = records.filter((/** @type {any} */ record) => record.state === "waiting");
    return { door: row, building: building ?? null, occupants, findings, draft: drafts[0] ?? null, waiting };
  });
}

/** Ids of the doors with an open hazard. @returns {Promise<string[]>} */
export function doorsWithHazards() {
  return withStores(["findings"], "readonly", async (stores) => {
    const found = [];
    let cursor = await stores("findings").index("door").openKeyCursor(null, "nextunique");
    for (; cursor; cursor = await cursor.continue()) found.push(String(cursor.key));
    return found;
  });
}

/** Visits of this worker that wait for a correction. @returns {Promise<any[]>} */
export function returned() {
  return everything("returned");
}

/** The checklist, or null before the first pack. */
export async function checklist() {
  return (await everything("checklists"))[0] ?? null;
}

/** The entries of a code list, in their order. @param {string} list @returns {Promise<any[]>} */
export async function codes(list) {
  const row = await withStores(["codes"], "readonly", (stores) => stores("codes").get(list));
  return row?.entries ?? [];
}

/** The newest privacy notice, or null. */
export async function notice() {
  return (await everything("notices")).at(-1) ?? null;
}

/** The round that is walked, or null. */
export async function round() {
  return (await everything("rounds"))[0] ?? null;
}
