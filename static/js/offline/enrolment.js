// Whose phone this is: the device, and who is signed in on it.
import { notify } from "./changes.js";
import { meta, setMeta, withStores } from "./db.js";
import { noteEpoch, offerPhotosAgain } from "./epoch.js";
import { renumber } from "./numbers.js";
import { isId, jsonPost, requestJson } from "./wire.js";

/** What somebody else must not read; unsent work is not among it. */
const READABLE = /** @type {const} */ ([
  "grids",
  "rounds",
  "buildings",
  "doors",
  "occupants",
  "workplaces",
  "findings",
  "pictures",
  "returned",
  "reviews",
]);

/** @returns {Promise<import("./types.js").Owner | null>} null while nobody is signed in here */
export async function whoami() {
  return withStores(["meta"], "readonly", async (stores) => {
    const names = ["device", "user", "district", "language"];
    const [device, user, district, language] = await Promise.all(
      names.map((name) => stores("meta").get(name)),
    );
    return device && user ? { device, user, district, language: language ?? user.language ?? "zh" } : null;
  });
}

/**
 * Enrol this phone for whoever is signed in; somebody else's pack is forgotten. Throws WireProblem.
 * @param {string} [build]
 * @returns {Promise<import("./types.js").Owner | null>}
 */
export async function enrol(build) {
  const first = await ask({ build: build || "unknown" });
  // Only what is read after the answer can be compared with it: a record may have overtaken the question.
  const seq = await remembered(first);
  const answer = seq < (first.highest_seq ?? 0) ? await ask({ build: build || "unknown", seq }) : first;
  const names = /** @type {const} */ (["meta", "outbox", "photos", ...READABLE]);
  const other = await withStores([...names], "readwrite", (stores) => settleIn(stores, answer, build));
  notify("outbox");
  if (other) notify("pack");
  return whoami();
}

/** Who is signed in in this browser, and whether a phone can be theirs. */
/** @returns {Promise<{id: string, name: string, role: string, allowed: boolean}>} */
export async function signedIn() {
  const { user, allowed } = await requestJson("/sync/enrolment", (body) => isId(body.user?.id));
  return { ...user, allowed };
}

/** @param {{build: string, seq?: number}} facts  `seq` only of a phone that has lost its storage */
async function ask(facts) {
  const { init } = await jsonPost(facts);
  return requestJson("/sync/enrolment", isEnrolment, init);
}

/** The last number that this phone knows of the device; of another one it need not know any. */
/** @param {{device: string}} answer @returns {Promise<number>} */
function remembered({ device }) {
  return withStores(["meta"], "readonly", async (stores) => {
    const [before, seq] = [await stores("meta").get("device"), await stores("meta").get("seq")];
    return before && before !== device ? Number.POSITIVE_INFINITY : (seq ?? 0);
  });
}

/** The language of the app on this phone; also offline. @param {string} code */
export async function setLanguage(code) {
  await setMeta({ language: code });
}

/** What was chosen on this phone; before that the browser's. @returns {Promise<string>} */
export async function chosenLanguage() {
  return (await meta("language")) ?? globalThis.navigator?.language?.slice(0, 2) ?? "zh";
}

/** Take what can be read off the phone; unsent work stays and is still sent. */
export async function forget() {
  await withStores(["meta", ...READABLE], "readwrite", async (stores) => {
    await forgetPack(stores);
    await stores("meta").delete("user");
  });
  notify("pack");
}

/**
 * @param {import("./db.js").Stores} stores @param {any} answer @param {string} [build]
 * @returns {Promise<boolean>} whether the phone has changed hands
 */
async function settleIn(stores, { device, user, district, epoch, highest_seq }, build) {
  const box = stores("meta");
  const [before, owner] = [await box.get("device"), await box.get("user")];
  await noteEpoch(stores, epoch); // first: what waits again is counted too
  if (before && before !== device) await offerPhotosAgain(stores, await renumber(stores, device));
  const other = Boolean(owner && owner.id !== user.id);
  if (other) await forgetPack(stores);
  const language = other ? user.language : ((await box.get("language")) ?? user.language);
  const facts = { device, user, district, language, ...(build ? { build } : {}) };
  for (const [name, value] of Object.entries(facts)) await box.put(value, name);
  // A phone whose storage was lost goes on counting where it stopped: what is missing stays to be seen.
  if ((highest_seq ?? 0) > ((await box.get("seq")) ?? 0)) await box.put(highest_seq, "seq");
  await box.delete("sending"); // whatever paused the sender, it may try now
  return other;
}

/** @param {import("./db.js").Stores} stores */
async function forgetPack(stores) {
  // A door or a house that was added here is no fact about anybody, and open visits to it need it.
  const places = /** @type {const} */ (["doors", "buildings"]);
  const read = places.map(async (name) =>
    (await stores(name).getAll()).filter((/** @type {any} */ row) => row.proposal),
  );
  const added = await Promise.all(read);
  for (const name of READABLE) await stores(name).clear();
  for (const [at, name] of places.entries()) for (const row of added[at] ?? []) await stores(name).put(row);
  for (const name of ["cursor", "packed_at", "generation", "renewing", "endings", "typed_doors"])
    await stores("meta").delete(name);
}

/** @param {any} body */
function isEnrolment(body) {
  return isId(body.device) && isId(body.user?.id) && isId(body.epoch);
}
