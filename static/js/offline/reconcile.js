// "All in": only after the server has confirmed every id and digest that this phone holds.
import { notify } from "./changes.js";
import { meta, withStores } from "./db.js";
import { adoptEpoch } from "./epoch.js";
import { jsonPost, requestJson } from "./wire.js";

/**
 * Compare everything; what is not whole at the server waits again. Throws WireProblem.
 * @returns {Promise<{all_in: boolean, at: string, missing: number}>}
 */
export async function reconcile() {
  const { records, photos } = await held();
  const answer = await requestJson("/sync/reconciliation", isAnswer, {
    ...(await jsonPost({
      visits: records.map(({ id, digest }) => ({ id, digest })),
      photos: photos.map(({ id, kind, digest }) => ({ id, kind, digest })),
      state: await state(records, photos),
    })),
    timeout: 60_000,
  });
  await adoptEpoch(answer.epoch);
  const lost = new Set(answer.missing);
  const partial = new Set([...answer.photos_missing, ...answer.photos_partial]);
  await offerAgain(lost, partial);
  const missing = lost.size + partial.size;
  return { all_in: missing === 0, at: answer.now, missing };
}

/** @returns {Promise<{records: import("./types.js").OutboxRecord[], photos: import("./types.js").Photo[]}>} */
function held() {
  return withStores(["outbox", "photos"], "readonly", async (stores) => {
    const [records, photos] = await Promise.all([stores("outbox").getAll(), stores("photos").getAll()]);
    return {
      records: records.filter((/** @type {any} */ one) => one.state !== "gone"),
      photos: photos.filter((/** @type {any} */ one) => one.state !== "draft" && one.state !== "unusable"),
    };
  });
}

/**
 * What the lead may know of this phone; no position, no battery.
 * @param {import("./types.js").OutboxRecord[]} records
 * @param {import("./types.js").Photo[]} photos
 */
async function state(records, photos) {
  const unsent = records.filter((one) => one.state === "waiting");
  const left = photos.filter((one) => one.state !== "stored");
  const storage = globalThis.navigator?.storage;
  const estimate = await storage?.estimate?.().catch(() => null);
  return {
    build: (await meta("build")) ?? "",
    unsent: unsent.length,
    oldest_at: unsent.map((one) => one.saved_at).sort()[0] ?? null,
    photos_unsent: left.length,
    bytes_unsent: left.reduce((sum, one) => sum + one.size - one.offset, 0),
    free_bytes: estimate?.quota ? estimate.quota - (estimate.usage ?? 0) : null,
    persisted: (await storage?.persisted?.().catch(() => null)) ?? null,
  };
}

/** @param {Set<string>} lost @param {Set<string>} partial */
async function offerAgain(lost, partial) {
  if (lost.size + partial.size === 0) return;
  await withStores(["outbox", "photos"], "readwrite", async (stores) => {
    for (const id of lost) {
      const one = await stores("outbox").get(id);
      if (one?.state === "accepted") await stores("outbox").put({ ...one, state: "waiting", receipt: null });
    }
    for (const id of partial) {
      const one = await stores("photos").get(id);
      if (one?.state === "stored")
        await stores("photos").put({ ...one, state: "waiting", offset: 0, location: null });
    }
  });
  notify("outbox");
}

/** @param {any} body */
function isAnswer(body) {
  const lists = ["missing", "quarantined", "photos_missing", "photos_partial", "photos_quarantined"];
  return typeof body.epoch === "string" && lists.every((name) => Array.isArray(body[name]));
}
