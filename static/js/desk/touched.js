// Which fields of a form somebody has touched, and what became of that when the form comes anew.
//
// A field comes back as it was typed only where the page says the same as when it was typed. Where somebody else has
// changed it since, their word stands and what was typed is told beside it, in the form's own template; a form without
// one is filled as before.

/** What was typed into the fields of one name, and what the page said there: values, several of ticks. */
/** @typedef {Record<string, {typed: string[], was: string[]}>} Kept */
/** @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} Field */

/** Whether this is what touched() made, and not what an earlier version of this page kept. @param {unknown} kept @returns {kept is Kept} */
export function isKept(kept) {
  return typeof kept === "object" && kept !== null && !Array.isArray(kept);
}

/**
 * What was typed and is not what the page says by itself. A form that the server has `refused` says what was typed: there
 * what counts is what it said before. What stands beside its field goes on being kept.
 * @param {HTMLFormElement} form
 * @param {Kept} before
 * @param {boolean} refused
 */
export function touched(form, before, refused) {
  const groups = groupsOf(form);
  /** @type {Kept} */
  const kept = Object.fromEntries(Object.entries(before).filter(([name]) => !groups.has(name)));
  for (const [name, fields] of groups) {
    const known = before[name];
    const was = refused && known ? known.was : shownBy(fields);
    const typed = typedInto(fields);
    if (!same(typed, was)) kept[name] = { typed, was };
    else if (known && !same(known.was, was)) kept[name] = known;
  }
  return kept;
}

/** Put back what was typed, or tell of it. @param {HTMLFormElement} form @param {Kept} kept */
export function refill(form, kept) {
  const groups = groupsOf(form);
  say(form, "again", form);
  for (const [name, { typed, was }] of Object.entries(kept)) {
    const fields = groups.get(name) ?? [];
    const [first] = fields;
    if (first && same(typed, shownBy(fields))) continue;
    const told = form.querySelector("template[data-overtaken]") && !(first && same(was, shownBy(fields)));
    if (told) say(form, "overtaken", first?.closest(".field") ?? form, textOf(first, typed));
    else for (const field of fields) fill(field, typed);
    for (let part = first?.closest("details"); part; part = part.parentElement?.closest("details") ?? null)
      part.open = true;
  }
}

/** The fields that people fill, by name. @param {HTMLFormElement} form @returns {Map<string, Field[]>} */
function groupsOf(form) {
  const groups = new Map();
  for (const field of form.elements) {
    if (!isFilled(field)) continue;
    const others = groups.get(field.name);
    if (others) others.push(field);
    else groups.set(field.name, [field]);
  }
  return groups;
}

/** Hidden ones the server sets anew; files cannot be kept. @param {Element} field @returns {field is Field} */
function isFilled(field) {
  if (field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement) return field.name !== "";
  return field instanceof HTMLInputElement && field.name !== "" && !["hidden", "file"].includes(field.type);
}

/** @param {Field} field @returns {field is HTMLInputElement} */
const isTick = (field) => field instanceof HTMLInputElement && ["checkbox", "radio"].includes(field.type);

/** @param {Field[]} fields */
function typedInto(fields) {
  return fields.filter((field) => !isTick(field) || field.checked).map(({ value }) => value);
}

/** What the page says there by itself. @param {Field[]} fields */
function shownBy(fields) {
  return fields.filter((field) => !isTick(field) || field.defaultChecked).map(shown);
}

/** @param {Field} field */
function shown(field) {
  if (!(field instanceof HTMLSelectElement)) return isTick(field) ? field.value : field.defaultValue;
  const options = [...field.options];
  return (options.findLast((option) => option.defaultSelected) ?? options[0])?.value ?? "";
}

/** @param {string[]} one @param {string[]} other */
const same = (one, other) => one.length === other.length && one.every((text, at) => text === other[at]);

/** @param {Field} field @param {string[]} typed */
function fill(field, typed) {
  if (isTick(field)) field.checked = typed.includes(field.value);
  else field.value = typed[0] ?? "";
}

/** What was typed, as people read it: of a choice its words. @param {Field | undefined} field @param {string[]} typed */
function textOf(field, typed) {
  const options = field instanceof HTMLSelectElement ? [...field.options] : [];
  return typed.map((value) => options.find((option) => option.value === value)?.text ?? value).join(" · ");
}

/**
 * Add a line of the form's own words at a place of it: at the head of the form, or below a field.
 * @param {HTMLFormElement} form
 * @param {"again" | "overtaken"} which
 * @param {Element} place
 * @param {string} [text]
 */
function say(form, which, place, text = "") {
  const words = form.querySelector(`template[data-${which}]`);
  if (!(words instanceof HTMLTemplateElement)) return;
  const line = /** @type {DocumentFragment} */ (words.content.cloneNode(true));
  const said = line.querySelector("[data-typed]");
  if (said) said.textContent = text || "—";
  if (place === form) place.prepend(line);
  else place.append(line);
}
