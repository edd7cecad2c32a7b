// Small pictures of open hazards, fetched after the pack: what a recheck is framed against, also without a signal.
import { withStores } from "./db.js";
import { request } from "./wire.js";

/** Kept on the phone at most; one is about 12 KB, so all of them are under 4 MB. */
const KEPT = 300;
/** Fetched after one pack at most: a first round is filled over a few of them. */
const FETCHED = 60;
/** Photos and texts that are not sent yet come first. In bytes. */
const RESERVE = 32 * 1024 * 1024;

/** @param {string} finding @returns {Promise<ArrayBuffer | null>} */
export async function pictureOf(finding) {
  const kept = await withStores(["pictures"], "readonly", (stores) => stores("pictures").get(finding));
  return kept?.bytes ?? null;
}

/** Fetch what is missing and forget what is over; what fails is tried after the next pack. */
export async function refreshPictures() {
  const missing = await sorted();
  if (missing.length === 0 || !(await hasRoom())) return;
  for (const { id, photo } of missing.slice(0, FETCHED)) {
    const answer = await request(`/sync/findings/${id}/photo`).catch(() => null);
    if (answer?.status === 404) continue;
    if (answer?.status !== 200 || answer.headers.get("Content-Type") !== "image/jpeg") return;
    const bytes = await answer.arrayBuffer();
    await withStores(["pictures", "findings"], "readwrite", async (stores) => {
      if (await stores("findings").get(id)) await stores("pictures").put({ photo, bytes }, id);
    });
  }
}

/** Drop pictures of hazards that are closed or were photographed anew; answers those whose picture is not here. */
function sorted() {
  return withStores(["findings", "pictures"], "readwrite", async (stores) => {
    /** @type {{id: string, photo: string, found_at: string}[]} */
    const shown = (await stores("findings").getAll()).filter((/** @type {any} */ one) => one.photo);
    shown.sort((a, b) => (b.found_at ?? "").localeCompare(a.found_at ?? ""));
    const wanted = new Map(shown.slice(0, KEPT).map((one) => [one.id, one]));
    for (const id of await stores("pictures").getAllKeys()) {
      const kept = await stores("pictures").get(id);
      if (wanted.get(id)?.photo === kept.photo) wanted.delete(id);
      else await stores("pictures").delete(id);
    }
    return [...wanted.values()];
  });
}

async function hasRoom() {
  const estimate = await globalThis.navigator?.storage?.estimate?.().catch(() => null);
  if (estimate?.quota === undefined || estimate.usage === undefined) return true;
  return estimate.quota - estimate.usage > RESERVE;
}
