// How far the buildings are: where the worker stands is asked for by a tap, and anew while the nearest come first. It is
// forgotten once the metres are counted, these when the app is put away; nothing of it is stored or sent.

/** @typedef {{longitude: number, latitude: number}} Place */

const PATIENCE = 10_000;
const FRESH = 30_000;
/** The browser's own patience begins with an answer to its question, which some leave standing; milliseconds. */
const UNANSWERED = 30_000;
const EARTH = 6_371_000;
/** So long the metres are right enough for somebody on foot; milliseconds. */
const HOLD = 60_000;

/** @typedef {{id: string, at?: [number, number] | null}} Building */

/** Whether the nearest buildings are to come first. */
let isWanted = false;
/** To each building; null while nothing is known. @type {Map<string, number> | null} */
let distances = null;
let countedAt = 0;
let turn = 0;
/** The turn whose answer is waited for. */
let asking = 0;

/** Whether the nearest come first now, or as soon as it is known which they are. */
export const isByDistance = () => isWanted;

/** Metres to a building; null while they are not known. @param {string} building */
export function distanceTo(building) {
  return distances?.get(building) ?? null;
}

/**
 * Count the metres from where the worker stands now.
 * @param {() => Building[]} buildings
 * @returns {Promise<boolean | null>} whether it is known; null when meanwhile somebody wanted something else
 */
export async function lookAround(buildings) {
  isWanted = true;
  const mine = ++turn;
  asking = mine;
  const here = await whereAmI();
  if (mine !== turn) return null;
  asking = 0;
  isWanted = Boolean(here);
  distances = here && new Map(buildings().map(({ id, at }) => [id, metres(here, at)]));
  countedAt = performance.now();
  return isWanted;
}

/** Whether the metres that are shown are those of a place where the worker may not be any more. */
export function isOutdated() {
  return isWanted && asking !== turn && (!distances || performance.now() - countedAt > HOLD);
}

/** The order of walking again. */
export function stopLooking() {
  isWanted = false;
  forgetDistances();
}

/** Nobody looks: what was counted goes, and that it is wanted stays. */
export function forgetDistances() {
  turn += 1;
  distances = null;
}

/** @returns {Promise<Place | null>} null when it is not allowed or not known */
export function whereAmI() {
  if (!navigator.geolocation) return Promise.resolve(null);
  return new Promise((resolve) => {
    const found = (/** @type {GeolocationPosition} */ { coords }) =>
      resolve({ longitude: coords.longitude, latitude: coords.latitude });
    const how = { enableHighAccuracy: true, timeout: PATIENCE, maximumAge: FRESH };
    const unknown = () => resolve(null);
    navigator.geolocation.getCurrentPosition(found, unknown, how);
    setTimeout(unknown, UNANSWERED);
  });
}

/**
 * How far a building is, as the crow flies; those whose place is not known are far away.
 * @param {Place} from
 * @param {[number, number] | null | undefined} to  longitude and latitude
 */
export function metres(from, to) {
  if (!to) return Number.POSITIVE_INFINITY;
  const radians = (/** @type {number} */ degrees) => (degrees * Math.PI) / 180;
  const [longitude, latitude] = to;
  const east = radians(longitude - from.longitude) * Math.cos(radians((latitude + from.latitude) / 2));
  return EARTH * Math.hypot(east, radians(latitude - from.latitude));
}
