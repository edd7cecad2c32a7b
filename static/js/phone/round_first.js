// What stands on top of the round: what to go on with, what came back, and what should have been sent by now.
import { find, make } from "./bind.js";
import { correction } from "./returned.js";
import { go } from "./router.js";
import { say } from "./texts.js";

/** What stands there, to draw it when it is something else. */
let firstSaid = "";

/**
 * Drafts to go on with, then returned visits with their reason (once, though its correction has begun), then what should
 * have been sent by now.
 * @param {HTMLElement} section
 * @param {{returned: any[], open: any[], late: number}} facts
 * @param {(door: string) => string} nameOf  a door of the round; empty when it is not in it
 */
export function showFirst(section, { returned, open, late }, nameOf) {
  const reasons = new Map(returned.map((row) => [row.visit, row.reason]));
  const called = (/** @type {any} */ { door, label }) => nameOf(door) || label || say("door_left");
  const begun = new Set(open.map((draft) => draft.id));
  const rows = [
    ...open.map((draft) => ({
      link: `/phone/visit#${draft.id}`,
      state: "away",
      sign: "pen",
      title: say("go_on", { door: called(draft) }),
      line: reasons.get(draft.id) || say("draft_line"),
    })),
    ...returned
      .filter((row) => !begun.has(row.visit))
      .map((row) => ({
        link: `/phone/door#${row.door}`,
        state: "returned",
        sign: "return",
        title: say("returned_door", { door: called(row) }),
        line: row.reason,
        // The screen of a door shows only what the round has: elsewhere the row itself begins the correction.
        correct: nameOf(row.door) ? null : row,
      })),
    ...(late
      ? [
          {
            link: "/phone/outbox",
            state: "waiting",
            sign: "up",
            title: say("send_today", { n: late }),
            line: say("send_today_why"),
          },
        ]
      : []),
  ];
  const said = JSON.stringify(rows);
  if (said === firstSaid) return;
  firstSaid = said;
  find(section, "[data-round-first]").replaceChildren(...rows.map(firstRow));
}

/** @param {any} row */
function firstRow(row) {
  const item = make("t-first", row);
  if (row.correct) {
    find(item, "a").addEventListener("click", (event) => {
      event.preventDefault();
      event.stopPropagation();
      void correct(row.correct);
    });
  }
  return item;
}

/** @param {{door: string, visit: string}} returned */
async function correct({ door, visit }) {
  const draft = await correction(door, visit);
  await go(draft ? `/phone/visit#${draft.id}` : "/phone/round", { replace: !draft });
}
