// By when something has to be put right: days as the district rules on them, calendar days or working days.

/** A calendar that names no working day for so long is wrong; nobody waits for it. */
const LONGEST = 400;
const DAY = 86_400_000;

/**
 * As the desk counts it, so that the paper at the door and the desk say the same day.
 * @param {{due_days?: number | null, working_days?: boolean, calendar?: Record<string, boolean>} | undefined} item  of
 *   the checklist; its calendar names days that are working or not, unlike their weekday
 * @param {string} start  YYYY-MM-DD; day 0 is the day of the notice itself
 * @returns {string} YYYY-MM-DD
 */
export function dueOn(item, start) {
  const days = item?.due_days ?? 0;
  if (!item?.working_days) return after(start, days);
  let day = start;
  for (let left = days, tried = 0; left > 0 && tried < LONGEST; tried++) {
    day = after(day, 1);
    if (isWorking(day, item.calendar ?? {})) left -= 1;
  }
  return day;
}

/** @param {string} day @param {number} days */
function after(day, days) {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);
}

/** @param {string} day @param {Record<string, boolean>} calendar */
function isWorking(day, calendar) {
  return calendar[day] ?? new Date(`${day}T00:00:00Z`).getUTCDay() % 6 !== 0;
}
