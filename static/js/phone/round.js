// The round: what came back on top, then every building with its doors, in the order of walking or the nearest first.
import { arrange } from "./arranging.js";
import { find, hide, make, write } from "./bind.js";
import { doorName, lookOf } from "./door_states.js";
import { distanceTo, forgetDistances, isByDistance, isOutdated, lookAround, stopLooking } from "./nearby.js";
import { askForDoor } from "./new_door.js";
import { showCountOf } from "./outbox.js";
import { buildingCard } from "./round_building.js";
import { roundFacts } from "./round_facts.js";
import { showFirst } from "./round_first.js";
import { found, keepTo, meant, missing, placeOf, readyAll, showFound } from "./round_search.js";
import { go, isOn } from "./router.js";
import { scanPlate } from "./scan.js";
import { beside, day, say, word } from "./texts.js";
import { announce, toast } from "./toast.js";
import { hoursIn, walk } from "./walking.js";

/**
 * @typedef {import("./round_facts.js").Block} Block
 * @typedef {import("./round_facts.js").Cell} Cell
 */

const FILTERS = [
  { id: "all", kind: null, sign: "grid", holds: () => true },
  { id: "due", kind: null, sign: "door", holds: (/** @type {Cell} */ cell) => cell.state.due },
  {
    id: "returned",
    kind: "returned",
    holds: (/** @type {Cell} */ cell) => cell.state.kind === "returned",
  },
  { id: "no_answer", kind: "no_answer", holds: unanswered },
  {
    id: "rescheduled",
    kind: "rescheduled",
    holds: (/** @type {Cell} */ cell) => cell.state.outcome === "rescheduled",
  },
  { id: "hazard", kind: null, sign: "hazard", holds: (/** @type {Cell} */ cell) => cell.state.hazard },
  { id: "waiting", kind: "waiting", holds: (/** @type {Cell} */ cell) => cell.state.kind === "waiting" },
  { id: "done", kind: "done", holds: (/** @type {Cell} */ cell) => cell.state.settled },
];

const DRAWN_AT_ONCE = 60;
/** So many buildings stand on a screen. */
const SEEN_AT_ONCE = 6;
/** @type {Block[]} */
let blocks = [];
let filter = "all";
/** @type {Map<string, {key: string, cells: Cell[], card: HTMLElement}>} */
const cards = new Map();
/** @type {Set<string> | null} */
let opened = null;
/** @type {HTMLElement[]} */
let chips = [];
/** What is drawn, and what is said above it; while nothing is new it stays. */
/** @type {{facts: import("./round_facts.js").Facts, head: import("./router.js").Head} | null} */
let drawn = null;

/** Whether nobody opened the last time, in this round or before it. @param {Cell} cell */
function unanswered({ door, state }) {
  return (
    (state.outcome === "no_answer" && state.due) ||
    (state.kind === "todo" && door.last?.outcome === "no_answer")
  );
}

/** Bind search and filter once. */
export function startRound() {
  const section = find(document, '[data-screen="round"]');
  const search = /** @type {HTMLInputElement} */ (find(section, "#round-search"));
  search.addEventListener("input", () => showFound(blocks, search.value));
  find(section, "[data-round-near]").addEventListener("click", (event) => {
    void sortByDistance(section, /** @type {HTMLElement} */ (event.currentTarget));
  });
  document.addEventListener("visibilitychange", () => putAwayOrBack(section));
  find(section, "[data-round-add]").addEventListener("click", () => {
    const [hit] = found(blocks, search.value, 1).best;
    const block = hit?.block ?? meant(blocks, search.value);
    // Of what was found, nothing is missing.
    const number = block && !hit ? missing(block, search.value) : {};
    search.value = "";
    const asked = askForDoor(block?.id ?? [...(opened ?? [])].at(-1), number, Boolean(block));
    void asked.then(() => showFound(blocks, ""));
  });
  find(section, "[data-round-scan]").addEventListener("click", () => void scan(search));
  find(section, "[data-round-filter]").addEventListener("change", (event) => {
    filter = /** @type {HTMLInputElement} */ (event.target).value;
    showBuildings(section);
  });
}

