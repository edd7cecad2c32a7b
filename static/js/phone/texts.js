// Words that code needs, taken from the shell; dates, times and sizes as people here write them.
import { here } from "../offline/days.js";

/** @type {Record<string, string>} */
const texts = JSON.parse(document.getElementById("texts")?.textContent ?? "{}");
/** What a household reads, in the languages that the shell does not speak. @type {Record<string, Record<string, string>>} */
const others = JSON.parse(document.getElementById("texts-others")?.textContent ?? "{}");

/** The language of the shell: zh or en. */
export const language = document.documentElement.lang.slice(0, 2) === "en" ? "en" : "zh";
/** @type {Record<string, string>} */
const LOCALES = { zh: "zh-CN", en: "en-GB" };

/**
 * A text of the shell with {names} replaced.
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 * @param {string} [code]  another language, for what the household reads
 * @returns {string}
 */
export function say(key, values = {}, code = language) {
  const text = others[code]?.[key] ?? texts[key] ?? key;
  // Most say the same always, and the round asks for one at each of thousands of doors.
  if (!text.includes("{")) return text;
  return text.replace(/\{(\w+)\}/g, (_whole, name) => String(values[name] ?? ""));
}

/** Sentences one after the other; Chinese ones end in their own space. @param {string[]} parts */
export function inARow(parts) {
  return parts.filter(Boolean).join(language === "zh" ? "" : " ");
}

/** Facts beside each other; a line breaks behind the dot: one that begins a line looks like a list's. @param {unknown[]} parts */
export function beside(parts) {
  return parts.filter(Boolean).join("\u00a0· ");
}

/** A law with its articles as papers write it, from how checklists keep it: 消防法 28、60. @param {string} basis */
export function statute(basis) {
  return basis.replace(/^(\S+) ([\d、]+)$/, (_whole, law, articles) => {
    return `《${law}》第${articles.replaceAll("、", "条、第")}条`;
  });
}

/** @param {string} key @returns {boolean} */
export function known(key) {
  return key in texts;
}

/**
 * The word of a code in the language of the shell.
 * @param {{code: string, zh: string, en: string}[]} codes
 * @param {unknown} code
 */
export function label(codes, code) {
  return codes.find((row) => row.code === String(code))?.[language] ?? "";
}

/** @param {Record<string, string> | string | null | undefined} both @param {string} [code]  zh or en */
export function word(both, code = language) {
  return typeof both === "string" ? both : (both?.[code] ?? "");
}

/** @type {Intl.DateTimeFormatOptions} */
const CLOCK = { hour: "2-digit", minute: "2-digit", hour12: false };
/** @type {Intl.DateTimeFormatOptions} */
const DAY = { month: "short", day: "numeric" };
const clock = inWords(CLOCK);
const dayAndClock = inWords({ ...DAY, ...CLOCK });
const dayOnly = inWords(DAY);
const dayOfAnotherYear = inWords({ ...DAY, year: "numeric" });
const dayAndClockOfAnotherYear = inWords({ ...DAY, year: "numeric", ...CLOCK });

/** Made when it is first needed: each takes a slow phone tens of milliseconds at its start. */
/** @param {Intl.DateTimeFormatOptions} how @returns {(time: Date, code?: string) => string} */
function inWords(how) {
  /** @type {Record<string, Intl.DateTimeFormat>} */
  const formats = {};
  return (time, code = language) => {
    formats[code] ??= new Intl.DateTimeFormat(LOCALES[code], how);
    return undivided(formats[code].format(time));
  };
}

/** A day is not divided at the end of a line: joiners of no width hold a Chinese one together. @param {string} text */
const undivided = (text) => text.replace(/\d(?=[年月日])|[年月](?=\d)/g, "$&\u2060").replace(/ /g, "\u00a0");

/** Days of another year say which. @param {Date} time */
const isOfAnotherYear = (time) => time.getFullYear() !== new Date().getFullYear();

/**
 * "14:05" today, otherwise with the day.
 * @param {string | number | null | undefined} at  RFC 3339 or milliseconds
 */
export function moment(at) {
  if (!at) return "";
  const time = new Date(at);
  if (daysAgo(at) === 0) return clock(time);
  return isOfAnotherYear(time) ? dayAndClockOfAnotherYear(time) : dayAndClock(time);
}

/** @param {string | null | undefined} on @param {string} [code]  zh or en */
export function day(on, code = language) {
  if (!on) return "";
  const time = here(on);
  return isOfAnotherYear(time) ? dayOfAnotherYear(time, code) : dayOnly(time, code);
}

/** With its year, for what is kept. @param {string} on @param {string} [code]  zh or en */
export function fullDay(on, code = language) {
  return dayOfAnotherYear(here(on), code);
}

/** By when a hazard is to be put right, or for how long it has been late. @param {string | null | undefined} on */
export function byWhen(on) {
  if (!on) return "";
  const n = daysAgo(`${on}T00:00`);
  return n > 0
    ? say("overdue", { n })
    : n === 0
      ? say("fix_today", { day: day(on) })
      : say("due", { day: day(on) });
}

/** Days between a time and now, by calendar. @param {string | number} at */
export function daysAgo(at) {
  const midnight = (/** @type {Date} */ time) => new Date(time).setHours(0, 0, 0, 0);
  return Math.round((midnight(new Date()) - midnight(new Date(at))) / 86_400_000);
}

/** "today", "yesterday", "5 days ago". @param {string} at */
export function ago(at) {
  const days = daysAgo(at);
  if (days <= 0) return say("today");
  return days === 1 ? say("yesterday") : say("days_ago", { n: days });
}

/** "340 KB", "2.1 MB", "12 GB". @param {number} bytes */
export function fileSize(bytes) {
  if (bytes >= 1_073_741_824) return `${Math.round(bytes / 1_073_741_824)}\u00a0GB`;
  if (bytes < 1_048_576) return `${Math.ceil(bytes / 1024)}\u00a0KB`;
  return `${(bytes / 1_048_576).toFixed(bytes < 10_485_760 ? 1 : 0)}\u00a0MB`;
}
