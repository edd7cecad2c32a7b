// The camera inside the app: its picture live, its light, one frame of it.

/** @typedef {{video: HTMLVideoElement, frame: () => Promise<ImageBitmap>, light: ((on: boolean) => Promise<void>) | null, stop: () => void}} Viewfinder */

const WANTED = { facingMode: "environment", width: { ideal: 1920 }, height: { ideal: 1440 } };

/**
 * Show the camera at the back in this element. Throws when there is none or it was not allowed.
 * @param {HTMLVideoElement} video
 * @returns {Promise<Viewfinder>}
 */
export async function openViewfinder(video) {
  if (!navigator.mediaDevices?.getUserMedia) throw new Error("No camera");
  const stream = await navigator.mediaDevices.getUserMedia({ video: WANTED, audio: false });
  video.srcObject = stream;
  await video.play().catch(() => null);
  const [track] = stream.getVideoTracks();
  const stop = () => {
    for (const one of stream.getTracks()) one.stop();
    video.srcObject = null;
  };
  return { video, frame: () => createImageBitmap(video), light: lightOf(track), stop };
}

/** Stairwells are dark; not every phone lets a page switch its light. */
/** @param {MediaStreamTrack | undefined} track */
function lightOf(track) {
  const can = /** @type {any} */ (track?.getCapabilities?.() ?? {});
  if (!track || !can.torch) return null;
  return (/** @type {boolean} */ on) =>
    track.applyConstraints(/** @type {any} */ ({ advanced: [{ torch: on }] })).catch(() => undefined);
}
