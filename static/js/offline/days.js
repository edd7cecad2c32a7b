// Days by the phone's calendar: a day of the register is no moment, and begins at another one in each zone.

/** A day as the moment at which it begins here. @param {string} day  YYYY-MM-DD, or a moment, which stays @returns {Date} */
export function here(day) {
  return new Date(/^\d{4}-\d\d-\d\d$/.test(day) ? `${day}T00:00` : day);
}

/** The same as RFC 3339, to compare moments with; empty without a day. @param {string | null | undefined} day */
export function beginningOf(day) {
  return day ? here(day).toISOString() : "";
}

/** Today as YYYY-MM-DD by the phone's calendar. */
export function today() {
  return dayOf(Date.now());
}

/** The day of a moment by the phone's calendar. @param {string | number} at */
export function dayOf(at) {
  const time = new Date(at);
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}
