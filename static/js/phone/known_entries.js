// What is said of somebody or something that the register knows: one choice at a time, and a way back from each.

/**
 * @typedef {Map<string, any>} Aside  what was said with each choice before another one took its place, by its action;
 *   `back` is the one that comes again when the newer choice is taken back
 * @typedef {{list: string, key: string}} Kind  where entries stand in the body, and by which id
 */

/** @type {Kind} */
export const PEOPLE = { list: "occupants", key: "occupancy" };
/** @type {Kind} */
export const WORK = { list: "workplaces", key: "workplace" };
/** @type {Kind} */
export const LOOKED_AT = { list: "rechecks", key: "finding" };

/**
 * What the register knows, and what it has no more though the visit says something of it: in a correction the register
 * has already applied that somebody moved out, and it must be possible to take that back. Names came with the visit.
 * @param {any[]} known
 * @param {{body: any, returned?: any}} visit
 * @param {Kind} kind
 */
export function withGone(known, { body, returned }, { list, key }) {
  const said = [...(body[list] ?? []), ...(returned?.body?.[list] ?? [])];
  const gone = new Map(said.filter(({ action }) => action !== "add").map((one) => [one[key], one]));
  for (const { id } of known) gone.delete(id);
  const named = new Map((returned?.gone?.[list] ?? []).map((/** @type {any} */ row) => [row.id, row]));
  return [...known, ...[...gone.keys()].map((id) => ({ ...named.get(id), id, gone: true }))];
}

/** @param {any} body @param {Kind} kind @param {string} id */
export function entryIn(body, { list, key }, id) {
  return (body?.[list] ?? []).find((/** @type {any} */ one) => one[key] === id);
}

/**
 * Choose, or by the same choice again take it back; what was typed with an earlier one is there again then.
 * @param {any} body
 * @param {Kind} kind
 * @param {any} fresh  the entry if nothing was typed yet
 * @param {Aside} aside
 */
export function choose(body, kind, fresh, aside) {
  const before = entryIn(body, kind, fresh[kind.key]);
  if (before) aside.set(before.action, before);
  const back = aside.get("back");
  aside.delete("back");
  const same = before?.action === fresh.action;
  if (!same && before?.action === "change") aside.set("back", before);
  place(body, kind, fresh[kind.key], same ? back : (aside.get(fresh.action) ?? fresh));
}

/** Not all is as it was; and "nothing changed" went through no list item by item. @param {any} body */
export function differs(body) {
  if (body.unchanged) delete body.checklist;
  delete body.unchanged;
}

/** Put an entry in its place in the body; without one it is taken out. @param {any} body @param {Kind} kind @param {string} id @param {any} entry */
export function place(body, { list, key }, id, entry) {
  const before = body[list] ?? [];
  const at = before.findIndex((/** @type {any} */ one) => one[key] === id);
  const others = before.filter((/** @type {any} */ one) => one[key] !== id);
  if (entry) others.splice(at < 0 ? others.length : at, 0, entry);
  body[list] = others;
  // A hazard that is looked at again changes nothing of who and what is here.
  if (entry && list !== LOOKED_AT.list) differs(body);
  if (entry?.action === "moved_out") delete body.people_confirmed;
}

/**
 * One more in each of these fields of numbers; how many live here stays unknown where nobody knows it.
 * @param {HTMLInputElement[]} inputs
 * @returns {() => void} takes it back, where nothing else was entered since
 */
export function countOneMore(inputs) {
  const known = inputs.filter(({ value, dataset }) => value !== "" || dataset.fact !== "headcount");
  const before = known.map(({ value }) => value);
  const counted = before.map((value) => String((Number(value) || 0) + 1));
  for (const [at, input] of known.entries()) enter(input, counted[at] ?? "");
  return () => {
    for (const [at, input] of known.entries())
      if (input.value === counted[at]) enter(input, before[at] ?? "");
  };
}

/** @param {HTMLInputElement} input @param {string} value */
function enter(input, value) {
  input.value = value;
  input.dispatchEvent(new Event("input", { bubbles: true }));
}
