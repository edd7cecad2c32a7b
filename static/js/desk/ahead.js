// The next visit is fetched while this one is read, so that opening it waits for nothing.

const GOOD_FOR = 60_000;

/** @type {{address: string, html: string, at: number} | null} */
let kept = null;
/** @type {string | null} */
let fetching = null;

/** Fetch a card before somebody asks for it. @param {string | null | undefined} address */
export async function fetchAhead(address) {
  if (!address || fetching === address || fresh(address)) return;
  fetching = address;
  try {
    const answer = await fetch(address, { headers: { "HX-Request": "true", "Fetched-Ahead": "1" } });
    if (answer.ok && fetching === address) kept = { address, html: await answer.text(), at: Date.now() };
  } catch {
    // Without a network the click itself will say so.
  } finally {
    if (fetching === address) fetching = null;
  }
}

/** The card that was fetched for this address, once; null when there is none or it is old. @param {string | null} address */
export function takeAhead(address) {
  const found = fresh(address) ? (kept?.html ?? null) : null;
  if (found) kept = null;
  return found;
}

/** What was fetched may no longer be true. */
export function forgetAhead() {
  kept = fetching = null;
}

/** @param {string | null} address */
function fresh(address) {
  return kept !== null && kept.address === address && Date.now() - kept.at < GOOD_FOR;
}
