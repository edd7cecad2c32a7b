// Long lists: the first rows at once, the rest between two frames, touching only what differs from what stands there.

/** So many rows fill any screen. */
const AT_ONCE = 12;
/** So many are drawn between two pictures afterwards: each picture costs as much as a dozen rows. */
const NEXT = 36;
/** @type {WeakMap<HTMLElement, number>} */
const turns = new WeakMap();

/**
 * Put rows in their order.
 * @param {HTMLElement} list
 * @param {number} count
 * @param {(at: number) => HTMLElement} rowAt  asked when the row is drawn; the same element while nothing in it changed
 */
export async function arrange(list, count, rowAt) {
  const mine = (turns.get(list) ?? 0) + 1;
  turns.set(list, mine);
  for (let at = 0; at < count; at++) {
    if (at === AT_ONCE || (at > 0 && at % NEXT === 0)) {
      await new Promise((resolve) => setTimeout(resolve));
      if (turns.get(list) !== mine) return;
    }
    const row = rowAt(at);
    const there = list.children[at];
    if (there === row) continue;
    // One that is gone gives way; to put every later row before it would move them all.
    if (there && there.nextElementSibling === row) there.remove();
    else list.insertBefore(row, there ?? null);
  }
  while (list.children.length > count) list.lastElementChild?.remove();
}
