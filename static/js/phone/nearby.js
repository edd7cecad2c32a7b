// Where the worker stands, asked for by a tap and kept in memory only: it is neither stored nor sent.

/** @typedef {{longitude: number, latitude: number}} Place */

const PATIENCE = 10_000;
const FRESH = 30_000;
/** The browser's own patience begins with an answer to its question, which some leave standing; milliseconds. */
const UNANSWERED = 30_000;
const EARTH = 6_371_000;

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
