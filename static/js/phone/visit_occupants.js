// The people at a door: those known may have moved out or changed, new ones are added.
import { uuid7 } from "../offline/ids.js";
import { find, make } from "./bind.js";
import { codeLists } from "./lists.js";
import { personForm } from "./person_form.js";
import { day, label, say, today } from "./texts.js";
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
    visit.change((body) => {
      body.occupants = [...(body.occupants ?? []), person];
      delete body.unchanged;
    });
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
  button.classList.toggle("absent", view.occupants.length === 0);
  button.setAttribute("aria-pressed", String(Boolean(body.people_confirmed)));
}

/** @param {HTMLElement} section @param {Visit} visit */
export async function showOccupants(section, visit) {
  lists = await codeLists("document_type", "stay_reason", "intended_stay");
  const added = (visit.body.occupants ?? []).filter((/** @type {any} */ entry) => entry.action === "add");
  // In a correction the register already holds who the version before added: shown once, as the form.
  const known = visit.view.occupants.filter(
    (/** @type {any} */ one) => !added.some((/** @type {any} */ entry) => entry.occupancy === one.id),
  );
  find(section, "[data-people]").replaceChildren(
    ...known.map((/** @type {any} */ one) => knownRow(visit, one)),
  );
  find(section, "[data-nobody]").hidden = known.length > 0;
  find(section, "[data-added]").replaceChildren(
    ...added.map((/** @type {any} */ entry) => addedForm(section, visit, entry)),
  );
  reflect(section, visit);
}

/** @param {HTMLElement} section @param {Visit} visit @param {any} entry */
function addedForm(section, visit, entry) {
  const remove = (/** @type {string} */ line) => {
    drop(visit, entry.occupancy);
    form.remove();
    find(section, "[data-add-person]").focus();
    const undo = () => {
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
      countChild(section);
      remove(say("counted_only"));
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
  for (const fact of ["headcount", "children"]) {
    const input = /** @type {HTMLInputElement} */ (find(section, `[data-fact="${fact}"]`));
    input.value = String((Number(input.value) || 0) + 1);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }
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
  const line = [label(lists.stay_reason, known.reason), known.phone, since].filter(Boolean).join(" · ");
  const row = make("t-person", { name: known.name, document: known.document, line });
  row.dataset.occupancy = known.id;
  const redraw = () => drawKnown(row, visit, known);
  find(row, "[data-moved]").addEventListener("click", () => {
    toggle(visit, known.id, { action: "moved_out", occupancy: known.id, moved_out_on: today() });
    redraw();
  });
  find(row, "[data-edit]").addEventListener("click", () => {
    toggle(visit, known.id, { action: "change", occupancy: known.id });
    redraw();
  });
  redraw();
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

/** The same choice again takes it back. @param {Visit} visit @param {string} occupancy @param {any} entry */
function toggle(visit, occupancy, entry) {
  const before = entryOf(visit, occupancy);
  visit.change((body) => {
    const others = (body.occupants ?? []).filter((/** @type {any} */ one) => one.occupancy !== occupancy);
    body.occupants = before?.action === entry.action ? others : [...others, entry];
    delete body.unchanged;
  });
}

/** @param {Visit} visit @param {string} occupancy */
function entryOf(visit, occupancy) {
  return (visit.body.occupants ?? []).find((/** @type {any} */ one) => one.occupancy === occupancy);
}

/** @param {HTMLElement} row @param {Visit} visit @param {any} known */
function drawKnown(row, visit, known) {
  const entry = entryOf(visit, known.id);
  const moved = entry?.action === "moved_out";
  find(row, "[data-moved]").setAttribute("aria-pressed", String(moved));
  find(row, "[data-edit]").setAttribute("aria-pressed", String(entry?.action === "change"));
  const left = find(row, "[data-moved-on]");
  left.hidden = !moved;
  left.replaceChildren(...(moved ? [movedField(visit, known, entry.moved_out_on)] : []));
  row.classList.toggle("gone", moved);
  const place = find(row, "[data-form]");
  if (entry?.action !== "change") place.replaceChildren();
  else if (!place.firstElementChild) {
    const countOnly = () => {
      toggle(visit, known.id, entry);
      drawKnown(row, visit, known);
    };
    place.append(
      personForm({ entry, known, lists, edit: (change) => edit(visit, entry, change), countOnly }),
    );
  }
}
