// What is known of a door, list by list: who lives and works there, the dwelling, visits before.
import { find, hide, make } from "./bind.js";
import { ago, beside, day, label, say } from "./texts.js";

/** @param {HTMLElement} section @param {{workplaces: any[]}} view @param {Record<string, any[]>} codes */
export function showWork(section, { workplaces }, codes) {
  const rows = workplaces.map((/** @type {any} */ one) => {
    const heads = one.headcount ? say("heads", { n: one.headcount, beds: one.dormitory_headcount ?? 0 }) : "";
    const parts = [label(codes.workplace_kind, one.kind), one.contact_name, one.contact_phone, heads];
    return make("t-line", {
      title: one.name || label(codes.workplace_kind, one.kind),
      line: beside(parts),
    });
  });
  find(section, "[data-door-work]").replaceChildren(...rows);
}

/**
 * The last visit and those before it.
 * @param {HTMLElement} section @param {import("./calls.js").Call[]} calls @param {any[]} outcomes
 */
export function showHistory(section, calls, outcomes) {
  const rows = calls.map(({ outcome, at, mine }) =>
    make("t-line", {
      title: label(outcomes, outcome),
      line: beside([ago(at), say(mine ? "by_you" : "by_colleague")]),
    }),
  );
  find(section, "[data-door-history]").replaceChildren(...rows);
}

/** @param {HTMLElement} section @param {{occupants: any[]}} view @param {Record<string, any[]>} codes */
export function showPeople(section, { occupants }, codes) {
  const rows = occupants.map((/** @type {any} */ person) => {
    const since = person.moved_in_on ? say("since", { day: day(person.moved_in_on) }) : "";
    const more = beside([label(codes.stay_reason, person.reason), person.phone, since]);
    return make("t-line", { title: person.name, line: person.document, more });
  });
  find(section, "[data-door-people]").replaceChildren(...rows);
}

/** Where more live than are on the list; children stand in no list. @param {number | null | undefined} n @param {number} listed */
export function listedLine(n, listed) {
  if (!n || n <= listed) return listed ? "" : say("nobody_listed");
  return listed ? say("more_than_listed", { n, listed }) : say("none_listed", { n });
}

/** @param {HTMLElement} section @param {any} door @param {Record<string, any[]>} codes */
export function showFacts(section, door, codes) {
  const either = (/** @type {unknown} */ value, /** @type {string} */ yes, /** @type {string} */ no) =>
    value == null ? "" : say(value ? yes : no);
  /** @type {[string, unknown][]} */
  const facts = [
    ["use", label(codes.dwelling_use, door.use)],
    [
      "rooms",
      door.rooms &&
        (door.rooms_let
          ? say("rooms_let_of", { n: door.rooms, let: door.rooms_let })
          : say("rooms_in_all", { n: door.rooms })),
    ],
    ["headcount", door.headcount],
    ["heating", label(codes.heating, door.heating)],
    ["lease_filed", either(door.lease_filed, "filed", "not_filed")],
    ["letter_signed", either(door.letter_signed, "paper_signed", "not_signed")],
    ["lessor", [door.lessor_name, door.lessor_phone].filter(Boolean).join(" ")],
  ];
  const lines = facts.filter(([, value]) => value != null && value !== "");
  const list = find(section, "[data-door-facts]");
  list.replaceChildren(...lines.flatMap(([name, value]) => factPair(say(`fact_${name}`), value)));
  hide(find(list.parentElement ?? section, "dl"), lines.length === 0);
  hide(/** @type {HTMLElement} */ (list.closest(".card")), lines.length === 0);
}

/** @param {string} name @param {unknown} value */
function factPair(name, value) {
  const term = document.createElement("dt");
  term.textContent = name;
  const text = document.createElement("dd");
  text.textContent = String(value);
  return [term, text];
}
