// Search in the round: what is typed, and what the code on a door plate says.
import { answered, floorWord, prepare, RANKS, rankOf, takenApart, wordsOf } from "../offline/search.js";
import { all, fill, find, hide, make, putAway } from "./bind.js";
import { doorName } from "./door_states.js";
import { beside, say } from "./texts.js";
import { announce } from "./toast.js";

/**
 * @typedef {import("./round_facts.js").Block} Block
 * @typedef {import("./round_facts.js").Cell} Cell
 * @typedef {{block: Block, cell: Cell}} Hit
 */

/** More are drawn when somebody asks for them. */
const SHOWN_AT_MOST = 40;
/** So many fit on a screen; the rest is drawn when no further key comes. */
const DRAWN_FIRST = 8;
/** So many of them are seen over the keys of a phone; the others are drawn right after these are. */
const OVER_KEYS = 5;
/** Milliseconds; whoever types on gives the next key sooner. */
const REST_AFTER = 300;
let turn = 0;

/** The building whose plate was read; it holds until something else is typed. @type {{typed: string, id: string} | null} */
let kept = null;
/** What the rows that stand there were searched with. @type {string | null} */
let standsFor = null;
/** What was typed when all that it finds was asked for. @type {string | null} */
let wholly = null;

/**
 * What is looked through of a building, by its first door: blocks are made anew each time the round is drawn, doors only
 * with a new pack.
 * `all` is what stands at any of its doors: what is not in it is at none of them.
 * @type {WeakMap<object, {prepared: import("../offline/search.js").Prepared, names: string[], plates: string[], all: string}>}
 */
const ready = new WeakMap();

/** @param {Block} block */
function readied(block) {
  const key = block.cells[0]?.door ?? block;
  let found = ready.get(key);
  if (!found) {
    const plates = block.cells.map(({ door }) => (door.plate ?? "").toLowerCase());
    const names = block.cells.map(soughtBy);
    found = { prepared: prepare(block), names, plates, all: [...names, ...plates].join("\n") };
    ready.set(key, found);
  }
  return found;
}

/** The door's number, the shop or site behind it, and its floor. @param {Cell} cell */
function soughtBy({ door, work }) {
  return `${doorName(door)} ${work} ${floorWord(door.floor)}`.toLowerCase();
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
  return block ? block.cells.map((cell) => ({ block, cell })) : search(blocks, typed);
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
    const { prepared, names, plates, all: behind } = readied(block);
    const inPlace = answered(prepared, words);
    const atDoors = words.map((word) => behind.includes(word));
    if (words.some((_word, at) => !inPlace[at] && !atDoors[at])) continue;
    // Of a word that is nowhere behind its doors they all know as much.
    const asked = atDoors.includes(true);
    block.cells.forEach((cell, at) => {
      const rank = asked ? rankOf(names[at] ?? "", words, inPlace, plates[at]) : RANKS.elsewhere;
      if (rank >= 0) ranks[rank]?.push({ block, cell });
    });
  }
  return ranks.flat();
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
  hide(list, !looking);
  putAway(find(section, "[data-round-buildings]"), looking);
  hide(find(section, "[data-round-filter]"), looking);
  hide(find(section, "[data-round-first]"), looking);
  const mine = ++turn;
  const same = standsFor === typed;
  standsFor = looking ? typed : null;
  const hits = looking ? found(blocks, typed) : [];
  const n = hits.length;
  find(document, "[data-round-add]").toggleAttribute("data-way-on", looking && n === 0);
  if (!looking) return;
  if (!same)
    setTimeout(() => {
      if (standsFor === typed) announce(say(n ? "n_doors" : "nothing_found", { n }));
    }, REST_AFTER);
  if (n === 0) {
    list.replaceChildren(make("t-nothing", { title: say("nothing_found") }));
    return;
  }
  if (wholly !== typed) wholly = null;
  // Of a building whose plate was read every door is wanted.
  const most = kept || wholly !== null ? hits.length : SHOWN_AT_MOST;
  // What is drawn again while somebody looks at it keeps its length.
  const first = same ? Math.max(DRAWN_FIRST, all(list, ":scope > li > a").length) : DRAWN_FIRST;
  const shown = hits.slice(0, Math.min(first, most));
  const now = same ? first : OVER_KEYS;
  if (!list.firstElementChild?.firstElementChild) list.replaceChildren(); // it said that nothing was found
  while (list.children.length > shown.length) list.lastElementChild?.remove();
  showRows(list, shown, 0, now);
  requestAnimationFrame(() => setTimeout(() => mine === turn && showRows(list, shown, now, first)));
  // When no further key has come.
  setTimeout(() => drawOn(list, hits, now, most, mine), REST_AFTER);
}

/**
 * The rows from a place on, so few at a time that a key need not wait for rows that nobody sees yet, then how many there
 * are beside them.
 * @param {HTMLElement} list @param {Hit[]} hits @param {number} from @param {number} most @param {number} mine
 */
function drawOn(list, hits, from, most, mine) {
  if (mine !== turn) return;
  const shown = hits.slice(0, most);
  if (from < shown.length) {
    showRows(list, shown, from, DRAWN_FIRST);
    setTimeout(() => drawOn(list, hits, from + DRAWN_FIRST, most, mine));
  } else if (shown.length < hits.length) list.append(othersRow(list, hits, most));
}

/** Says how many more doors are found, and shows them. @param {HTMLElement} list @param {Hit[]} hits @param {number} from */
function othersRow(list, hits, from) {
  const row = make("t-found-more", { word: say("found_more", { n: hits.length - from }) });
  find(row, "button").addEventListener("click", () => {
    row.remove();
    wholly = standsFor;
    drawOn(list, hits, from, hits.length, turn);
    list.children[from]?.querySelector("a")?.focus({ preventScroll: true });
  });
  return row;
}

/**
 * Some rows from a place on. Rows that stand there are filled anew: from one key to the next most of them only say
 * something else.
 * @param {HTMLElement} list @param {Hit[]} hits @param {number} from @param {number} count
 */
function showRows(list, hits, from, count) {
  hits.slice(from, from + count).forEach(({ block, cell }, at) => {
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
    else {
      const made = make("t-first", facts);
      made.toggleAttribute("data-below", from + at >= DRAWN_FIRST);
      list.append(made);
    }
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
  return (
    placeThat(blocks, ({ plate }) => plate === text.slice(-120)) ?? // of a longer one its end is kept
    placeThat(blocks, ({ id }) => text.includes(id))
  );
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
