// The people at a door: those known may have moved out or changed, new ones are added.
import { today } from "../offline/days.js";
import { uuid7 } from "../offline/ids.js";
import { find, hide, make, write } from "./bind.js";
import { listedLine } from "./door_lists.js";
import { choose, countOneMore, entryIn, PEOPLE, place, withGone } from "./known_entries.js";
import { codeLists } from "./lists.js";
import { personForm } from "./person_form.js";
import { beside, day, label, say } from "./texts.js";
import { toast } from "./toast.js";

/** @typedef {import("./visit.js").Visit} Visit */

const UNDO_LASTS = 8000;
/** @type {Record<string, any[]>} */
let lists = {};

/** @param {HTMLElement} section @param {() => Visit} current */
export function bindOccupants(section, current) {
  find(section, "[data-add-person]").addEventListener("click", () => {
    const visit = current();
    const person = { action: "add", occupancy: uuid7(), person: uuid7(), document_type: "111" };
    visit.change((body) => place(body, PEOPLE, person.occupancy, person));
    const form = addedForm(section, visit, person);
    find(section, "[data-added]").append(form);
    /** @type {HTMLInputElement} */ (find(form, '[name="name"]')).focus();
  });
  find(section, "[data-confirm-all]").addEventListener("click", () =>
    current().change((body) => {
      if (body.people_confirmed) delete body.people_confirmed;
      else body.people_confirmed = true;
    }),
  );
  section.addEventListener("visit:changed", () => reflect(section, current()));
}

/** @param {HTMLElement} section @param {Visit} visit */
function reflect(section, { body, view }) {
  const button = find(section, "[data-confirm-all]");
  const gone = (/** @type {any} */ { id }) => entryIn(body, PEOPLE, id)?.action === "moved_out";
  button.classList.toggle("absent", view.occupants.every(gone));
  const all = view.occupants.length > 1 ? "all_still_here" : "one_still_here";
  write(find(button, "[data-confirm-word]"), say(view.occupants.some(gone) ? "others_still_here" : all));
  button.setAttribute("aria-pressed", String(Boolean(body.people_confirmed)));
  const stays = new Set(
    view.occupants.filter((/** @type {any} */ one) => !gone(one)).map((/** @type {any} */ { id }) => id),
  );
  for (const { action, occupancy } of body.occupants ?? []) if (action === "add") stays.add(occupancy);
  const line = find(section, "[data-listed]");
  write(line, listedLine(body.dwelling_changes?.headcount ?? view.door.headcount, stays.size));
  hide(line, !line.textContent);
}

/** @param {HTMLElement} section @param {Visit} visit */
export async function showOccupants(section, visit) {
  lists = await codeLists("document_type", "stay_reason", "intended_stay");
  const added = (visit.body.occupants ?? []).filter((/** @type {any} */ entry) => entry.action === "add");
  // In a correction the register already holds who the version before added: shown once, as the form.
  const known = withGone(visit.view.occupants, visit, PEOPLE).filter(
    (/** @type {any} */ one) => !added.some((/** @type {any} */ entry) => entry.occupancy === one.id),
  );
  find(section, "[data-people]").replaceChildren(
    ...known.map((/** @type {any} */ one) => knownRow(visit, one)),
  );
  find(section, "[data-added]").replaceChildren(
    ...added.map((/** @type {any} */ entry) => addedForm(section, visit, entry)),
  );
  reflect(section, visit);
}

/** @param {HTMLElement} section @param {Visit} visit @param {any} entry */
function addedForm(section, visit, entry) {
  const remove = (/** @type {string} */ line, uncount = () => {}) => {
    drop(visit, entry.occupancy);
    form.remove();
    find(section, "[data-add-person]").focus();
    const undo = () => {
      uncount();
      visit.change((body) => {
        body.occupants = [...(body.occupants ?? []), entry];
      });
      find(section, "[data-added]").append(form);
    };
    toast(line, { undo, lasts: UNDO_LASTS, here: true });
  };
  const form = personForm({
    entry,
    known: null,
    lists,
    edit: (change) => edit(visit, entry, change),
    countOnly: () => {
      const uncount = countChild(section);
      remove(say("counted_only"), uncount);
    },
  });
  form.classList.add("added");
  find(form, "[data-remove]").addEventListener("click", () =>
    remove(say("removed", { what: entry.name ?? say("new_person") })),
  );
  return form;
}

