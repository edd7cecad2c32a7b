// Adding a door that the round does not have: where it is, what is odd about it, and its house when that is missing too.
// What is typed is kept, and there again the next time.
import { StorageFailure } from "../offline/db.js";
import { addDoor, closeTyped, keepTyped, typedDoors } from "../offline/proposals.js";
import { find, make } from "./bind.js";
import { placeName } from "./door_states.js";
import { showChosen, showError } from "./fields.js";
import { isHalfFloor } from "./layout.js";
import * as lists from "./lists.js";
import { go } from "./router.js";
import { scanPlate } from "./scan.js";
import { say, word } from "./texts.js";

const NEEDED = ["address", "door", "floor"];
const TYPED = [...NEEDED, "plate", "unit", "address_anomaly", "note"];
/** Before the number of a door on a half floor, as people write it. */
const HALF = "夹";
/** In place of a building: it is not in the list. */
const MISSING = "";

/** @returns {HTMLDialogElement} */
const box = () => find(document, "[data-new-door]");

/** @param {string} name @returns {HTMLInputElement} */
const field = (name) => find(box(), `[name="${name}"]`);

/** What was guessed; another floor was entered by hand, and stays. */
let guessed = "";
/** What is kept of doors that were not added, by building. @type {Record<string, Record<string, string>>} */
let kept = {};
/** Where what stands in the form is kept; null while nothing is. @type {string | null} */
let keptUnder = null;

/** Bind the form once. */
export function startNewDoor() {
  find(box(), "[data-new-door-close]").addEventListener("click", () => box().close());
  box().addEventListener("close", () => {
    if (keptUnder !== null) void closeTyped();
  });
  find(box(), "form").addEventListener("submit", (event) => {
    event.preventDefault();
    void add();
  });
  field("door").addEventListener("input", guessFloor);
  field("building").addEventListener("change", chooseHouse);
  find(box(), "[data-new-plate-scan]").addEventListener("click", () => void scan());
  find(box(), "[data-new-anew]").addEventListener("click", beginAnew);
  find(box(), "form").addEventListener("input", ({ target }) => {
    forgive();
    // Of another house something else may be kept.
    if (target !== field("building")) keep();
  });
}

/** What stands in the fields; null while nothing was typed. @returns {Record<string, string> | null} */
function typed() {
  const said = Object.fromEntries(TYPED.map((name) => [name, field(name).value]));
  if (field("half").checked) said.half = HALF;
  if (!Object.values(said).some((value) => value.trim())) return null;
  return { ...said, grid: field("grid").value };
}

function keep() {
  const [now, building] = [typed(), field("building").value];
  if (!now && keptUnder === null) return;
  const before = keptUnder ?? building;
  delete kept[before];
  if (now) kept[building] = now;
  keptUnder = now && building;
  void keepTyped(building, now, before);
}

/** What was typed before is there again. @param {Record<string, string>} said */
function putBack(said) {
  for (const name of [...TYPED, "grid"]) field(name).value = said[name] ?? "";
  field("half").checked = Boolean(said.half);
  keptUnder = field("building").value;
  find(box(), "[data-new-again]").hidden = false;
  for (const name of ["grid", "address_anomaly"]) showChosen(field(name));
}

/** Nothing is typed. */
function empty() {
  for (const name of TYPED) field(name).value = "";
  field("half").checked = false;
  guessed = "";
  keptUnder = null;
  find(box(), "[data-new-again]").hidden = true;
  find(box(), "[data-new-unsaved]").hidden = true;
  showChosen(field("address_anomaly"));
  for (const name of NEEDED) showError(box(), name, "");
}

function beginAnew() {
  const [before, building] = [keptUnder, field("building").value];
  empty();
  if (before !== null) {
    delete kept[before];
    void keepTyped(building, null, before);
  }
  field(building === MISSING ? "address" : "door").focus();
}

/** What was begun there comes back, or what stands here goes along. */
function chooseHouse() {
  const isMissing = showHouse();
  const there = kept[field("building").value];
  if (there && !typed()) putBack(there);
  else keep();
  // Where a house is missing its address is what has to be said first.
  if (isMissing) field("address").focus();
}

/** What is asked of a house is asked only of one that is missing. */
function showHouse() {
  const missing = field("building").value === MISSING;
  find(box(), "[data-new-house]").hidden = !missing;
  find(box(), "[data-new-house-too]").hidden = !missing;
  find(box(), "[data-new-one-door]").hidden = missing;
  return missing;
}

/** A code that a house of the round has names that house. */
async function scan() {
  // Of a longer code its end: there one differs from the next.
  const code = (await scanPlate(field("plate")))?.trim().slice(-120);
  if (!code) return;
  field("plate").value = code;
  keep();
  const known = (await lists.buildings()).find((/** @type {any} */ one) => one.plate === code);
  if (!known) return;
  field("building").value = known.id;
  field("building").dispatchEvent(new Event("change"));
}