/** @type {import("./router.js").Screen["show"]} */
export async function showRound() {
  const section = find(document, '[data-screen="round"]');
  const facts = await roundFacts();
  // At once: what was asked for later is newer, and may not be drawn over.
  if (drawn?.facts !== facts) drawn = { facts, head: drawRound(section, facts) };
  const { head } = drawn;
  if (isOutdated()) void lookAgain(section);
  // The number beside the tab says what the filter says, and at the same moment.
  await showCountOf(facts.records, facts.ended);
  return head;
}

/** @param {HTMLElement} section @param {import("./round_facts.js").Facts} facts @returns {import("./router.js").Head} */
function drawRound(section, facts) {
  blocks = facts.blocks;
  walk(blocks);
  opened ??= new Set(
    blocks
      .filter((block) => block.cells.some((cell) => cell.state.due))
      .slice(0, 1)
      .map(idOf),
  );
  showFirst(section, facts, nameOf);
  showFilters(section);
  showBuildings(section);
  showFound(blocks, /** @type {HTMLInputElement} */ (find(section, "#round-search")).value);
  const cells = blocks.flatMap((block) => block.cells);
  const settled = cells.filter((cell) => cell.state.settled).length;
  return {
    title: facts.grids.map((grid) => grid.name).join(say("comma")) || say("round"),
    sub: roundName(facts.round),
    pill: { state: "done", word: say("done_short", { done: settled, doors: cells.length }) },
    tabs: true,
  };
}

/** @param {any} round */
function roundName(round) {
  if (!round) return "";
  const until = round.ends_on ? say("until", { day: day(round.ends_on) }) : "";
  return beside([word(round.phase) || word(round.campaign), until]);
}

/** @param {{id: string, kind: string | null, sign?: string}} one */
function filterChip({ id, kind, sign }) {
  const look = kind ? lookOf(/** @type {any} */ (kind)) : { sign };
  const chip = make("t-filter", { sign: look.sign, word: say(`filter_${id}`) });
  /** @type {HTMLInputElement} */ (find(chip, "input")).value = id;
  return chip;
}

/** Drawn once; afterwards only their numbers change. @param {HTMLElement} section */
function showFilters(section) {
  if (chips.length === 0) {
    chips = FILTERS.map(filterChip);
    find(section, "[data-round-filter]").append(...chips);
  }
  const cells = blocks.flatMap((block) => block.cells);
  FILTERS.forEach(({ id, holds }, at) => {
    const chip = /** @type {HTMLElement} */ (chips[at]);
    write(find(chip, "[data-text=count]"), String(cells.filter(holds).length));
    /** @type {HTMLInputElement} */ (find(chip, "input")).checked = id === filter;
  });
}

/** @param {HTMLElement} section */
function showBuildings(section) {
  const holds = FILTERS.find(({ id }) => id === filter)?.holds ?? (() => true);
  const shown = blocks
    .map((block) => ({ block, cells: block.cells.filter(holds) }))
    .filter(({ cells }) => cells.length > 0);
  // Those of which nothing is known stay in the order of walking.
  shown.sort((a, b) => farness(a.block) - farness(b.block) || 0);
  let drawn = 0;
  const opens = shown.map(({ block, cells }) => {
    const open = filter === "all" ? Boolean(opened?.has(block.id)) : drawn < DRAWN_AT_ONCE;
    if (open) drawn += cells.length;
    return open;
  });
  const card = (/** @type {number} */ at) => {
    const { block, cells } = /** @type {{block: Block, cells: Cell[]}} */ (shown[at]);
    const kept = keptCard(block, cells, Boolean(opens[at]));
    kept.toggleAttribute("data-below", at >= SEEN_AT_ONCE);
    return kept;
  };
  void arrange(find(section, "[data-round-buildings]"), shown.length, card).then(() => readyAll(blocks));
  const empty = find(document, "[data-round-empty]");
  hide(empty, shown.length > 0);
  write(empty, say(blocks.length ? "no_door_here" : "no_round"));
}

