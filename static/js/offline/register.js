// Reading what the pack brought: places, people, hazards, lists. Never writes.
import { eachPortion, meta, withStores } from "./db.js";
import { withHazard } from "./due.js";
import { currentDraft } from "./upcasts.js";

/** As long as the pack tells of an end. */
const ENDINGS_LAST = 30 * 86_400_000;

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
      inTurn(a.grid, b.grid) || (a.position ?? 0) - (b.position ?? 0) || inTurn(a.id, b.id),
  );
}

/** Codes and ids need no rules of a language, which take ten times as long. @param {string} a @param {string} b */
function inTurn(a, b) {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** All doors by their building, in one transaction: one for each building takes several times as long. */
/** @returns {Promise<Map<string, any[]>>} */
export function doorsByBuilding() {
  return withStores(["doors"], "readonly", async (stores) => {
    /** @type {Map<string, any[]>} */
    const found = new Map();
    await eachPortion(stores("doors"), (rows) => {
      for (const row of rows) {
        const there = found.get(row.building);
        if (there) there.push(row);
        else found.set(row.building, [row]);
      }
    });
    return found;
  });
}

/** @type {import("./db.js").StoreName[]} */
const ABOUT_A_DOOR = [
  "doors",
  "buildings",
  "occupants",
  "workplaces",
  "findings",
  "drafts",
  "outbox",
  "meta",
];

/**
 * Everything known of a door; null parts when it is not in the pack. The draft and the records are those of whoever is
 * signed in.
 * @param {string} id
 */
export function door(id) {
  return withStores(ABOUT_A_DOOR, "readonly", (stores) => aboutDoor(stores, id));
}

/**
 * An open visit of whoever is signed in, with its photos and the same of its door, in one look; null when it is none:
 * on a shared phone the drafts of colleagues stay closed.
 * @param {string} id  of the draft
 * @returns {Promise<{draft: import("./types.js").Draft, view: any, taken: any[]} | null>}
 */
export function openVisit(id) {
  return withStores([...ABOUT_A_DOOR, "photos"], "readonly", async (stores) => {
    const draft = currentDraft(await stores("drafts").get(id));
    if (!draft || draft.screen?.ending) return null;
    const [view, taken, user] = await Promise.all([
      aboutDoor(stores, draft.door),
      stores("photos").index("visit").getAll(id),
      stores("meta").get("user"),
    ]);
    return draft.author === user?.id ? { draft, view: withPlace(view, draft), taken } : null;
  });
}

/** What is in the middle of being written can be finished also when its door has left the round. */
/** @param {any} view @param {import("./types.js").Draft} draft */
function withPlace(view, draft) {
  if (view.door) return view;
  const door = { id: draft.door, building: "", unit: null, floor: 0, door: "", last: null, gone: true };
  const building = { id: "", address: draft.label || view.label, name: "" };
  return { ...view, door, building };
}

/** @param {import("./db.js").Stores} stores @param {string} id */
async function aboutDoor(stores, id) {
  const row = (await stores("doors").get(id)) ?? null;
  const [user, packed, building, occupants, workplaces, findings, drafts, all] = await Promise.all([
    stores("meta").get("user"),
    stores("meta").get("packed_at"),
    row ? stores("buildings").get(row.building) : null,
    stores("occupants").index("door").getAll(id),
    stores("workplaces").index("door").getAll(id),
    stores("findings").index("door").getAll(id),
    stores("drafts").index("door").getAll(id),
    stores("outbox").index("door").getAll(id),
  ]);
  const mine = (/** @type {any} */ one) => one.author === user?.id;
  const records = all.filter((/** @type {any} */ one) => mine(one) && one.state !== "gone");
  const draft = drafts.filter(mine).sort(openFirst)[0] ?? null;
  const label = all.find((/** @type {any} */ one) => mine(one) && one.label)?.label ?? "";
  const known = { door: row, building: building ?? null, label, occupants, workplaces, findings };
  return { ...known, draft, records, packed: packed ?? "", user: user?.id ?? null };
}

/** A visit that is being written comes before one that ends by itself. @param {any} a @param {any} b */
function openFirst(a, b) {
  return Number(Boolean(a.screen?.ending)) - Number(Boolean(b.screen?.ending));
}

/** Doors with an open hazard, each with what its hazards ask for. @returns {Promise<Map<string, import("./due.js").Look>>} */
export async function doorsWithHazards() {
  /** @type {Map<string, import("./due.js").Look>} */
  const found = new Map();
  for (const hazard of await everything("findings")) {
    found.set(hazard.door, withHazard(found.get(hazard.door), hazard));
  }
  return found;
}

/** What the places of work behind doors are called. @returns {Promise<Map<string, string>>} by door */
export async function workNames() {
  /** @type {Map<string, string>} */
  const names = new Map();
  for (const { door, name } of await everything("workplaces")) {
    if (name) names.set(door, [names.get(door), name].filter(Boolean).join("、"));
  }
  return names;
}

/** What became of hazards that this worker found, in the last 30 days. @returns {Promise<any[]>} */
export async function endings() {
  const since = new Date(Date.now() - ENDINGS_LAST).toISOString();
  return ((await meta("endings")) ?? []).filter((/** @type {any} */ one) => one.at > since);
}

/** Visits of this worker that wait for a correction. @returns {Promise<any[]>} */
export function returned() {
  return everything("returned");
}

/** What leads said of this worker's visits, by visit. @returns {Promise<Map<string, any>>} */
export async function reviews() {
  return new Map((await everything("reviews")).map((/** @type {any} */ row) => [row.visit, row]));
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

/** What helps with a kind of request: who may apply, which papers; null where nothing is written down. @param {string} kind */
export async function guide(kind) {
  return (await withStores(["guides"], "readonly", (stores) => stores("guides").get(kind))) ?? null;
}

/** The newest privacy notice, or null. */
export async function notice() {
  return (await everything("notices")).at(-1) ?? null;
}

/** The round that is walked today, else the one that began last, or null. */
export async function round() {
  /** @type {any[]} */
  const rows = await everything("rounds");
  const now = new Date();
  const today = new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
  const runs = (/** @type {any} */ row) =>
    (row.starts_on ?? "") <= today && (!row.ends_on || row.ends_on >= today);
  rows.sort((a, b) => (b.starts_on ?? "").localeCompare(a.starts_on ?? ""));
  return rows.find(runs) ?? rows[0] ?? null;
}
