// Places of work behind a door: those known may be gone or have changed, new ones are added.
import { uuid7 } from "../offline/ids.js";
import { find, make } from "./bind.js";
import { codeLists } from "./lists.js";
import { label, say } from "./texts.js";
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
  const known = (visit.view.workplaces ?? []).filter(
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
  find(section, "[data-workplaces-state]").textContent = n ? String(n) : say("none");
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

/** Put an entry in its place in the body; null takes it out. @param {Visit} visit @param {string} id @param {any} entry */
function replace(visit, id, entry) {
  visit.change((body) => {
    const before = body.workplaces ?? [];
    const at = before.findIndex((/** @type {any} */ one) => one.workplace === id);
    const others = before.filter((/** @type {any} */ one) => one.workplace !== id);
    if (entry) others.splice(at < 0 ? others.length : at, 0, entry);
    body.workplaces = others;
    if (others.length) delete body.unchanged;
  });
}

/** @param {Visit} visit @param {any} known */
function knownRow(visit, known) {
  const line = [label(lists.workplace_kind, known.kind), known.contact_name, known.contact_phone];
  const heads = say("heads", { n: known.headcount ?? "?", beds: known.dormitory_headcount ?? 0 });
  const row = make("t-workplace", {
    name: known.name,
    line: line.filter(Boolean).join(" · "),
    heads: known.headcount === undefined ? "" : heads,
  });
  row.dataset.workplace = known.id;
  const choose = (/** @type {string} */ action) => {
    const chosen = entryOf(visit, known.id)?.action === action;
    replace(visit, known.id, chosen ? null : { action, workplace: known.id });
    draw(row, visit, known);
  };
  find(row, "[data-closed]").addEventListener("click", () => choose("closed"));
  find(row, "[data-edit]").addEventListener("click", () => choose("change"));
  draw(row, visit, known);
  return row;
}

/** @param {Visit} visit @param {string} id */
function entryOf(visit, id) {
  return (visit.body.workplaces ?? []).find((/** @type {any} */ one) => one.workplace === id);
}

/** @param {HTMLElement} row @param {Visit} visit @param {any} known */
function draw(row, visit, known) {
  const entry = entryOf(visit, known.id);
  find(row, "[data-closed]").setAttribute("aria-pressed", String(entry?.action === "closed"));
  find(row, "[data-edit]").setAttribute("aria-pressed", String(entry?.action === "change"));
  row.classList.toggle("gone", entry?.action === "closed");
  const place = find(row, "[data-form]");
  if (entry?.action !== "change") place.replaceChildren();
  else if (!place.firstElementChild)
    place.append(workplaceForm({ entry, known, lists, edit: (change) => edit(visit, entry, change) }));
}
