// The phone's light beside its camera: stairwells are dark. Not every phone lets a page switch it.

/** Some cameras say what they can only after their picture has begun, and nothing tells when. */
const LATER = 600;

/**
 * Let a button switch the light of a camera that runs; where there is none, the button is not seen.
 * @param {HTMLElement} button
 * @param {MediaStreamTrack | undefined} track
 * @returns {() => void}  puts it out, when the camera closes
 */
export function lightBy(button, track) {
  const closed = new AbortController();
  const { signal } = closed;
  const offer = () => {
    if (!signal.aborted) button.hidden = !hasLight(track);
  };
  const show = (/** @type {boolean} */ lit) => button.setAttribute("aria-pressed", String(lit));
  const isLit = () => button.getAttribute("aria-pressed") === "true";
  const turn = (/** @type {boolean} */ lit) => {
    show(lit);
    const wanted = /** @type {any} */ ({ advanced: [{ torch: lit }] });
    // A light that refuses is as good as none; the camera goes on seeing.
    track?.applyConstraints(wanted).catch(() => {
      if (!signal.aborted) button.hidden = true;
    });
  };
  const putOut = () => {
    if (isLit()) turn(false);
  };
  show(false);
  offer();
  if (button.hidden) setTimeout(offer, LATER);
  button.addEventListener("click", () => turn(!isLit()), { signal });
  // WebKit would light it again by itself when the page comes back, and in a pocket it only warms the phone.
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && putOut(), {
    signal,
  });
  addEventListener("pagehide", putOut, { signal });
  return () => {
    if (signal.aborted) return;
    putOut();
    closed.abort();
    button.hidden = true;
  };
}

/** @param {MediaStreamTrack | undefined} track */
function hasLight(track) {
  return Boolean(/** @type {any} */ (track?.getCapabilities?.())?.torch);
}