/**
 * The card as it stands while nothing in it changed; most of a round does not change between two visits.
 * @param {Block} block
 * @param {Cell[]} cells
 * @param {boolean} open
 */
function keptCard(block, cells, open) {
  const far = distanceTo(block.id) ?? Number.POSITIVE_INFINITY;
  const near = Number.isFinite(far) ? say("metres", { n: Math.round(far / 10) * 10 }) : "";
  // Beside doors where nobody opened: the hour to come back.
  const hours = filter === "no_answer" ? hoursIn(block) : "";
  const key = `${filter} ${open} ${near} ${hours}`;
  const known = cards.get(block.id);
  if (known?.key === key && lookSame(known.cells, cells)) return known.card;
  const turned = (/** @type {boolean} */ isOpen) => {
    if (filter === "all") opened?.[isOpen ? "add" : "delete"](block.id);
  };
  const card = buildingCard(block, cells, { open, turned, near, hours });
  known?.card.replaceWith(card);
  cards.set(block.id, { key, cells, card });
  return card;
}

/** States are shared between doors (door_states.js). @param {Cell[]} before @param {Cell[]} now */
function lookSame(before, now) {
  const same = (/** @type {Cell} */ { door, state, work }, /** @type {Cell | undefined} */ old) =>
    old?.state === state && old.work === work && old.door.id === door.id && old.door.door === door.door;
  return before.length === now.length && now.every((cell, at) => same(cell, before[at]));
}

/** The nearest buildings first, or the order of walking again. @param {HTMLElement} section @param {HTMLElement} button */
async function sortByDistance(section, button) {
  if (isByDistance()) {
    stopLooking();
    return showSorted(section);
  }
  button.setAttribute("aria-busy", "true");
  const known = await lookAround(() => blocks);
  button.removeAttribute("aria-busy");
  if (known === null) return;
  toast(say(known ? "position_stays" : "no_position"), { lasts: 6000 });
  const [nearest] = known ? [...blocks].sort((a, b) => farness(a) - farness(b)) : [];
  if (nearest) opened?.add(nearest.id);
  showSorted(section);
}

/** Whoever has walked on sees how far it is from here; nothing is said unless it is not known any more. */
/** @param {HTMLElement} section */
async function lookAgain(section) {
  if (document.visibilityState !== "visible") return;
  const known = await lookAround(() => blocks);
  if (known === false) toast(say("no_position"), { lasts: 6000 });
  if (known !== null) showSorted(section);
}

/** @param {HTMLElement} section */
function putAwayOrBack(section) {
  if (!isByDistance()) return;
  if (document.visibilityState === "hidden") {
    forgetDistances();
    showSorted(section);
  } else if (isOn("round")) void lookAgain(section);
}

/** @param {HTMLElement} section */
function showSorted(section) {
  find(section, "[data-round-near]").setAttribute("aria-pressed", String(isByDistance()));
  showBuildings(section);
}

/** @param {Block} block */
function farness({ id }) {
  return distanceTo(id) ?? Number.POSITIVE_INFINITY;
}

/** @param {HTMLInputElement} search */
async function scan(search) {
  const code = await scanPlate(search);
  if (code === null) return;
  const place = placeOf(blocks, code);
  if (place?.door) return go(`/phone/door#${place.door}`);
  if (!place?.building) return toast(say("plate_unknown"), { lasts: 8000 });
  keepTo(place.building);
  search.value = place.building.name;
  announce(search.value);
  showFound(blocks, search.value);
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
