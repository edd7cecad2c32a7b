// Numbers of documents, mobiles and credit codes: checked as people type, pointing at the wrong character.
// The same rules run on the server (field/people/documents.py) against the same vectors.

import { today } from "./days.js";

/**
 * @typedef {{ok: boolean, value: string, problem?: string, position?: number, warning?: string}} Check
 * `position` is the first wrong character, from 0, in the text without spaces; beyond its end where one is missing
 */

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS = "10X98765432";
const CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY";
/** Also where the plus was forgotten, as far as a mobile number follows. */
const COUNTRY = /^((\+|00)86|86(?=1[3-9]\d{9}$))/;
const RESIDENCE = ["810000", "820000", "830000"];
const DIGIT = /\d/;
const LETTER = /[A-Z]/;
/** Countries differ. */
const PASSPORT = Array.from({ length: 16 }, (_none, more) => 5 + more);

/** @type {Record<string, (value: string) => Check>} by the codes of the list document_type */
const KINDS = {
  111: identityNumber,
  414: (value) => formed(value, () => /[A-Z\d]/, PASSPORT),
  511: (value) => formed(value, () => DIGIT, [8]),
  516: (value) => formed(value, (at) => (at ? DIGIT : /[HM]/), [9, 11]),
  553: foreignCard,
  hmt_residence: residencePermit,
};

/**
 * @param {string} type  a code of document_type
 * @param {string} text
 * @returns {Check}
 */
export function checkDocument(type, text) {
  const value = squeezed(text);
  return Object.hasOwn(KINDS, type) ? KINDS[type](value) : right(value);
}

/** The code of a county, as an identity number begins. @param {string} text @returns {Check} */
export function checkCounty(text) {
  return formed(squeezed(text), () => DIGIT, [6]);
}

/** A mobile number of the mainland: 11 digits, 13 to 19, after dropping spaces, hyphens, brackets and +86. */
/** @param {string} text @returns {Check} */
export function checkMobile(text) {
  const value = bare(text).replace(COUNTRY, "");
  const odd = value.search(/\D/);
  if (odd >= 0) return wrong(value, "character", odd);
  if (value.length !== 11) return wrong(value, "length", Math.min(value.length, 11));
  if (value[0] !== "1") return wrong(value, "prefix", 0);
  return /[3-9]/.test(value[1]) ? right(value) : wrong(value, "prefix", 1);
}

/**
 * A telephone: a mobile number, or what can be dialled otherwise, as it was written. Begins it with 1, or with 01 that
 * is not the 010 of Beijing, a mobile number is meant.
 * @param {string} text @returns {Check}
 */
