// Places of work behind a door: those known may be gone or have changed, new ones are added.
import { uuid7 } from "../offline/ids.js";
import { find, make, write } from "./bind.js";
import { choose, entryIn, place, WORK, withGone } from "./known_entries.js";
import { codeLists } from "./lists.js";
import { beside, label, say } from "./texts.js";
import { toast } from "./toast.js";
import { workplacesNow } from "./visit_places.js";
import { workplaceForm } from "./workplace_form.js";

/** @typedef {import("./visit.js").Visit} Visit */

const UNDO_LASTS = 8000;
/** @type {Record<string, any[]>} */
let lists = {};

/** @param {HTMLElement} section @param {() => Visit} current */
export function bindWorkplaces(section, current) {
  find(section, "[data-add-workplace]").addEventListener("click", () => {
    const visit = current();
    const entry = { action: "add", workplace: uuid7() };
    replace(visit, entry.workplace, entry);
    const form = addedForm(section, visit, entry);
    find(section, "[data-added-workplaces]").append(form);
    /** @type {HTMLInputElement} */ (find(form, '[name="name"]')).focus();
  });
  section.addEventListener("visit:changed", () => reflect(section, current()));
}

/** @param {HTMLElement} section @param {Visit} visit */
export async function showWorkplaces(section, visit) {
  lists = await codeLists("workplace_kind");
  const added = (visit.body.workplaces ?? []).filter((/** @type {any} */ entry) => entry.action === "add");
  const known = withGone(visit.view.workplaces ?? [], visit, WORK).filter(
    (/** @type {any} */ one) => !added.some((/** @type {any} */ entry) => entry.workplace === one.id),
  );
  find(section, "[data-workplaces]").replaceChildren(
    ...known.map((/** @type {any} */ one) => knownRow(visit, one)),
  );
  find(section, "[data-added-workplaces]").replaceChildren(
    ...added.map((/** @type {any} */ entry) => addedForm(section, visit, entry)),
  );
  /** @type {HTMLDetailsElement} */ (find(section, "[data-visit-workplaces]")).open =
    known.length + added.length > 0;
  reflect(section, visit);
}

/** @param {HTMLElement} section @param {Visit} visit */
function reflect(section, visit) {
  const n = workplacesNow(visit.view, visit.body).length;
  write(find(section, "[data-workplaces-state]"), n ? say("n_places", { n }) : say("none"));
}

/** @param {HTMLElement} section @param {Visit} visit @param {any} entry */
function addedForm(section, visit, entry) {
  const form = workplaceForm({ entry, known: null, lists, edit: (change) => edit(visit, entry, change) });
  form.classList.add("added");
  find(form, "[data-remove]").addEventListener("click", () => {
    replace(visit, entry.workplace, null);
    form.remove();
    find(section, "[data-add-workplace]").focus();
    const undo = () => {
      replace(visit, entry.workplace, entry);
      find(section, "[data-added-workplaces]").append(form);
    };
    toast(say("removed", { what: entry.name ?? say("new_workplace") }), {
      undo,
      lasts: UNDO_LASTS,
      here: true,
    });
  });
  return form;
}

/** @param {Visit} visit @param {any} entry @param {(entry: any) => void} change */
function edit(visit, entry, change) {
  change(entry);
  replace(visit, entry.workplace, entry);
}

/** @param {Visit} visit @param {string} id @param {any} entry  null takes it out */
function replace(visit, id, entry) {
  visit.change((body) => place(body, WORK, id, entry));
}

/** @param {Visit} visit @param {any} known */
function knownRow(visit, known) {
  const named = entryOf(visit, known.id)?.name || known.name;
  const left = known.gone && named ? say("no_more") : "";
  const line = [left, label(lists.workplace_kind, known.kind), known.contact_name, known.contact_phone];
  const heads = say("heads", { n: known.headcount ?? "?", beds: known.dormitory_headcount ?? 0 });
  const row = make("t-workplace", {
    name: known.gone ? named || say("workplace_gone") : known.name,
    line: beside(line),
    heads: known.headcount === undefined ? "" : heads,
  });
  row.dataset.workplace = known.id;
  const aside = new Map();
  const chosen = (/** @type {string} */ action) => {
    visit.change((body) => choose(body, WORK, { action, workplace: known.id }, aside));
    draw(row, visit, known);
  };
  find(row, "[data-closed]").addEventListener("click", () => chosen("closed"));
  find(row, "[data-edit]").addEventListener("click", () => chosen("change"));
  draw(row, visit, known);
  return row;
}

/** @param {Visit} visit @param {string} id */
function entryOf(visit, id) {
  return entryIn(visit.body, WORK, id);
}

/** @param {HTMLElement} row @param {Visit} visit @param {any} known */
function draw(row, visit, known) {
  const entry = entryOf(visit, known.id);
  find(row, "[data-closed]").setAttribute("aria-pressed", String(entry?.action === "closed"));
  find(row, "[data-edit]").setAttribute("aria-pressed", String(entry?.action === "change"));
  row.classList.toggle("gone", entry?.action === "closed");
  const box = find(row, "[data-form]");
  const said = entryIn(visit.returned?.body, WORK, known.id);
  if (entry?.action !== "change") box.replaceChildren();
  else if (!box.firstElementChild)
    box.append(workplaceForm({ entry, known, said, lists, edit: (change) => edit(visit, entry, change) }));
}
