// What a door looks like in the round: one state with its colour, its sign and its word.
import { beginningOf } from "../offline/days.js";
import { againFrom, reminderAfter, wantedVisit } from "../offline/due.js";
import { comeWhen } from "./come_again.js";
import { beside, say } from "./texts.js";

/**
 * @typedef {{id: string, building: string, unit: string | null, floor: number, door: string,
 *   plate?: string | null, last: (Call & {visit: string, mine: boolean}) | null, settled?: Call,
 *   again?: string | null, remind_on?: string[]}} Door  `again`: the day from which it is to be visited again
 * @typedef {{outcome: string, at: string, again_on?: string | null}} Call
 * @typedef {Call & {sent: boolean, settled?: Call, visits?: Set<string>, remind_on?: string[]}} Own  the newest record of
 *   this phone at a door; of those that the pack does not know yet: the newest that settled it, their visits and reminders
 * @typedef {{starts_on: string, returned: Set<string>, drafts: Set<string>, hazards: Set<string>,
 *   looks: Map<string, Want>, own: Map<string, Own>, day: string, now: string}} Facts  `looks`: which hazards are to be
 *   looked at again; `day`: today; `now`: the moment
 * @typedef {import("../offline/due.js").Want} Want
 * @typedef {"todo" | "recheck" | "overdue" | "revisit" | "agreed" | "remind" | "draft" | "returned" | "waiting" | "done"
 *   | "no_answer" | "rescheduled" | "refused" | "vacant" | "not_found" | "demolished"} Kind
 * @typedef {{kind: Kind, state: string, sign: string, word: string, hazard: boolean, unsent: boolean,
 *   settled: boolean, due: boolean, why: string, outcome: string, later: string}} DoorState  `state` and `sign` are those of
 *   its outcome, also where it waits (`unsent`); `outcome` is that of the call that is shown; `due`: go there; `why` one that
 *   is settled, or nobody has met what is wanted there; `later`: the day on which to come again
 */

/** @type {Record<Kind, [state: string, sign: string]>} */
const LOOKS = {
  todo: ["todo", "todo"],
  recheck: ["hazard", "hazard"],
  overdue: ["hazard", "hazard"],
  revisit: ["todo", "calendar"],
  agreed: ["todo", "door"],
  remind: ["todo", "help"],
  draft: ["away", "pen"],
  returned: ["returned", "return"],
  waiting: ["waiting", "up"],
  done: ["done", "check"],
  no_answer: ["away", "away"],
  rescheduled: ["away", "calendar"],
  refused: ["done", "hand"],
  vacant: ["done", "shut"],
  not_found: ["done", "search"],
  demolished: ["done", "close"],
};

const UNSETTLED = new Set(["no_answer", "rescheduled"]);

/**
 * @param {Door} door
 * @param {Facts} facts
 * @returns {DoorState}
 */
export function stateOf(door, facts) {
  const own = facts.own.get(door.id);
  const newer = newest(door.last, own);
  const held = settling(door, own, newer, facts.starts_on);
  const later = isPutOff(newer) && againFrom(newer.again_on, newer.at) > facts.now ? newer.again_on : "";
  const want = wantAt(door, facts, held, newer);
  const kind = kindOf(
    door,
    facts,
    want ? newer : (held ?? newer),
    held || want?.why === "agreed" ? want : null,
  );
  const outcome = kind === "waiting" ? (own?.outcome ?? kind) : kind;
  const settled = Boolean(held) && kind !== "returned";
  return shared({ kind, outcome, settled, why: want?.why ?? "", later, hazard: facts.hazards.has(door.id) });
}

/**
 * The call that settled a door last in this round: nobody at home later takes nothing back.
 * @param {Door} door @param {Own | undefined} own @param {Call | null | undefined} newer @param {string} since
 * @returns {Call | null}
 */
function settling({ last, settled }, own, newer, since) {
  // Of a visit that it has corrected since, this phone knows better.
  const known = last && own?.visits?.has(last.visit) ? null : last;
  let held = null;
  for (const call of [known, settled, own?.settled, newer])
    if (call && settles(call.outcome) && call.at >= since && !(held && held.at >= call.at)) held = call;
  return held;
}

/** Whether a door need not be called at again in this round. @param {string} outcome */
export const settles = (outcome) => !UNSETTLED.has(outcome);

