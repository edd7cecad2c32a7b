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
  const html = await fetchCard(address);
  if (fetching !== address) return;
  fetching = null;
  if (html) kept = { address, html, at: Date.now() };
}

/** A card as the server has it now; null without a network, as the next click itself will say so. @param {string} address */
export async function fetchCard(address) {
  try {
    const answer = await fetch(address, { headers: { "HX-Request": "true", "Fetched-Ahead": "1" } });
    return answer.ok ? await answer.text() : null;
  } catch {
    return null;
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
