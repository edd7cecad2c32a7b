// Adding a door that the round does not have: where it is, what is odd about it, and its house when that is missing too.
import { addDoor } from "../offline/proposals.js";
import { find, make } from "./bind.js";
import { placeName } from "./door_states.js";
import { showChosen, showError } from "./fields.js";
import * as lists from "./lists.js";
import { go } from "./router.js";
import { scanPlate } from "./scan.js";
import { say, word } from "./texts.js";

const NEEDED = ["address", "door", "floor"];
/** In place of a building: it is not in the list. */
const MISSING = "";

/** @returns {HTMLDialogElement} */
const box = () => find(document, "[data-new-door]");

/** @param {string} name @returns {HTMLInputElement} */
const field = (name) => find(box(), `[name="${name}"]`);

/** Bind the form once. */
export function startNewDoor() {
  find(box(), "[data-new-door-close]").addEventListener("click", () => box().close());
  find(box(), "form").addEventListener("submit", (event) => {
    event.preventDefault();
    void add();
  });
  field("door").addEventListener("input", guessFloor);
  field("building").addEventListener("change", () => {
    // Where a house is missing its address is what has to be said first.
    if (showHouse()) field("address").focus();
  });
  find(box(), "[data-new-plate-scan]").addEventListener("click", () => void scan());
  find(box(), "form").addEventListener("input", forgive);
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
  const code = (await scanPlate(field("plate")))?.trim();
  if (!code) return;
  field("plate").value = code;
  const known = (await lists.buildings()).find((/** @type {any} */ one) => one.plate === code);
  if (!known) return;
  field("building").value = known.id;
  field("building").dispatchEvent(new Event("change"));
}

/** Blanks are no number of a door, and no address. @param {string} name */
function isSaid(name) {
  if (name === "address" && field("building").value !== MISSING) return true;
  const { validity, value } = field(name);
  return validity.valid && value.trim() !== "";
}

/** What is being put right is no longer wrong. */
function forgive() {
  for (const name of NEEDED) if (isSaid(name)) showError(box(), name, "");
}

/** Says what is missing beside its field; the first of them is where the finger goes on. */
function isWhole() {
  const wrong = NEEDED.filter((name) => !isSaid(name));
  for (const name of NEEDED) showError(box(), name, wrong.includes(name) ? say(`need_${name}`) : "");
  if (wrong[0]) field(wrong[0]).focus();
  return wrong.length === 0;
}

/** What was guessed; another floor was entered by hand, and stays. */
let guessed = "";

/** The floor is in most numbers: 302 is on the third. */
function guessFloor() {
  const found = /^(\d{1,2})\d{2}/.exec(field("door").value.trim());
  if (found && field("floor").value === guessed) field("floor").value = guessed = found[1] ?? "";
}

/**
 * Ask for the new door.
 * @param {string} [building]  the one that it is most likely in
 * @param {{unit?: string, door?: string}} [number]  that was searched in vain
 */
export async function askForDoor(building, number = {}) {
  await offerHouses(building);
  find(box(), "form")
    .querySelectorAll("input")
    .forEach((input) => {
      input.value = "";
    });
  guessed = "";
  field("unit").value = number.unit ?? "";
  field("door").value = number.door ?? "";
  guessFloor();
  for (const name of NEEDED) showError(box(), name, "");
  await offerAnomalies();
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
    door: text("door"),
    ...some("unit", "address_anomaly", "note"),
  };
  const id = await addDoor(facts);
  box().close();
  await go(`/phone/door#${id}`);
}
