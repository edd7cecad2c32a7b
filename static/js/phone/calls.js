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
  const said = new Map(here.map(({ visit, outcome }) => [visit, outcome]));
  const known = [last, ...(door.earlier ?? [])].filter((call) => call !== null);
  const own = here
    .filter((record) => record.revision === 1 && record.visit !== last?.visit && isNews(record, last))
    .map((record) =>
      mine(record.visit, said.get(record.visit) ?? record.outcome, record.recorded_at, record),
    );
  if (draft?.screen?.ending === true)
    own.push(mine(draft.id, draft.body.outcome, draft.touched_at, { again_on: draft.body.come_again_on }));
  return [
    ...own,
    ...known.map((call) => ({ ...call, outcome: said.get(call.visit ?? "") ?? call.outcome })),
  ].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
}

/** Whether the round cannot tell of it yet. @param {Standing} record @param {Call | null} last */
function isNews(record, last) {
  return record.state === "waiting" || !last || Date.parse(record.recorded_at) > Date.parse(last.at);
}

/** @param {string} visit @param {string} outcome @param {string} at @param {{again_on?: string}} facts @returns {Call} */
function mine(visit, outcome, at, { again_on }) {
  return { visit, outcome, at, mine: true, ...(again_on ? { again_on } : {}) };
}