/** One more child among those who live here. @param {HTMLElement} section */
function countChild(section) {
  return countOneMore(["headcount", "children"].map((fact) => find(section, `[data-fact="${fact}"]`)));
}

/**
 * Change an entry of the body and everything that was bound to it.
 * @param {Visit} visit
 * @param {any} entry
 * @param {(entry: any) => void} change
 */
function edit(visit, entry, change) {
  change(entry);
  visit.change((body) => {
    body.occupants = (body.occupants ?? []).map((/** @type {any} */ one) =>
      one.occupancy === entry.occupancy ? entry : one,
    );
  });
}

/** @param {Visit} visit @param {string} occupancy */
function drop(visit, occupancy) {
  visit.change((body) => {
    body.occupants = (body.occupants ?? []).filter((/** @type {any} */ one) => one.occupancy !== occupancy);
  });
}

/** @param {Visit} visit @param {any} known */
function knownRow(visit, known) {
  const since = known.moved_in_on ? say("since", { day: day(known.moved_in_on) }) : "";
  const named = entryOf(visit, known.id)?.name || known.name;
  const left = known.gone && named ? say("no_more") : "";
  const line = beside([left, label(lists.stay_reason, known.reason), known.phone, since]);
  const name = known.gone ? named || say("person_gone") : known.name;
  const row = make("t-person", { name, document: known.document, line });
  row.dataset.occupancy = known.id;
  const aside = new Map();
  const chosen = (/** @type {any} */ said) => {
    visit.change((body) => choose(body, PEOPLE, { occupancy: known.id, ...said }, aside));
    drawKnown(row, visit, known);
  };
  find(row, "[data-moved]").addEventListener("click", () =>
    chosen({ action: "moved_out", moved_out_on: today() }),
  );
  find(row, "[data-edit]").addEventListener("click", () => chosen({ action: "change" }));
  drawKnown(row, visit, known);
  return row;
}

/** Made for those who moved out only: a date's field costs more than the rest of a person. */
/** @param {Visit} visit @param {any} known @param {string} on */
function movedField(visit, known, on) {
  const field = make("t-moved-on");
  const input = /** @type {HTMLInputElement} */ (find(field, "input"));
  input.max = today();
  input.value = on;
  input.addEventListener("input", () => {
    const entry = entryOf(visit, known.id);
    if (entry) edit(visit, entry, (one) => Object.assign(one, { moved_out_on: input.value || today() }));
  });
  return field;
}

/** @param {Visit} visit @param {string} occupancy */
function entryOf(visit, occupancy) {
  return entryIn(visit.body, PEOPLE, occupancy);
}

/** @param {HTMLElement} row @param {Visit} visit @param {any} known */
function drawKnown(row, visit, known) {
  const entry = entryOf(visit, known.id);
  const moved = entry?.action === "moved_out";
  find(row, "[data-moved]").setAttribute("aria-pressed", String(moved));
  find(row, "[data-edit]").setAttribute("aria-pressed", String(entry?.action === "change"));
  const left = find(row, "[data-moved-on]");
  hide(left, !moved);
  left.replaceChildren(...(moved ? [movedField(visit, known, entry.moved_out_on)] : []));
  row.classList.toggle("gone", moved);
  const place = find(row, "[data-form]");
  if (entry?.action !== "change") place.replaceChildren();
  else if (!place.firstElementChild) {
    const said = entryIn(visit.returned?.body, PEOPLE, known.id);
    place.append(personForm({ entry, known, said, lists, edit: (change) => edit(visit, entry, change) }));
  }
}
