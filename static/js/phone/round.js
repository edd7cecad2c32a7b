// The round: what came back on top, then every building as floors and doors, with search and filter.
import { all, find, make } from "./bind.js";
import { doorName, lookOf } from "./door_states.js";
import { roundFacts } from "./round_facts.js";
import { day, say, word } from "./texts.js";

/**
 * @typedef {import("./round_facts.js").Block} Block
 * @typedef {import("./round_facts.js").Cell} Cell
 */

const FILTERS = [
  { id: "all", kind: null, sign: "grid", holds: () => true },
  { id: "due", kind: "todo", holds: (/** @type {Cell} */ cell) => !cell.state.settled },
  {
    id: "no_answer",
    kind: "no_answer",
    holds: (/** @type {Cell} */ cell) => cell.state.kind === "no_answer",
  },
  { id: "hazard", kind: null, sign: "hazard", holds: (/** @type {Cell} */ cell) => cell.state.hazard },
  { id: "waiting", kind: "waiting", holds: (/** @type {Cell} */ cell) => cell.state.kind === "waiting" },
  { id: "done", kind: "done", holds: (/** @type {Cell} */ cell) => cell.state.settled },
];

const FOUND_AT_MOST = 40;
const DRAWN_AT_ONCE = 60;
/** @type {Block[]} */
let blocks = [];
let filter = "all";
/** @type {Map<string, {key: string, card: HTMLElement}>} */
const cards = new Map();
/** @type {Set<string> | null} */
let opened = null;

/** Bind search and filter once. */
export function startRound() {
  const section = find(document, '[data-screen="round"]');
  const search = /** @type {HTMLInputElement} */ (find(section, "#round-search"));
  search.addEventListener("input", () => showFound(section, search.value));
  find(section, "[data-round-filter]").addEventListener("change", (event) => {
    filter = /** @type {HTMLInputElement} */ (event.target).value;
    showBuildings(section);
  });
}

/** @type {import("./router.js").Screen["show"]} */
export async function showRound() {
  const section = find(document, '[data-screen="round"]');
  const facts = await roundFacts();
  blocks = facts.blocks;
  opened ??= new Set(
    blocks
      .filter((block) => block.cells.some((cell) => !cell.state.settled))
      .slice(0, 1)
      .map(idOf),
  );
  showFirst(section, facts.returned, facts.open);
  showFilters(section);
  showBuildings(section);
  showFound(section, /** @type {HTMLInputElement} */ (find(section, "#round-search")).value);
  const cells = blocks.flatMap((block) => block.cells);
  const settled = cells.filter((cell) => cell.state.settled).length;
  return {
    title: facts.grids.map((grid) => grid.name).join("、") || say("round"),
    sub: roundName(facts.round),
    pill: { state: "done", word: say("done_short", { done: settled, doors: cells.length }) },
    tabs: true,
  };
}

/** @param {any} round */
function roundName(round) {
  if (!round) return "";
  const until = round.ends_on ? say("until", { day: day(round.ends_on) }) : "";
  return [word(round.phase) || word(round.campaign), until].filter(Boolean).join(" · ");
}

/**
 * Drafts to go on with, then returned visits with their reason.
 * @param {HTMLElement} section
 * @param {any[]} returned
 * @param {any[]} open
 */
function showFirst(section, returned, open) {
  const rows = [
    ...open.map((draft) => ({
      link: `/phone/visit#${draft.id}`,
      state: "away",
      sign: "pen",
      title: say("go_on", { door: nameOf(draft.door) }),
      line: say("draft_line"),
    })),
    ...returned.map((row) => ({
      link: `/phone/door#${row.door}`,
      state: "returned",
      sign: "return",
      title: say("returned_door", { door: nameOf(row.door) }),
      line: row.reason,
    })),
  ];
  find(section, "[data-round-first]").replaceChildren(...rows.map((row) => make("t-first", row)));
}