export function checkPhone(text) {
  const plain = bare(text);
  const home = plain.replace(COUNTRY, "");
  const beijing = home === plain ? /^010\d{8}/ : /^0?10\d{8}/;
  if (/^0?1/.test(home) && !beijing.test(home)) return checkMobile(text);
  const shown = text.normalize("NFKC").trim();
  const odd = shown.search(/[^\d\s()+#转-]/);
  if (odd >= 0) return wrong(shown, "character", odd);
  return /^\+?\d{5,16}([#转]\d{1,6})?$/.test(plain) ? right(shown) : wrong(shown, "length", shown.length);
}

/** A unified social credit code (GB 32100-2015): a wrong check character only warns, such codes exist. */
/** @param {string} text @returns {Check} */
export function checkCreditCode(text) {
  const value = squeezed(text);
  const odd = [...value.slice(0, 18)].findIndex((sign) => !CREDIT.includes(sign));
  if (odd >= 0) return wrong(value, "character", odd);
  if (value.length !== 18) return wrong(value, "length", Math.min(value.length, 18));
  let power = 1;
  let sum = 0;
  for (const sign of value.slice(0, 17)) {
    sum += CREDIT.indexOf(sign) * power;
    power = (power * 3) % 31;
  }
  const check = CREDIT[(31 - (sum % 31)) % 31];
  return value[17] === check ? right(value) : { ok: true, value, warning: "check", position: 17 };
}

/** The birth date in an 18-character number, however it was written, "1985-02-28"; or null. @param {string} text */
export function birthOf(text) {
  const number = squeezed(text);
  if (!/^\d{17}[\dX]$/.test(number)) return null;
  const [year, month, day] = [number.slice(6, 10), number.slice(10, 12), number.slice(12, 14)];
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  const real = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
  return real && Number(year) >= 1800 ? `${year}-${month}-${day}` : null;
}

/** @param {string} number @returns {"male" | "female" | null} */
export function sexOf(number) {
  if (number.length !== 18) return null;
  return Number(number[16]) % 2 ? "male" : "female";
}

/** GB 11643-1999: 17 digits and a check character. @param {string} value @returns {Check} */
function identityNumber(value) {
  const odd = [...value.slice(0, 18)].findIndex(
    (sign, at) => !/\d/.test(sign) && !(at === 17 && sign === "X"),
  );
  if (odd >= 0) return wrong(value, "character", odd);
  if (value.length !== 18) return wrong(value, "length", Math.min(value.length, 18));
  const now = today();
  const birth = birthOf(value);
  if (!birth || birth > now) return wrong(value, "date", wrongInDate(value, now.replaceAll("-", "")));
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(value[at]), 0);
  return value[17] === CHECKS[sum % 11] ? right(value) : wrong(value, "check", 17);
}

/** Where year, month or day begins: the first of them that cannot be. */
/** @param {string} value @param {string} today  "20261123" */
function wrongInDate(value, today) {
  const [year, month] = [value.slice(6, 10), value.slice(10, 12)];
  if (year < "1800" || year > today.slice(0, 4)) return 6;
  return month < "01" || month > "12" || year + month > today.slice(0, 6) ? 10 : 12;
}

/** Like an ID number, with prefixes of its own. @param {string} value @returns {Check} */
function residencePermit(value) {
  const odd = [...value.slice(0, 6)].findIndex(
    (_sign, at) => !RESIDENCE.some((prefix) => prefix.startsWith(value.slice(0, at + 1))),
  );
  return odd < 0 ? identityNumber(value) : wrong(value, "prefix", odd);
}

/** Since 2023-12 like an ID number from 9 on; before, three letters and twelve digits. */
/** @param {string} value @returns {Check} */
function foreignCard(value) {
  if (value.startsWith("9")) return identityNumber(value);
  if (!LETTER.test(value.slice(0, 1))) return wrong(value, "prefix", 0);
  return formed(value, (at) => (at < 3 ? LETTER : DIGIT), [15]);
}

/**
 * Place by place: which signs may stand there, and how many places there can be.
 * @param {string} value @param {(at: number) => RegExp} signs @param {number[]} lengths  the longest comes last
 * @returns {Check}
 */
function formed(value, signs, lengths) {
  const longest = lengths[lengths.length - 1];
  const odd = [...value.slice(0, longest)].findIndex((sign, at) => !signs(at).test(sign));
  if (odd >= 0) return wrong(value, "character", odd);
  if (lengths.includes(value.length)) return right(value);
  return wrong(value, "length", Math.min(value.length, longest));
}

/** Without spaces, in capitals of half width: keyboards for Chinese write full ones. @param {string} text */
function squeezed(text) {
  return text.normalize("NFKC").replace(/\s/g, "").toUpperCase();
}

/** A telephone without what people write between its digits. @param {string} text */
function bare(text) {
  return text.normalize("NFKC").replace(/[\s()-]/g, "");
}

/** @param {string} value @returns {Check} */
function right(value) {
  return { ok: true, value };
}

/** @param {string} value @param {string} problem @param {number} position @returns {Check} */
function wrong(value, problem, position) {
  return { ok: false, value, problem, position };
}
