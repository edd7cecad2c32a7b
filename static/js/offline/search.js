// Finding doors by plate, part of an address, number or Latin letters (rml, rmlu, renminlu → 人民路). Names of people
// are not looked through. Works on what is in memory, so that each key answers at once.

/**
 * @typedef {{id: string, name?: string | null, address?: string | null, spelling?: string | null, plate?: string | null}}
 *   Place  a building
 * @typedef {{place: string, spelling: string[][], starts: string, plate?: string}} Prepared  `starts` are the letters with
 *   which its syllables begin
 */

const LATIN = /^[a-z0-9]+$/;
/** Shorter ends of a plate's number are shared by many doors. */
const PLATE_LEAST = 4;
/** How well a door's number fits what was typed, the best first. */
export const RANKS = { same: 0, begins: 1, holds: 2, elsewhere: 3 };

/** What is looked through of a building, made ready once. @param {Place} building @returns {Prepared} */
export function prepare({ name, address, spelling, plate }) {
  const parts = (spelling ?? "").split(" ").filter(Boolean);
  const readings = parts.map((part) => part.split("/"));
  return {
    place: [name, address].map(inOneWord).join(" "),
    spelling: readings,
    starts: readings
      .flat()
      .map((reading) => reading[0])
      .join(""),
    plate: (plate ?? "").toLowerCase(),
  };
}

/** Registers write 人民路 12号, people 人民路12号. @param {string | null | undefined} text */
function inOneWord(text) {
  return (text ?? "").normalize("NFKC").toLowerCase().replace(/\s/g, "");
}

/** A floor as one sign that nobody types: the third is not found in the thirteenth. @param {number | string} floor */
export function floorWord(floor) {
  return String.fromCharCode(0xe100 + Number(floor));
}

/**
 * Taken apart, where nothing was found for it as it was typed: 12号301, 12号2单元301室, 12-301, renmin12, 12号3楼. A floor
 * before a door's number says nothing more, and what has its 号 after a house's is a door.
 * @param {string} typed
 */
export function takenApart(typed) {
  return typed
    .normalize("NFKC")
    .replace(/[-–()]/g, " ")
    .replace(/(\d)单元(\s*(?=\d))?/g, "$1-")
    .replace(/(^|[号栋幢楼座\s-])\d+[楼层]\s*(?=\d)/g, "$1")
    .replace(
      /(^|[号栋幢楼座\s-])(\d+)[楼层](?=\s|$)/g,
      (_all, before, floor) => `${before} ${floorWord(floor)}`,
    )
    .replace(/(\d[a-z]?)[室房户]/gi, "$1 ")
    .replace(/(^|[号栋幢楼座-]\s*)(\d+)号(?=\s*$)/, "$1$2")
    .replace(/([号栋幢楼座a-z])(?=\d)/gi, "$1 ");
}

/** What was typed as words in small letters. @param {string} typed @returns {string[]} */
export function wordsOf(typed) {
  return typed
    .normalize("NFKC")
    .toLowerCase()
    .split(/[\s,，、]+/)
    .filter(Boolean);
}

/**
 * Which of the words a building answers; a word of Latin letters also by how the address is spelt.
 * @param {Prepared} prepared @param {string[]} words @returns {boolean[]}
 */
export function answered({ place, spelling, starts, plate = "" }, words) {
  return words.map(
    (word) =>
      place.includes(word) ||
      (starts.includes(word.charAt(0)) && LATIN.test(word) && isSpelt(spelling, word)) ||
      isOfPlate(plate, word),
  );
}

/** Whether a plate's number begins or ends so. @param {string} plate @param {string} word */
function isOfPlate(plate, word) {
  return word.length >= PLATE_LEAST && (plate.startsWith(word) || plate.endsWith(word));
}

/**
 * How well a door answers the words that its building does not.
 * @param {string} name  of the door, in small letters
 * @param {string[]} words
 * @param {boolean[]} inPlace  the words that the building answers
 * @param {string} [plate]  of the door, in small letters
 * @returns {number} the lower the better; -1 when it does not
 */
export function rankOf(name, words, inPlace, plate = "") {
  let rank = RANKS.elsewhere;
  for (let at = 0; at < words.length; at++) {
    const word = /** @type {string} */ (words[at]);
    const from = name.indexOf(word);
    if (from >= 0) {
      const whole = (name[word.length] ?? " ") === " ";
      rank = Math.min(rank, from > 0 ? RANKS.holds : whole ? RANKS.same : RANKS.begins);
    } else if (isOfPlate(plate, word)) {
      if (plate === word) rank = RANKS.same;
    } else if (!inPlace[at]) return -1;
  }
  return rank;
}

/**
 * Whether some syllables in a row can be shortened to this: ren min lu → rml, rmlu, renml.
 * @param {string[][]} spelling  syllables with their readings
 * @param {string} word
 */
export function isSpelt(spelling, word) {
  return spelling.some((_part, from) => fits(spelling, from, word));
}

/** @param {string[][]} spelling @param {number} at @param {string} rest @returns {boolean} */
function fits(spelling, at, rest) {
  if (rest === "") return true;
  for (const reading of spelling[at] ?? []) {
    for (let length = sameStart(reading, rest); length > 0; length--) {
      if (fits(spelling, at + 1, rest.slice(length))) return true;
    }
  }
  return false;
}

/** @param {string} a @param {string} b */
function sameStart(a, b) {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}
