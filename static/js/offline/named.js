// Whom and what a finished visit calls gone: once the desk has heard of it the round has no name for them any more, and a
// change of the visit must be able to say that one of them is still there.

/** @typedef {import("./db.js").Stores} Stores */

/** Lists of a body: by which key an entry names a row of which store, and what of that row is kept. */
const NAMED = /** @type {const} */ ([
  ["occupants", "occupancy", "occupants", ["name"]],
  ["workplaces", "workplace", "workplaces", ["name"]],
  ["rechecks", "finding", "findings", ["item", "spot"]],
]);

/** What is read for it. */
export const NAMING = /** @type {const} */ (["occupants", "workplaces", "findings", "outbox"]);

/**
 * @param {Stores} stores @param {{body: any, previous?: string}} draft
 * @returns {Promise<Record<string, any[]>>} by list, as a returned visit brings it
 */
export async function namedIn(stores, { body, previous }) {
  const before = previous ? ((await stores("outbox").get(previous))?.gone ?? {}) : {};
  /** @type {Record<string, any[]>} */
  const found = {};
  for (const [list, key, store, kept] of NAMED) {
    for (const entry of body[list] ?? []) {
      if (entry.action === "add" || entry.action === "change") continue;
      const id = entry[key];
      const row =
        (await stores(store).get(id)) ?? (before[list] ?? []).find((/** @type {any} */ one) => one.id === id);
      if (!row) continue;
      const facts = kept.filter((name) => row[name]).map((name) => [name, row[name]]);
      found[list] = [...(found[list] ?? []), { id, ...Object.fromEntries(facts) }];
    }
  }
  return found;
}