/** Whether the household said when to come again. @param {Call | null | undefined} call @returns {call is Call & {again_on: string}} */
export function isPutOff(call) {
  return call?.outcome === "rescheduled" && Boolean(call.again_on);
}

/**
 * What is wanted at a door and was not met since: what is dangerous there comes first, then what was agreed on.
 * @param {Door} door @param {Facts} facts @param {Call | null} held @param {Call | null | undefined} newer
 * @returns {Want | null}
 */
function wantAt({ id, again, remind_on }, { looks, own, day, now }, held, newer) {
  const here = own.get(id);
  const look = looks.get(id);
  if (look && !(held?.outcome === "done" && isMet(look, held, here))) return look;
  const since = isPutOff(newer) ? againFrom(newer.again_on, newer.at) : "";
  if (since) return since <= now ? { why: "agreed", since } : null;
  const visit = wantedVisit(again, day);
  return (
    wantedReminder(remind_on, here?.remind_on, held, now) ??
    (visit && !(held && isMet(visit, held, here)) ? visit : null)
  );
}

/**
 * @param {string[] | undefined} known @param {string[] | undefined} told  by this phone, since @param {Call | null} held @param {string} now
 * @returns {Want | null}
 */
function wantedReminder(known, told, held, now) {
  if (!known && !told) return null;
  const since = beginningOf(reminderAfter([...(known ?? []), ...(told ?? [])], held));
  return since && since <= now ? { why: "remind", since } : null;
}

/** Whether a call came after it was wanted, or the pack does not know of it yet. */
/** @param {Want} want @param {Call} held @param {Own | undefined} own */
function isMet({ since }, held, own) {
  return held.at >= since || held === own?.settled;
}

/** A round of thousands of doors has a dozen states: each is made once. @type {Map<string, DoorState>} */
const made = new Map();

/** @param {{kind: Kind, outcome: string, settled: boolean, why: string, later: string, hazard: boolean}} facts */
function shared({ kind, outcome, settled, why, later, hazard }) {
  const key = `${kind} ${outcome} ${settled} ${why} ${later} ${hazard}`;
  let found = made.get(key);
  if (!found) {
    const unsent = kind === "waiting";
    // What was done there is seen before and after it is sent alike
    const [state, sign] = LOOKS[unsent && outcome in LOOKS ? /** @type {Kind} */ (outcome) : kind];
    const said = say(`state_${outcome}`);
    const word = beside([unsent && say("state_waiting"), said, later && comeWhen(later)]);
    const due = (!settled && !later) || why !== "" || kind === "draft";
    found = { kind, state, sign, word, hazard, unsent, settled, due, why, later, outcome };
    made.set(key, found);
  }
  return found;
}

/**
 * @param {Door} door
 * @param {Facts} facts
 * @param {Call | null | undefined} last  the call that counts
 * @param {Want | null} want  though it is settled
 * @returns {Kind}
 */
function kindOf(door, facts, last, want) {
  if (facts.returned.has(door.id)) return "returned";
  if (facts.drafts.has(door.id)) return "draft";
  const own = facts.own.get(door.id);
  if (own && !own.sent) return "waiting";
  if (want && last && isAsked(want, last)) return want.why;
  if (isPutOff(last)) return "rescheduled";
  if (!last || (facts.starts_on && last.at < facts.starts_on)) return "todo";
  return last.outcome in LOOKS ? /** @type {Kind} */ (last.outcome) : "done";
}

/** Where somebody went for it and nobody opened, that is shown. @param {Want} want @param {Call} last */
function isAsked({ why, since }, last) {
  return settles(last.outcome) || why === "agreed" || (why === "revisit" && last.at < since);
}

/** @param {Call | null} known @param {Own | undefined} own */
function newest(known, own) {
  if (!own || (known && known.at >= own.at)) return known;
  return own;
}

/** How a door is called: "2-301" with its unit. @param {{unit: string | null, door: string}} door */
export function doorName(door) {
  return door.unit ? `${door.unit}-${door.door}` : door.door;
}

/** What a building is called: its name, or its address where it has none. @param {any} building @returns {string} */
export function placeName(building) {
  return building.name || building.address;
}

/** The look of a state by its name, for chips and badges. @param {Kind} kind */
export function lookOf(kind) {
  const [state, sign] = LOOKS[kind];
  return { state, sign, word: say(`state_${kind}`) };
}
