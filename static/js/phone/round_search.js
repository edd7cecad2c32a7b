// Search in the round: what is typed, and what the code on a door plate says.
import { answered, prepare, rankOf, takenApart, wordsOf } from "../offline/search.js";
import { fill, find, make, putAway } from "./bind.js";
import { doorName } from "./door_states.js";
import { beside, say } from "./texts.js";

/**
 * @typedef {import("./round_facts.js").Block} Block
 * @typedef {import("./round_facts.js").Cell} Cell
 * @typedef {{block: Block, cell: Cell, rank: number}} Hit
 */

const FOUND_AT_MOST = 40;
/** So many fit on a screen; the rest is drawn after it. */
const DRAWN_FIRST = 8;
/** Milliseconds; whoever types on gives the next key sooner. */
const REST_AFTER = 300;
let turn = 0;

/** The building whose plate was read; it holds until something else is typed. @type {{typed: string, id: string} | null} */
let kept = null;

/**
 * What is looked through of a building, by its first door: blocks are made anew each time the round is drawn, doors only
 * with a new pack.
 * @type {WeakMap<object, {prepared: import("../offline/search.js").Prepared, names: string[], plates: string[]}>}
 */
const ready = new WeakMap();

/** @param {Block} block */
function readied(block) {
  const key = block.cells[0]?.door ?? block;
  let found = ready.get(key);
  if (!found) {
    const plates = block.cells.map(({ door }) => (door.plate ?? "").toLowerCase());
    found = { prepared: prepare(block), names: block.cells.map(soughtBy), plates };
    ready.set(key, found);
  }
  return found;
}

/** The door's number, and the shop or site behind it. @param {Cell} cell */
function soughtBy({ door, work }) {
  return `${doorName(door)} ${work}`.trim().toLowerCase();
}

/** Before the first key, so that it need not wait. @param {Block[]} blocks */
export function readyAll(blocks) {
  for (const block of blocks) readied(block);
}

/**
 * Doors that answer every word typed, the best first.
 * @param {Block[]} blocks
 * @param {string} typed
 * @returns {Hit[]}
 */
function search(blocks, typed) {
  const words = wordsOf(typed);
  const parts = wordsOf(takenApart(typed));
  const best = hits(blocks, words);
  return best.length || parts.join() === words.join() ? best : hits(blocks, parts);
}

/** From now on this building's name finds its own doors, all of them and no others. @param {Block} block */
export function keepTo({ id, name }) {
  kept = { typed: name, id };
}

/**
 * What the field finds as it stands: the doors of the building whose plate was read, else what was searched for.
 * @param {Block[]} blocks
 * @param {string} typed
 * @returns {Hit[]}
 */
export function found(blocks, typed) {
  if (kept?.typed !== typed) kept = null;
  const block = kept && blocks.find(({ id }) => id === kept?.id);
  return block ? block.cells.map((cell) => ({ block, cell, rank: 0 })) : search(blocks, typed);
}

/** The building that answers most of the words, where no door answers all. @param {Block[]} blocks @param {string} typed */
export function meant(blocks, typed) {
  const words = wordsOf(takenApart(typed));
  /** @type {Block | undefined} */
  let best;
  let most = 0;
  for (const block of blocks) {
    const count = answered(readied(block).prepared, words).filter(Boolean).length;
    if (count > most) [best, most] = [block, count];
  }
  return best;
}

/**
 * The door that is missing: its number is what the building does not answer.
 * @param {Block} block @param {string} typed
 * @returns {{unit?: string, door?: string}}
 */
export function missing(block, typed) {
  const words = wordsOf(takenApart(typed));
  const inPlace = answered(readied(block).prepared, words);
  const number = words.findLast((word, at) => !inPlace[at] && /\d/.test(word)) ?? "";
  const [door, unit] = number.toUpperCase().split("-").reverse();
  return { unit, door };
}

/** @param {Block[]} blocks @param {string[]} words @returns {Hit[]} */
function hits(blocks, words) {
  /** @type {Hit[][]} */
  const ranks = [[], [], [], []];
  if (words.length === 0) return [];
  for (const block of blocks) {
    const { prepared, names, plates } = readied(block);
    const inPlace = answered(prepared, words);
    block.cells.forEach((cell, at) => {
      const rank = rankOf(names[at] ?? "", words, inPlace, plates[at]);
      const row = ranks[rank];
      if (row && row.length < FOUND_AT_MOST) row.push({ block, cell, rank });
    });
  }
  return ranks.flat().slice(0, FOUND_AT_MOST);
}

/**
 * Show what was found in place of the buildings; nothing typed shows the buildings again.
 * @param {HTMLElement} section
 * @param {Block[]} blocks
 * @param {string} typed
 */
export function showFound(section, blocks, typed) {
  const looking = typed.trim() !== "";
  const list = find(section, "[data-round-found]");
  list.hidden = !looking;
  putAway(find(section, "[data-round-buildings]"), looking);
  find(section, "[data-round-filter]").hidden = looking;
  find(section, "[data-round-first]").hidden = looking;
  const mine = ++turn;
  if (!looking) return;
  const hits = found(blocks, typed);
  if (hits.length === 0) {
    list.replaceChildren(make("t-nothing", { title: say("nothing_found") }));
    return;
  }
  showRows(list, hits, 0);
  // When no further key has come, and so few at a time that the next one need not wait for rows that nobody sees yet.
  const more = (/** @type {number} */ from) => {
    if (mine !== turn || from >= hits.length) return;
    showRows(list, hits, from);
    setTimeout(() => more(from + DRAWN_FIRST));
  };
  setTimeout(() => more(DRAWN_FIRST), REST_AFTER);
}

/**
 * A screenful from a place on, and nothing below it that an earlier key has left. Rows that stand there are filled anew:
 * from one key to the next most of them only say something else.
 * @param {HTMLElement} list @param {Hit[]} all @param {number} from
 */
function showRows(list, all, from) {
  if (!list.firstElementChild?.firstElementChild) list.replaceChildren(); // it said that nothing was found
  const hits = all.slice(from, from + DRAWN_FIRST);
  while (list.children.length > from + hits.length) list.lastElementChild?.remove();
  hits.forEach(({ block, cell }, at) => {
    const facts = {
      link: `/phone/door#${cell.door.id}`,
      state: cell.state.state,
      sign: cell.state.sign,
      title: `${block.name} ${doorName(cell.door)}`,
      line: beside([cell.work, cell.state.word, cell.state.hazard && say("hazard_open")]),
      hazard: cell.state.hazard && cell.state.state !== "hazard",
    };
    const row = list.children[from + at];
    if (row) fill(row, facts);
    else list.append(make("t-first", facts));
  });
}

/**
 * What a plate's code stands for: a door, or the doors of a building. The code word for word comes first.
 * @param {Block[]} blocks
 * @param {string} code
 * @returns {{door?: string, building?: Block} | null}
 */
export function placeOf(blocks, code) {
  const text = code.trim();
  if (!text) return null;
  return placeThat(blocks, ({ plate }) => plate === text) ?? placeThat(blocks, ({ id }) => text.includes(id));
}

/** @param {Block[]} blocks @param {(row: any) => boolean} is @returns {{door?: string, building?: Block} | null} */
function placeThat(blocks, is) {
  for (const building of blocks) {
    const cell = building.cells.find(({ door }) => is(door));
    if (cell) return { door: cell.door.id };
    if (is(building)) return { building };
  }
  return null;
}