/** @param {HTMLElement} section */
function showFilters(section) {
  const cells = blocks.flatMap((block) => block.cells);
  const chips = FILTERS.map(({ id, kind, sign, holds }) => {
    const look = kind ? lookOf(/** @type {any} */ (kind)) : { sign };
    const chip = make("t-filter", {
      sign: look.sign,
      word: say(`filter_${id}`),
      count: cells.filter(holds).length,
    });
    const input = /** @type {HTMLInputElement} */ (find(chip, "input"));
    input.value = id;
    input.checked = id === filter;
    return chip;
  });
  const box = find(section, "[data-round-filter]");
  for (const old of all(box, ".chip")) old.remove();
  box.append(...chips);
}

/** @param {HTMLElement} section */
function showBuildings(section) {
  const holds = FILTERS.find(({ id }) => id === filter)?.holds ?? (() => true);
  const shown = blocks
    .map((block) => ({ block, cells: block.cells.filter(holds) }))
    .filter(({ cells }) => cells.length > 0);
  let drawn = 0;
  const rows = shown.map(({ block, cells }) => {
    const open = filter === "all" ? Boolean(opened?.has(block.id)) : drawn < DRAWN_AT_ONCE;
    if (open) drawn += cells.length;
    return keptCard(block, cells, open);
  });
  arrange(find(section, "[data-round-buildings]"), rows);
  const empty = find(section, "[data-round-empty]");
  empty.hidden = shown.length > 0;
  empty.textContent = say(blocks.length ? "no_door_here" : "no_round");
}

/**
 * The card as it stands while nothing in it changed; most of a round does not change between two visits.
 * @param {Block} block
 * @param {Cell[]} cells
 * @param {boolean} open
 */
function keptCard(block, cells, open) {
  const look = cells.map(({ state }) => `${state.word}${state.hazard ? "!" : ""}`).join();
  const key = `${filter} ${open} ${look}`;
  const known = cards.get(block.id);
  if (known?.key === key) return known.card;
  const card = buildingCard(block, cells, open);
  cards.set(block.id, { key, card });
  return card;
}

/** Put these rows in this order, touching only what differs. @param {HTMLElement} list @param {HTMLElement[]} rows */
function arrange(list, rows) {
  rows.forEach((row, at) => {
    if (list.children[at] !== row) list.insertBefore(row, list.children[at] ?? null);
  });
  while (list.children.length > rows.length) list.lastElementChild?.remove();
}

/** @param {Block} block @param {Cell[]} cells @param {boolean} open */
function buildingCard(block, cells, open) {
  const done = block.cells.filter((cell) => cell.state.settled).length;
  const doors = block.cells.length;
  const address = block.address === block.name ? "" : block.address;
  const spoken = say("done_of", { done, doors });
  const card = make("t-building", { ...block, address, done, doors, spoken });
  const bar = /** @type {HTMLProgressElement} */ (find(card, "[data-progress]"));
  bar.max = doors;
  bar.value = done;
  bar.setAttribute("aria-label", say("done_of", { done, doors }));
  find(card, "[data-building-badges]").replaceChildren(...badges(block.cells));
  const fold = /** @type {HTMLDetailsElement} */ (find(card, "details"));
  const draw = () => find(fold, "[data-floors]").replaceChildren(...floors(block, cells));
  fold.open = open;
  if (open) draw();
  find(fold, "summary").addEventListener("click", () => {
    if (!fold.open && !find(fold, "[data-floors]").firstChild) draw();
    if (filter === "all") opened?.[fold.open ? "delete" : "add"](block.id);
  });
  return card;
}

/** @param {Cell[]} cells */
function badges(cells) {
  const count = (/** @type {(cell: Cell) => boolean} */ holds) => cells.filter(holds).length;
  /** @type {[string, string, string, number][]} */
  const rows = [
    ["returned", "return", "n_returned", count((cell) => cell.state.kind === "returned")],
    ["hazard", "hazard", "n_hazard", count((cell) => cell.state.hazard)],
    ["waiting", "up", "n_waiting", count((cell) => cell.state.kind === "waiting")],
    ["away", "away", "n_no_answer", count((cell) => cell.state.kind === "no_answer")],
  ];
  return rows
    .filter(([, , , n]) => n > 0)
    .map(([state, sign, key, n]) => make("t-badge", { state, sign, word: say(key, { n }) }));
}

