// A door that the register does not know, and perhaps its house: added on this phone, visited at once, sent with its
// visits, confirmed by a lead.
import { notify } from "./changes.js";
import { withStores } from "./db.js";
import { uuid7 } from "./ids.js";

/**
 * @typedef {{grid: string, address: string, plate?: string}} NewHouse
 * @typedef {{building: string, house?: NewHouse, unit?: string, floor: number, door: string, address_anomaly?: string,
 *   note?: string}} NewDoor  `building` is empty beside a house
 */

/** What is typed and not added yet. */
const TYPED = "typed_doors";

/**
 * @typedef {Record<string, string>} Typed  by the names of the fields
 * @typedef {{open: string | null, by: Record<string, Typed>}} AllTyped  by building; `open`: the one that was being typed
 *   when the app ended
 */

/** @param {import("./db.js").Stores} stores @returns {Promise<AllTyped>} */
async function allTyped(stores) {
  return (await stores("meta").get(TYPED)) ?? { open: null, by: {} };
}

/** What was typed of doors that were not added. @returns {Promise<AllTyped>} */
export function typedDoors() {
  return withStores(["meta"], "readonly", allTyped);
}

/**
 * Keep what is being typed of a door. Throws StorageFailure.
 * @param {string} building  empty for a house that is missing
 * @param {Typed | null} typed  null where nothing is
 * @param {string} [before]  the building under which it was kept so far
 */
export function keepTyped(building, typed, before = building) {
  return withStores(["meta"], "readwrite", async (stores) => {
    const { by } = await allTyped(stores);
    delete by[before];
    delete by[building];
    if (typed) by[building] = typed;
    await stores("meta").put({ open: typed && building, by }, TYPED);
  });
}

/** It was put away by whoever typed it: it comes again with its building only. */
export function closeTyped() {
  return withStores(["meta"], "readwrite", async (stores) => {
    const { by } = await allTyped(stores);
    await stores("meta").put({ open: null, by }, TYPED);
  });
}

/**
 * Add a door, or answer the one that is there already with this number. A house that is named is added with it, unless it
 * is there by its plate or address; its other doors name it too, until the pack knows it. What was typed of it goes.
 * @param {NewDoor} said
 * @returns {Promise<string>} its id
 */
export async function addDoor(said) {
  const id = await withStores(["doors", "buildings", "meta"], "readwrite", async (stores) => {
    const { by } = await allTyped(stores);
    delete by[said.building];
    await stores("meta").put({ open: null, by }, TYPED);
    const home = said.house
      ? await houseOf(stores, said.house)
      : await stores("buildings").get(said.building);
    const facts = { ...said, building: home?.id ?? said.building };
    delete facts.house;
    if (home?.proposal) facts.house = home.proposal;
    const there = await stores("doors").index("building").getAll(facts.building);
    const same = there.find(
      (/** @type {any} */ one) => (one.unit ?? "") === (facts.unit ?? "") && one.door === facts.door,
    );
    if (same) return same.id;
    const fresh = doorOf(facts);
    await stores("doors").put(fresh);
    return fresh.id;
  });
  notify("pack");
  return id;
}

/** @param {NewDoor} facts */
function doorOf(facts) {
  const { building, unit, floor, door, address_anomaly } = facts;
  return {
    id: uuid7(),
    building,
    unit: unit ?? null,
    floor,
    door,
    ...(address_anomaly ? { address_anomaly } : {}),
    revision: 0,
    proposed: true,
    proposal: facts,
  };
}

/** The house, the last of its grid when it is new. @param {import("./db.js").Stores} stores @param {NewHouse} house */
async function houseOf(stores, house) {
  const all = await stores("buildings").getAll();
  const same = all.find((/** @type {any} */ one) => isSame(one, house));
  if (same) return same;
  const inGrid = all.filter((/** @type {any} */ { grid }) => grid === house.grid);
  const position = Math.max(0, ...inGrid.map((/** @type {any} */ one) => one.position ?? 0)) + 1;
  const fresh = { id: uuid7(), ...house, position, proposed: true, proposal: house };
  await stores("buildings").put(fresh);
  return fresh;
}

/** @param {any} known @param {NewHouse} house */
function isSame(known, house) {
  if (house.plate && known.plate === house.plate) return true;
  return known.grid === house.grid && plain(known.address) === plain(house.address);
}

/** @param {string | undefined} address */
const plain = (address) => (address ?? "").replace(/\s+/g, "");
