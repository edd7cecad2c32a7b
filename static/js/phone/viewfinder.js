// The camera inside the app: its picture live, its light, one frame of it.
import { lightBy } from "./light.js";

/** @typedef {{frame: () => Promise<ImageBitmap>, stop: () => void}} Viewfinder */

const WANTED = { facingMode: "environment", width: { ideal: 1920 }, height: { ideal: 1440 } };

/**
 * Show the camera at the back in this element. Throws when there is none or it was not allowed.
 * @param {HTMLVideoElement} video
 * @param {HTMLElement} light  the button that switches the phone's light
 * @returns {Promise<Viewfinder>}
 */
export async function openViewfinder(video, light) {
  if (!navigator.mediaDevices?.getUserMedia) throw new Error("No camera");
  const stream = await navigator.mediaDevices.getUserMedia({ video: WANTED, audio: false });
  video.srcObject = stream;
  await video.play().catch(() => null);
  const putOut = lightBy(light, stream.getVideoTracks()[0]);
  const stop = () => {
    putOut();
    for (const one of stream.getTracks()) one.stop();
    // It may show another by now.
    if (video.srcObject === stream) video.srcObject = null;
  };
  return { frame: () => createImageBitmap(video), stop };
}