/** Blanks are no number of a door, and no address. @param {string} name */
function isGiven(name) {
  if (name === "address" && field("building").value !== MISSING) return true;
  const { validity, value, maxLength } = field(name);
  if (name === "door" && numberOf().length > maxLength) return false;
  return validity.valid && value.trim() !== "";
}

/** The number as the round will have it. */
function numberOf() {
  const door = field("door").value.trim();
  return field("half").checked && door && !isHalfFloor(door) ? `${HALF}${door}` : door;
}

/** What is being put right is no longer wrong. */
function forgive() {
  for (const name of NEEDED) if (isGiven(name)) showError(box(), name, "");
}

/** Says what is missing beside its field; the first of them is where the finger goes on. */
function isWhole() {
  const wrong = NEEDED.filter((name) => !isGiven(name));
  for (const name of NEEDED) showError(box(), name, wrong.includes(name) ? say(`need_${name}`) : "");
  if (wrong[0]) field(wrong[0]).focus();
  return wrong.length === 0;
}

/** The floor is in most numbers: 302 is on the third. */
function guessFloor() {
  const found = /^(?:夹|M)?(\d{1,2})\d{2}/.exec(field("door").value.trim());
  if (found && field("floor").value === guessed) field("floor").value = guessed = found[1] ?? "";
}

/**
 * Ask for the new door.
 * @param {string} [building]  the one that it is most likely in
 * @param {{unit?: string, door?: string}} [number]  that was searched in vain
 * @param {boolean} [isSaid]  whether the building is the one that was searched for
 */
export async function askForDoor(building, number = {}, isSaid = false) {
  const { open, by } = await typedDoors().catch(() => ({ open: null, by: {} }));
  kept = by;
  // Whoever was interrupted goes on there.
  await Promise.all([offerHouses(isSaid ? building : (open ?? building)), offerAnomalies()]);
  empty();
  const there = kept[field("building").value];
  if (there && (!number.door || !there.door || there.door === number.door)) putBack(there);
  if (number.unit) field("unit").value = number.unit;
  if (number.door) field("door").value = number.door;
  guessFloor();
  box().showModal();
}

/** The houses of the round, and that it is none of them. @param {string | undefined} likely */
async function offerHouses(likely) {
  const [houses, grids] = await Promise.all([lists.buildings(), lists.grids()]);
  const rows = houses.map((/** @type {any} */ row) => ({ value: row.id, label: placeName(row) }));
  // Before the first pack nobody knows in which grid it would be.
  if (grids.length > 0) rows.push({ value: MISSING, label: say("house_missing") });
  offer("building", rows, likely ?? rows[0]?.value);
  const here = houses.find(({ id }) => id === likely)?.grid ?? grids[0]?.code;
  const places = grids.map(({ code, name }) => ({ value: code, label: name }));
  offer("grid", places, here);
  find(box(), "[data-new-grid]").hidden = grids.length < 2;
  showHouse();
}

/** What is the matter with plate and address, in the words of the register. */
async function offerAnomalies() {
  const codes = await lists.codes("address_anomaly");
  const known = codes.map((/** @type {any} */ one) => ({ value: one.code, label: word(one) }));
  offer("address_anomaly", [{ value: "", label: say("nothing_odd") }, ...known]);
}

/** @param {string} name  of a choice @param {{value: string, label: string}[]} rows @param {string} [chosen] */
function offer(name, rows, chosen = "") {
  const options = rows.map(({ value, label }) => {
    const option = /** @type {HTMLOptionElement} */ (make("t-option", { label }));
    return Object.assign(option, { value, selected: value === chosen });
  });
  const select = /** @type {HTMLSelectElement} */ (find(box(), `[name="${name}"]`));
  select.replaceChildren(...options);
  select.onchange = () => showChosen(select);
  showChosen(select);
}

async function add() {
  if (!isWhole()) return;
  const said = new FormData(/** @type {HTMLFormElement} */ (find(box(), "form")));
  const text = (/** @type {string} */ name) => String(said.get(name) ?? "").trim();
  const some = (/** @type {string[]} */ ...names) =>
    Object.fromEntries(names.map((name) => [name, text(name)]).filter(([, value]) => value));
  const building = text("building");
  const house = { grid: text("grid"), address: text("address"), ...some("plate") };
  const facts = {
    building,
    ...(building === MISSING ? { house } : {}),
    floor: Number(text("floor")),
    door: numberOf(),
    ...some("unit", "address_anomaly", "note"),
  };
  try {
    const id = await addDoor(facts);
    keptUnder = null;
    box().close();
    await go(`/phone/door#${id}`);
  } catch (error) {
    if (!(error instanceof StorageFailure)) throw error;
    find(box(), "[data-new-unsaved]").hidden = false;
  }
}
