// Whose phone this is: the device, and who is signed in on it.
import { notify } from "./changes.js";
import { meta, setMeta, withStores } from "./db.js";
import { jsonPost, requestJson } from "./wire.js";

/** What somebody else must not read; unsent work is not among it. */
const READABLE = /** @type {const} */ ([
  "grids",
  "rounds",
  "buildings",
  "doors",
  "occupants",
  "findings",
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
 * Enrol this phone for whoever is signed in; throws WireProblem.
 * @param {string} build
 * @returns {Promise<import("./types.js").Owner | null>}
 */
export async function enrol(build) {
  const answer = await requestJson(
    "/sync/enrolment",
    isEnrolment,
    await jsonPost({ build: build || "unknown" }),
  );
  const { device, user, district, epoch } = answer;
  await withStores(["meta", "outbox"], "readwrite", async (stores) => {
    const known = await stores("meta").get("device");
    if (known && known !== device) await renumber(stores);
    const language = (await stores("meta").get("language")) ?? user.language;
    for (const [name, value] of Object.entries({ device, user, district, epoch, language, build })) {
      await stores("meta").put(value, name);
    }
  });
  notify("outbox");
  return whoami();
}

/** The language of the app on this phone; also offline. @param {string} code */
export async function setLanguage(code) {
  await setMeta({ language: code });
}

/** @returns {Promise<string>} */
export async function language() {
  return (await meta("language")) ?? "zh";
}

/** Take what can be read off the phone; unsent work stays and is still sent. */
export async function forget() {
  await withStores(["meta", ...READABLE], "readwrite", async (stores) => {
    for (const name of READABLE) await stores(name).clear();
    for (const name of ["user", "cursor", "packed_at", "generation"]) await stores("meta").delete(name);
  });
  notify("pack");
}

/** A new device counts from one; the number is not part of what the digest is over. @param {import("./db.js").Stores} stores */
async function renumber(stores) {
  const waiting = (await stores("outbox").getAll()).filter(
    (/** @type {import("./types.js").OutboxRecord} */ record) => record.state === "waiting",
  );
  waiting.sort((/** @type {{seq: number}} */ a, /** @type {{seq: number}} */ b) => a.seq - b.seq);
  for (const [index, record] of waiting.entries()) await stores("outbox").put({ ...record, seq: index + 1 });
  await stores("meta").put(waiting.length, "seq");
}

/** @param {any} body */
function isEnrolment(body) {
  return (
    typeof body.device === "string" && typeof body.user?.id === "string" && typeof body.epoch === "string"
  );
}
