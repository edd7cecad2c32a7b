// What a door looks like in the round: one state with its colour, its sign and its word.
import { beside, say } from "./texts.js";

/**
 * @typedef {{id: string, building: string, unit: string | null, floor: number, door: string,
 *   last: {visit: string, outcome: string, at: string, mine: boolean} | null}} Door
 * @typedef {{outcome: string, at: string, sent: boolean}} Own  the newest record of this phone at a door
 * @typedef {{starts_on: string, returned: Set<string>, drafts: Set<string>, hazards: Set<string>,
 *   own: Map<string, Own>}} Facts
 * @typedef {"todo" | "draft" | "returned" | "waiting" | "done" | "no_answer" | "rescheduled" | "refused" | "vacant"
 *   | "not_found" | "demolished"} Kind
 * @typedef {{kind: Kind, state: string, sign: string, word: string, hazard: boolean, settled: boolean,
 *   outcome: string}} DoorState  `outcome` is that of the last call, also of one that waits
 */

/** @type {Record<Kind, [state: string, sign: string]>} */
const LOOKS = {
  todo: ["todo", "todo"],
  draft: ["away", "pen"],
  returned: ["returned", "return"],
  waiting: ["waiting", "up"],
  done: ["done", "check"],
  no_answer: ["away", "away"],
  rescheduled: ["away", "calendar"],
  refused: ["done", "hand"],
  vacant: ["done", "shut"],
  not_found: ["done", "search"],
  demolished: ["done", "close"],
};

const UNSETTLED = new Set(["todo", "draft", "returned", "no_answer", "rescheduled"]);

/**
 * @param {Door} door
 * @param {Facts} facts
 * @returns {DoorState}
 */
export function stateOf(door, facts) {
  const kind = kindOf(door, facts);
  const outcome = kind === "waiting" ? (facts.own.get(door.id)?.outcome ?? kind) : kind;
  return shared(kind, outcome, facts.hazards.has(door.id));
}

/** A round of thousands of doors has a dozen states: each is made once. @type {Map<string, DoorState>[]} */
const made = [new Map(), new Map()];

/** @param {Kind} kind @param {string} outcome @param {boolean} hazard @returns {DoorState} */
function shared(kind, outcome, hazard) {
  const states = /** @type {Map<string, DoorState>} */ (made[Number(hazard)]);
  const key = kind === "waiting" ? `waiting ${outcome}` : kind;
  let found = states.get(key);
  if (!found) {
    const [state, sign] = LOOKS[kind];
    const said = say(`state_${outcome}`);
    const word = kind === "waiting" ? beside([say("state_waiting"), said]) : said;
    found = { kind, state, sign, word, hazard, settled: !UNSETTLED.has(outcome), outcome };
    states.set(key, found);
  }
  return found;
}

/**
 * @param {Door} door
 * @param {Facts} facts
 * @returns {Kind}
 */
function kindOf(door, facts) {
  if (facts.returned.has(door.id)) return "returned";
  if (facts.drafts.has(door.id)) return "draft";
  const own = facts.own.get(door.id);
  if (own && !own.sent) return "waiting";
  const last = newest(door.last, own);
  if (!last || (facts.starts_on && last.at < facts.starts_on)) return "todo";
  return last.outcome in LOOKS ? /** @type {Kind} */ (last.outcome) : "done";
}

/**
 * @param {{outcome: string, at: string} | null} known
 * @param {Own | undefined} own
 */
function newest(known, own) {
  if (!own || (known && known.at >= own.at)) return known;
  return own;
}

/** How a door is called: "2-301" with its unit. @param {{unit: string | null, door: string}} door */
export function doorName(door) {
  return door.unit ? `${door.unit}-${door.door}` : door.door;
}

/** What a building is called: its name, or its address where it has none. @param {any} building @returns {string} */
export function placeName(building) {
  return building.name || building.address;
}

/** The look of a state by its name, for chips and badges. @param {Kind} kind */
export function lookOf(kind) {
  const [state, sign] = LOOKS[kind];
  return { state, sign, word: say(`state_${kind}`) };
}
