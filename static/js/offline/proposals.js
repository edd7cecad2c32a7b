// A door that the register does not know: added on this phone, visited at once, sent with its visits, confirmed by a lead.
import { notify } from "./changes.js";
import { withStores } from "./db.js";
import { uuid7 } from "./ids.js";

/** @typedef {{building: string, unit?: string, floor: number, door: string, address_anomaly?: string,
 *   note?: string}} NewDoor */

/**
 * Add a door, or answer the one that is there already with this number.
 * @param {NewDoor} facts
 * @returns {Promise<string>} its id
 */
export async function addDoor(facts) {
  const id = await withStores(["doors"], "readwrite", async (stores) => {
    const there = await stores("doors").index("building").getAll(facts.building);
    const same = there.find(
      (/** @type {any} */ one) => (one.unit ?? "") === (facts.unit ?? "") && one.door === facts.door,
    );
    if (same) return same.id;
    const { building, unit, floor, door, address_anomaly } = facts;
    const fresh = {
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
    await stores("doors").put(fresh);
    return fresh.id;
  });
  notify("pack");
  return id;
}