/** @param {Block} block @param {Cell[]} cells */
function floors(block, cells) {
  const units = [...new Set(cells.map((cell) => cell.door.unit ?? ""))];
  return units.flatMap((unit) => {
    const inUnit = cells.filter((cell) => (cell.door.unit ?? "") === unit);
    const levels = [...new Set(inUnit.map((cell) => cell.door.floor))];
    const rows = levels.map((level) => {
      const row = make("t-floor", { name: say("floor_short", { n: level }) });
      const here = inUnit.filter((cell) => cell.door.floor === level);
      find(row, ".cells").setAttribute("aria-label", say("floor", { n: level }));
      find(row, ".cells").append(...here.map((cell) => cellOf(block, cell)));
      return row;
    });
    return unit ? [make("t-unit", { name: say("unit", { unit }) }), ...rows] : rows;
  });
}

/** @param {Block} block @param {Cell} cell */
function cellOf(block, cell) {
  const { state } = cell;
  const spoken = [block.name, state.word, state.hazard ? say("hazard_open") : ""].filter(Boolean).join(", ");
  return make("t-cell", { ...state, link: `/phone/door#${cell.door.id}`, door: cell.door.door, spoken });
}

/**
 * Doors whose building, address or number holds every word typed.
 * @param {HTMLElement} section
 * @param {string} typed
 */
function showFound(section, typed) {
  const words = typed.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const list = find(section, "[data-round-found]");
  const buildings = find(section, "[data-round-buildings]");
  list.hidden = words.length === 0;
  buildings.hidden = words.length > 0;
  find(section, "[data-round-filter]").hidden = words.length > 0;
  if (words.length === 0) return;
  const found = [];
  for (const block of blocks) {
    const place = `${block.name ?? ""} ${block.address ?? ""}`.toLowerCase();
    for (const cell of block.cells) {
      const name = doorName(cell.door).toLowerCase();
      if (words.every((part) => place.includes(part) || name.includes(part))) found.push({ block, cell });
      if (found.length === FOUND_AT_MOST) break;
    }
  }
  list.replaceChildren(...found.map(foundRow));
  if (found.length === 0) list.append(make("t-first", { title: say("nothing_found"), sign: "search" }));
}

/** @param {{block: Block, cell: Cell}} hit */
function foundRow({ block, cell }) {
  return make("t-first", {
    link: `/phone/door#${cell.door.id}`,
    state: cell.state.state,
    sign: cell.state.sign,
    title: `${block.name} ${doorName(cell.door)}`,
    line: cell.state.word,
  });
}

/** @param {string} door */
function nameOf(door) {
  for (const block of blocks) {
    const cell = block.cells.find((one) => one.door.id === door);
    if (cell) return `${block.name} ${doorName(cell.door)}`;
  }
  return "";
}

/** @param {Block} block */
function idOf(block) {
  return block.id;
}

/**
 * The next door that still waits, on the same floor first, then anywhere in the building.
 * @param {string} door
 * @returns {Promise<{id: string, name: string} | null>}
 */
export async function nextDoor(door) {
  if (blocks.length === 0) blocks = (await roundFacts()).blocks;
  const block = blocks.find(({ cells }) => cells.some((cell) => cell.door.id === door));
  if (!block) return null;
  const at = block.cells.findIndex((cell) => cell.door.id === door);
  const { floor, unit } = block.cells[at].door;
  const rest = [...block.cells.slice(at + 1), ...block.cells.slice(0, at)].filter(
    (cell) => cell.state.kind === "todo",
  );
  const next = rest.find((cell) => cell.door.floor === floor && cell.door.unit === unit) ?? rest[0];
  return next ? { id: next.door.id, name: doorName(next.door) } : null;
}
