// Lists of the pack that many screens need: read once, kept in memory until a new pack comes.
import { onChange } from "../offline/changes.js";
import * as register from "../offline/register.js";

/** @type {Map<string, Promise<any>>} */
const kept = new Map();

onChange((topic) => {
  if (topic === "pack") kept.clear();
});

/**
 * What `read` answers, read once until a new pack comes.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} read
 * @returns {Promise<T>}
 */
export function once(name, read) {
  let found = kept.get(name);
  if (!found) {
    found = read();
    // What could not be read is asked for again next time.
    found.catch(() => kept.delete(name));
    kept.set(name, found);
  }
  return found;
}

export const grids = () => once("grids", register.grids);
export const round = () => once("round", register.round);
export const buildings = () => once("buildings", register.buildings);
export const returned = () => once("returned", register.returned);
/** What leads said, by visit. @type {() => Promise<Map<string, any>>} */
export const reviews = () => once("reviews", register.reviews);
export const endings = () => once("endings", register.endings);
export const hazardDoors = () => once("hazards", register.doorsWithHazards);
export const checklist = () => once("checklist", readChecklist);
export const workNames = () => once("work", register.workNames);
export const notice = () => once("notice", register.notice);

/** Each item with the district's calendar, by which its days are counted. */
async function readChecklist() {
  const list = await register.checklist();
  return (
    list && {
      ...list,
      items: list.items.map((/** @type {any} */ item) => ({ ...item, calendar: list.calendar })),
    }
  );
}

/** @param {string} kind @returns {Promise<any>} */
export const guide = (kind) => once(`guide ${kind}`, () => register.guide(kind));

/** @param {string} list @returns {Promise<any[]>} */
export const codes = (list) => once(`codes ${list}`, () => register.codes(list));

/**
 * Several code lists by name.
 * @param {string[]} names
 * @returns {Promise<Record<string, any[]>>}
 */
export async function codeLists(...names) {
  const lists = await Promise.all(names.map(codes));
  return Object.fromEntries(names.map((name, index) => [name, lists[index]]));
}
