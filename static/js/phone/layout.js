// How the doors of a building lie: units, floors from the top, half floors and cellars, gaps where a number is missing,
// and rooms into which one door was divided (301-1, 301A).

/**
 * @typedef {{door: import("./door_states.js").Door}} Laid
 * @typedef {{floor: number, half: boolean}} Level
 */

/** So many stand side by side on a narrow phone with a thumb's width each. */
const ACROSS_AT_MOST = 5;
const PART = /^(.*\d)(?:[-－–_附]([\p{L}\d]{1,3})|([A-Za-z甲乙丙丁戊]))$/u;
const HALF = /^(?:夹|M(?=\d))/;

/**
 * @template {Laid} T
 * @param {T[]} cells  in order
 * @returns {{unit: string, levels: {level: Level, across: number, slots: ({name: string, cells: T[]} | null)[]}[]}[]}
 *   `across` is the number of columns, 0 where the doors of a floor do not stand in columns; a slot of null is a gap
 */
export function layoutOf(cells) {
  return [...grouped(cells, ({ door }) => door.unit ?? "")].map(([unit, inUnit]) => {
    const levels = [...grouped(inUnit, levelKey)]
      .map(([, onLevel]) => levelOf(onLevel))
      // A half floor lies above its floor, whatever its doors are called.
      .sort((a, b) => b.level.floor - a.level.floor || Number(b.level.half) - Number(a.level.half));
    const placed = levels.map(({ level, slots }) => slots.map(({ name }) => columnOf(level, name)));
    const across = Math.max(0, ...placed.filter(isInColumns).flat());
    const laid = levels.map(({ level, slots }, at) => {
      const columns = placed[at] ?? [];
      if (across > ACROSS_AT_MOST || !isInColumns(columns)) return { level, across: 0, slots };
      return { level, across, slots: spread(slots, columns) };
    });
    return { unit, levels: laid };
  });
}

/** Whether each has a place, and one of its own: 21 and 201 of the second floor would have the same. @param {number[]} columns */
function isInColumns(columns) {
  return columns.every((column) => column > 0) && new Set(columns).size === columns.length;
}

/** @template T @param {T[]} rows @param {(row: T) => string} keyOf @returns {Map<string, T[]>} */
function grouped(rows, keyOf) {
  /** @type {Map<string, T[]>} */
  const groups = new Map();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}

/** Whether a door lies on a half floor: its number says so. @param {string} name */
export function isHalfFloor(name) {
  return HALF.test(name);
}

/** @param {Laid} cell */
function levelKey({ door }) {
  return `${door.floor}${isHalfFloor(door.door) ? "h" : ""}`;
}

/** @template {Laid} T @param {T[]} cells @returns {{level: Level, slots: {name: string, cells: T[]}[]}} */
function levelOf(cells) {
  const whole = new Set(cells.map(({ door }) => door.door));
  const bases = cells.map(({ door }) => baseOf(door.door));
  const shared = (/** @type {string} */ base) =>
    whole.has(base) || bases.filter((one) => one === base).length > 1;
  const nameOf = (/** @type {T} */ { door }) => {
    const base = baseOf(door.door);
    return base && shared(base) ? base : door.door;
  };
  const slots = [...grouped(cells, nameOf)].map(([name, group]) => ({ name, cells: group }));
  const [{ door }] = /** @type {[T]} */ (/** @type {unknown} */ (cells));
  return { level: { floor: door.floor, half: isHalfFloor(door.door) }, slots };
}

/** The door of which this is a part: 301 of 301-1 and 301A; empty for a whole one. @param {string} name */
function baseOf(name) {
  return PART.exec(name)?.[1] ?? "";
}

/** What is left of a part's name beside its door: 1 of 301-1. @param {string} name @param {string} base */
export function partOf(name, base) {
  return name === base ? name : name.slice(base.length).replace(/^[-－–_附]/, "");
}

/** 3 for 303 on the third floor; 0 where the number does not say. @param {Level} level @param {string} name */
function columnOf({ floor }, name) {
  const found = new RegExp(`^${floor}0?(\\d{1,2})$`).exec(name);
  return Number(found?.[1] ?? 0);
}

/** @template T @param {T[]} slots @param {number[]} columns @returns {(T | null)[]} */
function spread(slots, columns) {
  /** @type {(T | null)[]} */
  const row = [];
  slots.forEach((slot, at) => {
    row[(columns[at] ?? 1) - 1] = slot;
  });
  return Array.from(row, (slot) => slot ?? null);
}
