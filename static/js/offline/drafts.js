// Visits that are being written: kept on every input, each under its visit's id, until finished or discarded.
import { notify } from "./changes.js";
import { StorageFailure, withStores } from "./db.js";
import { uuid7 } from "./ids.js";

/**
 * Begin a visit at a door, or a correction of a returned one; one that is open for it is answered as it stands.
 * @param {string} door
 * @param {{outcome?: string, returned?: string}} [how]  returned: id of the visit that came back
 * @returns {Promise<import("./types.js").Draft>}
 */
export async function start(door, { outcome, returned } = {}) {
  const now = new Date().toISOString();
  const draft = await withStores(["drafts", "returned", "doors", "meta"], "readwrite", async (stores) => {
    if (returned) {
      const open = await stores("drafts").get(returned);
      if (open) return open;
    }
    const row = returned ? await stores("returned").get(returned) : null;
    const user = await stores("meta").get("user");
    const known = await stores("doors").get(door);
    const fresh = {
      id: returned ?? uuid7(),
      door,
      revision: (row?.revision ?? 0) + 1,
      ...(row ? { previous: row.event } : {}),
      started_at: now,
      touched_at: now,
      author: user?.id,
      body: { ...contentOf(row?.body), ...(outcome ? { outcome } : {}), base_revision: known?.revision ?? 0 },
      screen: {},
    };
    await stores("drafts").put(fresh);
    return fresh;
  });
  notify("drafts");
  return draft;
}

/** @param {string} id @returns {Promise<import("./types.js").Draft | undefined>} */
export function read(id) {
  return withStores(["drafts"], "readonly", (stores) => stores("drafts").get(id));
}

/**
 * Keep a change of a draft; resolves when it is durable. Throws StorageFailure, also when the draft is gone.
 * @param {string} id
 * @param {{body?: any, screen?: any}} patch
 */
export async function save(id, patch) {
  await withStores(["drafts"], "readwrite", async (stores) => {
    const draft = await stores("drafts").get(id);
    if (!draft) throw new StorageFailure("the draft is gone");
    await stores("drafts").put({ ...draft, ...patch, touched_at: new Date().toISOString() });
  });
}

/** Throw a draft and its photos away. @param {string} id */
export async function discard(id) {
  await withStores(["drafts", "photos", "bytes"], "readwrite", async (stores) => {
    for (const photo of await stores("photos").index("visit").getAll(id)) {
      if (photo.state !== "draft") continue;
      await stores("photos").delete(photo.id);
      await stores("bytes").delete(photo.id);
    }
    await stores("drafts").delete(id);
  });
  notify("drafts");
}

/** Open drafts of whoever is signed in, newest first. @returns {Promise<import("./types.js").Draft[]>} */
export async function all() {
  const [drafts, user] = await withStores(["drafts", "meta"], "readonly", (stores) =>
    Promise.all([stores("drafts").getAll(), stores("meta").get("user")]),
  );
  return drafts
    .filter((/** @type {any} */ draft) => !user || draft.author === user.id)
    .sort((/** @type {any} */ a, /** @type {any} */ b) => b.touched_at.localeCompare(a.touched_at));
}

/**
 * What a correction begins with: what was said before, without what belongs to the old revision.
 * Its photos stay listed: they are at the desk already, and a finding may go on naming them.
 * @param {any} body
 */
function contentOf(body) {
  if (!body) return {};
  const { visit, revision, previous, dwelling, base_revision, started_at, finished_at, ...content } = body;
  return content;
}
