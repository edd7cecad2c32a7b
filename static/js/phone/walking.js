// The order of walking: from a door to the next that still waits; and the hour at which to come back.
import { bestHours, knocksAt } from "../offline/hours.js";
import { doorName } from "./door_states.js";
import { roundFacts } from "./round_facts.js";
import { say } from "./texts.js";

/**
 * @typedef {import("./round_facts.js").Block} Block
 * @typedef {import("./round_facts.js").Cell} Cell
 */

/** @type {Block[]} */
let blocks = [];
/** Every call that the round knows of; read when it is first asked for. @type {import("../offline/hours.js").Knock[] | null} */
let around = null;
/** After these somebody was at home. */
const OPENED = new Set(["done", "refused", "rescheduled"]);

/** What the round has read last. @param {Block[]} read */
export function walk(read) {
  blocks = read;
  around = null;
}

/**
 * The next door that still waits: on the same floor, in the building, then in the buildings after it.
 * @param {string} door
 * @returns {Promise<{id: string, name: string} | null>}
 */
export async function nextDoor(door) {
  const holds = (/** @type {Block} */ { cells }) => cells.some((cell) => cell.door.id === door);
  // Also after a door was added: the round was not shown since.
  if (!blocks.some(holds)) walk((await roundFacts()).blocks);
  const place = blocks.findIndex(holds);
  const block = blocks[place];
  if (!block) return null;
  const at = block.cells.findIndex((cell) => cell.door.id === door);
  const here = /** @type {Cell} */ (block.cells[at]).door;
  const rest = [...block.cells.slice(at + 1), ...block.cells.slice(0, at)].filter(waits);
  const level = rest.find((cell) => cell.door.floor === here.floor && cell.door.unit === here.unit);
  const next = level ?? rest[0];
  if (next) return { id: next.door.id, name: doorName(next.door) };
  for (const other of [...blocks.slice(place + 1), ...blocks.slice(0, place)]) {
    const first = other.cells.find(waits);
    if (first) return { id: first.door.id, name: `${other.name} ${doorName(first.door)}` };
  }
  return null;
}

/** What stands at a door where somebody still has to go; where nobody opened, another hour is better. */
const WAITS = new Set(["todo", "recheck", "overdue", "revisit", "agreed", "remind"]);

/** @param {Cell} cell */
function waits(cell) {
  return WAITS.has(cell.state.kind);
}

/**
 * "18:00–20:00, 7 of 9 opened"; empty while too little is known.
 * @param {string} building
 * @returns {Promise<string>}
 */
export async function hoursFor(building) {
  if (blocks.length === 0) blocks = (await roundFacts()).blocks;
  return hoursIn(blocks.find(({ id }) => id === building));
}

/** The same of a building of the round that was read. @param {Block | undefined} block */
export function hoursIn(block) {
  around ??= blocks.flatMap(knocksIn);
  const best = bestHours(block ? knocksIn(block) : [], around);
  return best ? say("best_hours", { ...best, n: best.opened }) : "";
}

/** @param {Block} block */
function knocksIn({ cells }) {
  return cells.flatMap(({ door, calls }) => knocksAt(door, (outcome) => OPENED.has(outcome), calls));
}
