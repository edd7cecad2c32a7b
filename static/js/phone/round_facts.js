// Gathers what the round shows: buildings with their doors and states, drafts, and what came back.
import { beginningOf, today } from "../offline/days.js";
import * as drafts from "../offline/drafts.js";
import { wantedLook, withHazard } from "../offline/due.js";
import * as register from "../offline/register.js";
import { isNews, standings } from "../offline/standing.js";
import { placeName, settles, stateOf } from "./door_states.js";
import * as lists from "./lists.js";
import { stillReturned } from "./returned.js";

/**
 * @typedef {import("./door_states.js").Door} Door
 * @typedef {import("./door_states.js").DoorState} DoorState
 * @typedef {{visit: string, outcome: string, at: string}} OwnCall
 * @typedef {{door: Door, state: DoorState, work: string, calls?: OwnCall[]}} Cell  `work` is what the shop or site behind
 *   it is called, `calls` are those of this phone
 * @typedef {{id: string, name: string, address: string, spelling?: string, plate?: string, at?: [number, number],
 *   cells: Cell[]}} Block
 */

/** Buildings with their doors in order. @returns {Promise<{building: any, doors: Door[]}[]>} */
function streets() {
  return lists.once("streets", async () => {
    const [buildings, doors] = await Promise.all([lists.buildings(), register.doorsByBuilding()]);
    return buildings.map((building) => ({ building, doors: inOrder(doors.get(building.id) ?? []) }));
  });
}

/**
 * @typedef {{blocks: Block[], returned: any[], open: any[], late: number, round: any, grids: any[], records: any[],
 *   ended: any[]}} Facts  `open` are visits to go on with, `ended` those that can still be undone
 */

/** What the facts were made of last, when, and what they are. @type {{of: any[], at: number, facts: Facts} | null} */
let made = null;
/** Some doors look different at another hour; milliseconds. */
const HOLDS = 30_000;

/** The same object as before while nothing is new. @returns {Promise<Facts>} */
export async function roundFacts() {
  const now = drafts.now();
  const [all, returned, { open, packed }, records, ...rest] = await Promise.all([
    streets(),
    lists.returned(),
    now,
    standings(now),
    lists.round(),
    lists.grids(),
    lists.hazardDoors(),
    lists.workNames(),
  ]);
  const of = [all, returned, today(), packed, ...rest, JSON.stringify(open), records];
  const at = Date.now();
  if (!made || Math.abs(at - made.at) > HOLDS || !isSame(of, made.of))
    made = { of, at, facts: factsOf(all, returned, open, records, packed, rest) };
  return made.facts;
}

/** @param {any[]} a @param {any[]} b */
function isSame(a, b) {
  return a.length === b.length && a.every((one, place) => one === b[place]);
}

/**
 * @param {{building: any, doors: Door[]}[]} all @param {any[]} returned @param {any[]} open @param {any[]} records
 * @param {string} packed @param {any[]} lists  round, grids, hazards and workplaces
 * @returns {Facts}
 */
function factsOf(all, returned, open, records, packed, [round, grids, hazards, work]) {
  const back = stillReturned(returned, records);
  const waits = open.filter((/** @type {any} */ draft) => !draft.screen?.ending);
  const facts = {
    starts_on: beginningOf(round?.starts_on),
    returned: new Set(back.map((row) => row.door)),
    drafts: new Set(waits.map((/** @type {any} */ draft) => draft.door)),
    hazards: new Set([...hazards.keys(), ...unsentHazards(records)]),
    looks: wantedLooks(hazards),
    day: today(),
    own: ownRecords(records, open, packed),
    now: new Date().toISOString(),
  };
  const calls = ownCalls(records, open);
  const cellOf = (/** @type {Door} */ door) => ({
    door,
    state: stateOf(door, facts),
    work: work.get(door.id) ?? "",
    calls: calls.get(door.id),
  });
  const blocks = all.map(({ building, doors }) => ({
    ...building,
    name: placeName(building),
    cells: doors.map(cellOf),
  }));
  const midnight = new Date(new Date().setHours(0, 0, 0, 0)).toISOString();
  const late = records.filter(({ state, saved_at }) => state === "waiting" && saved_at < midnight).length;
  const ended = open.filter(drafts.isEnded);
  return { blocks, returned: back, open: waits, late, round, grids, records, ended };
}

/**
 * How one door stands, as the round shows it.
 * @param {any} view  register.door()
 * @param {any[]} records
 * @param {boolean} returned
 * @param {any} round
 */
