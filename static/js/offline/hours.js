// At what hour to try again: from when doors here opened and when they stayed shut, by the phone's own clock. Nothing of
// it is sent, and it tells of doors, not of people.

/**
 * @typedef {{at: string, opened: boolean}} Knock  a call at a door
 * @typedef {{from: number, to: number, opened: number, of: number}} Band  hours of the day
 */

const FIRST = 8;
const LAST = 22;
const LENGTH = 2;
/** So few say nothing. */
const LEAST = 4;
/** What is known of the whole round counts like so many calls here. */
const WEIGHT = 3;

/** The round is the same for each of its buildings. @type {{of: Knock[], bands: Band[]} | null} */
let last = null;

/**
 * Calls at a door: those that the pack tells of, and later ones of this phone that it cannot tell of yet.
 * @param {any} door
 * @param {(outcome: string) => boolean} isOpen
 * @param {{visit: string, outcome: string, at: string}[]} [own]
 * @returns {Knock[]}
 */
export function knocksAt(door, isOpen, own = []) {
  const knocks = [];
  const { last } = door;
  // A correction says otherwise how a call went, and is none of its own.
  const said = own.find(({ visit }) => visit === last?.visit) ?? last;
  if (last) knocks.push({ at: last.at, opened: isOpen(said.outcome) });
  if (door.opened) knocks.push({ at: door.opened, opened: true });
  for (const { visit, outcome, at } of own) {
    const isNews = !last || (visit !== last.visit && Date.parse(at) > Date.parse(last.at));
    if (isNews) knocks.push({ at, opened: isOpen(outcome) });
  }
  return knocks;
}

/**
 * The two hours in which doors here are likeliest to open; null while too little is known.
 * @param {Knock[]} here  calls in this building
 * @param {Knock[]} around  calls in the whole round
 * @returns {Band | null}
 */
export function bestHours(here, around) {
  if (around.filter(({ opened }) => opened).length < LEAST) return null;
  const near = counted(here);
  const far = last?.of === around ? last.bands : counted(around);
  last = { of: around, bands: far };
  const usual = share(sum(far), { opened: 1, of: 2 }, 1);
  /** @type {{band: Band, chance: number} | null} */
  let best = null;
  for (const [slot, band] of near.entries()) {
    const wide = far[slot] ?? band;
    const chance = share(band, { opened: share(wide, { opened: usual, of: 1 }, WEIGHT), of: 1 }, WEIGHT);
    if (wide.opened > 0 && (!best || chance > best.chance))
      best = { band: band.of >= LEAST ? band : wide, chance };
  }
  return best?.band.opened ? best.band : null;
}

/** @param {{opened: number, of: number}} counts @param {{opened: number, of: number}} before @param {number} weight */
function share(counts, before, weight) {
  return (counts.opened + (weight * before.opened) / before.of) / (counts.of + weight);
}

/** @param {Band[]} bands */
function sum(bands) {
  const add = (/** @type {"opened" | "of"} */ key) => bands.reduce((total, band) => total + band[key], 0);
  return { opened: add("opened"), of: add("of") };
}

/** @param {Knock[]} knocks @returns {Band[]} */
function counted(knocks) {
  const bands = [];
  for (let from = FIRST; from < LAST; from += LENGTH)
    bands.push({ from, to: from + LENGTH, opened: 0, of: 0 });
  for (const { at, opened } of knocks) {
    const band = bands[Math.floor((new Date(at).getHours() - FIRST) / LENGTH)];
    if (!band) continue;
    band.of += 1;
    if (opened) band.opened += 1;
  }
  return bands;
}
