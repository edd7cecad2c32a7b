// One building of the round: its progress, its badges, and its doors as they lie behind each other.
import { copy, find, make } from "./bind.js";
import { layoutOf, partOf } from "./layout.js";
import { say } from "./texts.js";

/**
 * @typedef {import("./round_facts.js").Block} Block
 * @typedef {import("./round_facts.js").Cell} Cell
 */

/**
 * @param {Block} block
 * @param {Cell[]} cells  those to show
 * @param {{open: boolean, turned: (open: boolean) => void, near: string, hours: string}} how  `turned` hears when it is opened or shut
 */
export function buildingCard(block, cells, { open, turned, near, hours }) {
  const done = block.cells.filter((cell) => cell.state.settled).length;
  const doors = block.cells.length;
  const address = block.address === block.name ? "" : block.address;
  const card = make("t-building", { ...block, address, done, doors, near, hours });
  find(card, "[data-count]").setAttribute("aria-label", say("done_of", { done, doors }));
  find(card, "[data-bar]").style.setProperty("--done", `${(100 * done) / doors}%`);
  find(card, "[data-building-badges]").replaceChildren(...badges(block.cells));
  const fold = /** @type {HTMLDetailsElement} */ (find(card, "details"));
  const draw = () => find(fold, "[data-floors]").replaceChildren(...floors(block, cells));
  fold.open = open;
  if (open) draw();
  find(fold, "summary").addEventListener("click", () => {
    if (!fold.open && !find(fold, "[data-floors]").firstChild) draw();
    turned(!fold.open);
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
    ["todo", "door", "n_agreed", count((cell) => cell.state.kind === "agreed")],
    ["todo", "help", "n_remind", count((cell) => cell.state.kind === "remind")],
    ["todo", "calendar", "n_revisit", count((cell) => cell.state.kind === "revisit")],
    ["waiting", "up", "n_waiting", count((cell) => cell.state.kind === "waiting")],
    ["away", "away", "n_no_answer", count(({ state }) => state.due && state.outcome === "no_answer")],
    ["away", "calendar", "n_rescheduled", count(({ state }) => state.outcome === "rescheduled")],
  ];
  return rows
    .filter(([, , , n]) => n > 0)
    .map(([state, sign, key, n]) => make("t-badge", { state, sign, word: say(key, { n }) }));
}

/** @param {Block} block @param {Cell[]} cells */
function floors(block, cells) {
  return layoutOf(cells).flatMap(({ unit, levels }) => {
    const rows = levels.map(({ level, across, slots }) => {
      const n = level.half ? `${level.floor}½` : Math.abs(level.floor);
      const key = level.floor < 0 ? "cellar" : "floor";
      const row = make("t-floor", { name: say(`${key}_short`, { n }) });
      const list = find(row, ".cells");
      list.setAttribute("aria-label", say(key, { n }));
      if (across) list.style.setProperty("--across", String(across));
      list.classList.toggle("aligned", across > 0);
      list.append(...slots.map((slot) => (slot ? slotOf(block, slot, across > 0) : make("t-gap"))));
      // In columns its place stays with its name, and the rooms stand below the floor.
      if (across)
        list.append(...slots.flatMap((slot) => (slot && isDivided(slot) ? partsOf(block, slot) : [])));
      return row;
    });
    return unit ? [make("t-unit", { name: say("unit", { unit }) }), ...rows] : rows;
  });
}

/** @typedef {{name: string, cells: Cell[]}} Slot */

/** @param {Slot} slot */
function isDivided({ cells }) {
  return cells.length > 1;
}

/** A door, or the rooms that one door was divided into. @param {Block} block @param {Slot} slot @param {boolean} inColumns */
function slotOf(block, slot, inColumns) {
  const [first] = slot.cells;
  if (first && !isDivided(slot)) return cellOf(block, first, first.door.door);
  return inColumns ? make("t-parts", { name: slot.name }) : partsOf(block, slot);
}

/** @param {Block} block @param {Slot} slot */
function partsOf(block, { name, cells }) {
  const group = make("t-divided", { name });
  const list = find(group, ".cells");
  list.setAttribute("aria-label", say("divided", { door: name, n: cells.length }));
  list.append(...cells.map((cell) => cellOf(block, cell, partOf(cell.door.door, name))));
  return group;
}

/** @param {Block} block @param {Cell} cell @param {string} shown */
function cellOf(block, { door, state, work }, shown) {
  const whole = shown === door.door ? "" : door.door;
  // As a label: what only readers are to hear would be a layer of its own for each door.
  const spoken = [shown, whole, block.name, work, state.word, state.hazard ? say("hazard_open") : ""]
    .filter(Boolean)
    .reduce((first, second) => say("said_of", { first, second }));
  const cell = make("t-cell", { ...state, link: `/phone/door#${door.id}`, door: shown });
  cell.firstElementChild?.setAttribute("aria-label", spoken);
  // Most doors have none of them, and there are many doors.
  if (work) cell.firstElementChild?.append(make("t-cell-work", { work }));
  if (state.hazard && state.state !== "hazard") cell.firstElementChild?.append(copy("t-cell-hazard"));
  if (state.unsent) cell.firstElementChild?.append(copy("t-cell-unsent"));
  return cell;
}
