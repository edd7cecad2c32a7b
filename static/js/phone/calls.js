// Calls at one door: those that the round tells of, and those that this phone has recorded since it was fetched.

/**
 * @typedef {{visit?: string, outcome: string, at: string, mine: boolean, again_on?: string | null}} Call
 * @typedef {import("../offline/standing.js").Standing} Standing
 */

/**
 * Newest first. A correction changes what a call led to, and is none of its own.
 * @param {{id: string, last?: Call | null, earlier?: Call[]}} door
 * @param {Standing[]} records  of whoever is signed in
 * @param {any} draft  one at this door; an ending counts while it can still be undone
 * @returns {Call[]}
 */
export function callsAt(door, records, draft) {
  const last = door.last ?? null;
  const here = records.filter((record) => record.door === door.id);
  /** The newest of each. @type {Map<string, Standing>} */
  const said = new Map(here.map((record) => [record.visit, record]));
  const known = [last, ...(door.earlier ?? [])].filter((call) => call !== null);
  const own = here
    .filter((record) => record.revision === 1 && record.visit !== last?.visit && isNews(record, last))
    .map((record) => {
      const newest = said.get(record.visit) ?? record;
      return mine(record.visit, newest.outcome, record.recorded_at, newest);
    });
  if (draft?.screen?.ending === true)
    own.push(mine(draft.id, draft.body.outcome, draft.touched_at, { again_on: draft.body.come_again_on }));
  return [...own, ...known.map((call) => saidSince(call, said.get(call.visit ?? "")))].sort(
    (a, b) => Date.parse(b.at) - Date.parse(a.at),
  );
}

/** A call of the round as this phone has said it since. @param {Call} call @param {Standing | undefined} record */
function saidSince({ again_on, ...call }, record) {
  const { outcome, again_on: on } = record ?? { outcome: call.outcome, again_on };
  return { ...call, outcome, ...(on ? { again_on: on } : {}) };
}

/** Whether the round cannot tell of it yet. @param {Standing} record @param {Call | null} last */
function isNews(record, last) {
  return record.state === "waiting" || !last || Date.parse(record.recorded_at) > Date.parse(last.at);
}

/** @param {string} visit @param {string} outcome @param {string} at @param {{again_on?: string}} facts @returns {Call} */
function mine(visit, outcome, at, { again_on }) {
  return { visit, outcome, at, mine: true, ...(again_on ? { again_on } : {}) };
}
