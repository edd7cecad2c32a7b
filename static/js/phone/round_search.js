// Search in the round: what is typed, and what the code on a door plate says.
import { answered, floorWord, prepare, RANKS, rankOf, takenApart, wordsOf } from "../offline/search.js";
import { all, fill, find, hide, layAhead, make, putAway } from "./bind.js";
import { doorName } from "./door_states.js";
import { beside, say } from "./texts.js";
import { announce } from "./toast.js";

/**
 * @typedef {import("./round_facts.js").Block} Block
 * @typedef {import("./round_facts.js").Cell} Cell
 * @typedef {{block: Block, cell: Cell}} Hit
 * @typedef {{n: number, best: Hit[]}} Hits  how many doors answer, and as many of them as were asked for, the best first
 */

/** More are drawn when somebody asks for them. */
const SHOWN_AT_MOST = 40;
/** So many fit on a screen; the rest is drawn when no further key comes. */
const DRAWN_FIRST = 8;
/** So many of them are seen over the keys of a phone; the others are drawn when these have been painted. */
const OVER_KEYS = 5;
/** Milliseconds. */
const PAINTED_AFTER = 100;
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

/**
 * Before the first key, so that it need not wait: what is looked through, and the rows, out of sight.
 * @param {Block[]} blocks
 */
export function readyAll(blocks) {
  for (const block of blocks) readied(block);
  const list = find(document, "[data-round-found]");
  if (!list.hidden) return;
  showRows(list, search(blocks, "1", DRAWN_FIRST).best, 0, DRAWN_FIRST);
  layAhead(list);
}

/**
 * Doors that answer every word typed.
 * @param {Block[]} blocks @param {string} typed @param {number} most
 * @returns {Hits}
 */
function search(blocks, typed, most) {
  const words = wordsOf(typed);
  const found = hits(blocks, words, most);
  const parts = found.n ? words : wordsOf(takenApart(typed));
  return parts.join() === words.join() ? found : hits(blocks, parts, most);
}

/** From now on this building's name finds its own doors, all of them and no others. @param {Block} block */
export function keepTo({ id, name }) {
  kept = { typed: name, id };
}

/**
 * What the field finds as it stands: the doors of the building whose plate was read, all of them, else what was searched
 * for, the best first.
 * @param {Block[]} blocks
 * @param {string} typed
 * @param {number} [most]  so many doors are wanted
 * @returns {Hits}
 */
export function found(blocks, typed, most = Number.POSITIVE_INFINITY) {
  if (kept?.typed !== typed) kept = null;
  const block = kept && blocks.find(({ id }) => id === kept?.id);
  if (!block) return search(blocks, typed, most);
  return { n: block.cells.length, best: block.cells.map((cell) => ({ block, cell })) };
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

/** @param {Block[]} blocks @param {string[]} words @param {number} most @returns {Hits} */
function hits(blocks, words, most) {
  /** @type {Hit[][]} */
  const ranks = [[], [], [], []];
  let n = 0;
  for (const block of words.length ? blocks : []) {
    const { prepared, names, plates, all: behind } = readied(block);
    const inPlace = answered(prepared, words);
    if (words.some((word, at) => !inPlace[at] && !behind.includes(word))) continue;
    // Of a word that is nowhere behind its doors they all know as much.
    const asked = words.some((word) => behind.includes(word));
    block.cells.forEach((cell, at) => {
      const ranked = ranks[asked ? rankOf(names[at] ?? "", words, inPlace, plates[at]) : RANKS.elsewhere];
      if (ranked) n += 1;
      if (ranked && ranked.length < most) ranked.push({ block, cell });
    });
  }
  return { n, best: ranks.flat().slice(0, most) };
}

/**
 * Show what was found in place of the buildings; nothing typed shows the buildings again.
 * @param {Block[]} blocks
 * @param {string} typed
 */
export function showFound(blocks, typed) {
  const looking = typed.trim() !== "";
  const list = find(document, "[data-round-found]");
  const none = find(document, "[data-round-none]");
  const mine = ++turn;
  const same = standsFor === typed;
  standsFor = looking ? typed : null;
  if (wholly !== typed) wholly = null;
  const { n, best } = found(blocks, typed, wholly === null ? SHOWN_AT_MOST : undefined);
  putAway(list, n === 0);
  putAway(find(document, "[data-round-buildings]"), looking);
  hide(find(document, "[data-round-filter]"), looking);
  hide(find(document, "[data-round-first]"), looking);
  hide(none, !looking || n > 0);
  find(document, "[data-round-add]").toggleAttribute("data-way-on", looking && n === 0);
  if (looking && !same)
    setTimeout(() => {
      if (standsFor === typed) announce(n ? say("n_doors", { n }) : String(none.textContent));
    }, REST_AFTER);
  if (n === 0) return;
  // What is drawn again while somebody looks at it keeps its length.
  const first = same ? all(list, "a").length : DRAWN_FIRST;
  const now = same ? first : OVER_KEYS;
  while (list.children.length > first) list.lastElementChild?.remove();
  // Rows that are not needed stand by: they are filled sooner than made.
  for (const row of Array.from(list.children).slice(best.length)) row.toggleAttribute("hidden", true);
  showRows(list, best, 0, now);
  setTimeout(() => mine === turn && showRows(list, best, now, first - now), PAINTED_AFTER);
  // When no further key has come.
  const others = { n: n - best.length, shown: () => found(blocks, typed).best };
  setTimeout(() => drawOn(list, best, now, others, mine), REST_AFTER);
}

/**
 * The rows from a place on, so few at a time that a key need not wait for rows that nobody sees yet, then how many there
 * are beside them.
 * @param {HTMLElement} list @param {Hit[]} hits @param {number} from
 * @param {{n: number, shown: () => Hit[]}} others  and how they are all shown
 * @param {number} mine
 */
function drawOn(list, hits, from, others, mine) {
  if (mine !== turn) return;
  if (from < hits.length) {
    showRows(list, hits, from, DRAWN_FIRST);
    setTimeout(() => drawOn(list, hits, from + DRAWN_FIRST, others, mine));
  } else if (others.n > 0) list.append(othersRow(list, hits.length, others));
}

/**
 * Says how many more doors are found, and shows them.
 * @param {HTMLElement} list @param {number} from @param {{n: number, shown: () => Hit[]}} others
 */
function othersRow(list, from, { n, shown }) {
  const row = make("t-found-more", { word: say("found_more", { n }) });
  find(row, "button").addEventListener("click", () => {
    row.remove();
    wholly = standsFor;
    drawOn(list, shown(), from, { n: 0, shown }, turn);
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
    const row = /** @type {HTMLElement | undefined} */ (list.children[from + at]);
    if (row) {
      fill(row, facts);
      hide(row, false);
    } else {
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