export function standingOf({ door, findings, draft, packed }, records, returned, round) {
  const drafts = draft ? [draft] : [];
  const here = [door.id];
  /** @type {import("../offline/due.js").Look | undefined} */
  const look = findings.reduce(withHazard, undefined);
  return stateOf(door, {
    starts_on: beginningOf(round?.starts_on),
    returned: new Set(returned ? here : []),
    drafts: new Set(draft && !draft.screen?.ending ? here : []),
    hazards: new Set(findings.length > 0 ? here : []),
    looks: wantedLooks(new Map(look ? [[door.id, look]] : [])),
    day: today(),
    own: ownRecords(records, drafts, packed),
    now: new Date().toISOString(),
  });
}

/** How many doors the round has. */
export async function countDoors() {
  return (await streets()).reduce((sum, { doors }) => sum + doors.length, 0);
}

/** Doors at which visits that wait leave a hazard open; a correction takes the place of what it corrects. */
/** @param {any[]} records  oldest first */
function unsentHazards(records) {
  const newest = new Map(records.map((record) => [record.visit, record]));
  return [...newest.values()]
    .filter(({ state, hazard }) => state === "waiting" && hazard)
    .map(({ door }) => door);
}

/** Doors whose hazards are to be looked at again today. @param {Map<string, import("../offline/due.js").Look>} hazards */
function wantedLooks(hazards) {
  const now = today();
  /** @type {Map<string, import("../offline/due.js").Want>} */
  const found = new Map();
  for (const [door, look] of hazards) {
    const want = wantedLook(look, now);
    if (want) found.set(door, want);
  }
  return found;
}

/**
 * The newest record of this phone per door; one-tap endings that can still be undone count as unsent.
 * @param {any[]} records
 * @param {any[]} open
 * @param {string} packed  what was answered later, the pack does not know
 */
function ownRecords(records, open, packed) {
  /** @type {Map<string, import("./door_states.js").Own>} */
  const own = new Map();
  const add = (/** @type {string} */ door, /** @type {import("./door_states.js").Own} */ record) => {
    const known = own.get(door);
    if (!known || known.at < record.at) own.set(door, record);
  };
  /** The newest revision of each. @type {Map<string, any>} */
  const news = new Map();
  for (const record of records) {
    if (record.state === "gone") continue;
    const sent = record.state === "accepted" || record.state === "duplicate";
    const { outcome, recorded_at: at, again_on } = record;
    add(record.door, { outcome, at, again_on, sent });
    if (!sent || isNews(record, packed)) news.set(record.visit, record);
  }
  for (const draft of open) {
    if (drafts.isEnded(draft))
      add(draft.door, {
        outcome: draft.body.outcome,
        at: draft.touched_at,
        again_on: draft.body.come_again_on,
        sent: false,
      });
  }
  for (const { visit, door, outcome, recorded_at: at, remind_on } of news.values()) {
    const mine = /** @type {import("./door_states.js").Own} */ (own.get(door));
    mine.visits = (mine.visits ?? new Set()).add(visit);
    if (remind_on) mine.remind_on = [...(mine.remind_on ?? []), ...remind_on];
    if (settles(outcome) && !(mine.settled && mine.settled.at >= at)) mine.settled = { outcome, at };
  }
  return own;
}

/**
 * Calls of this phone by door, as they were said last; one-tap endings count while they can still be undone.
 * @param {any[]} records  oldest first
 * @param {any[]} open
 */
function ownCalls(records, open) {
  const said = new Map(records.map(({ visit, outcome }) => [visit, outcome]));
  const made = records
    .filter(({ revision, state }) => revision === 1 && state !== "gone")
    .map(({ door, visit, recorded_at: at }) => ({ door, visit, outcome: said.get(visit), at }));
  const ended = open
    .filter(drafts.isEnded)
    .map(({ id: visit, door, body, touched_at: at }) => ({ door, visit, outcome: body.outcome, at }));
  /** @type {Map<string, OwnCall[]>} */
  const calls = new Map();
  for (const { door, ...call } of [...made, ...ended]) calls.set(door, [...(calls.get(door) ?? []), call]);
  return calls;
}

/** @type {Intl.Collator | undefined} */
let collator;

/** By unit, then from the top floor down, then by number. @param {Door[]} doors */
function inOrder(doors) {
  return doors.sort(
    (a, b) => compare(a.unit ?? "", b.unit ?? "") || b.floor - a.floor || compare(a.door, b.door),
  );
}

/** Most are numbers, which need no rules of a language. @param {string} a @param {string} b */
function compare(a, b) {
  if (a === b) return 0;
  collator ??= new Intl.Collator("zh", { numeric: true });
  return Number(a) - Number(b) || collator.compare(a, b);
}
