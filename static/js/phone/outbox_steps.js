// The way of a record: on this phone, received, photos, reviewed; each step with its state, sign and words.
import { beside, moment, say } from "./texts.js";

/** @typedef {{state: string, sign: string, word: string, number?: string}} Step */

/** @param {any} record @returns {Step[]} */
export function stepsOf(record) {
  const steps = [
    { state: "done", sign: "check", word: say("step_saved", { time: moment(record.saved_at) }) },
    received(record),
  ];
  if (record.photos.length) steps.push(photosStep(record.photos));
  if (record.state === "accepted" || record.state === "duplicate") steps.push(reviewed(record.review));
  return steps;
}

/** @param {any} record @returns {Step} */
function received(record) {
  if (record.state === "accepted" || record.state === "duplicate") {
    return { state: "done", sign: "check", word: say("step_received"), number: record.receipt?.number };
  }
  if (record.state === "quarantined") return { state: "away", sign: "info", word: say("step_quarantined") };
  if (record.state === "conflict") return { state: "away", sign: "info", word: say("step_conflict") };
  return { state: "waiting", sign: "up", word: say(record.attempts ? "step_trying" : "step_waiting") };
}

/** @param {any[]} photos @returns {Step} */
function photosStep(photos) {
  const stored = photos.filter((photo) => photo.state === "stored").length;
  const unusable = photos.filter((photo) => photo.state === "unusable").length;
  const word = say("step_photos", { done: stored, n: photos.length });
  if (unusable)
    return { state: "hazard", sign: "hazard", word: beside([word, say("step_unusable", { n: unusable })]) };
  const done = stored === photos.length;
  const number = photos
    .map((photo) => photo.receipt ?? "")
    .join(" ")
    .trim();
  return { state: done ? "done" : "waiting", sign: done ? "check" : "camera", word, number };
}

/** @param {any} review @returns {Step} */
function reviewed(review) {
  if (review?.state === "approved") return { state: "done", sign: "seal", word: say("step_approved") };
  if (review?.state === "corrected") return { state: "done", sign: "pen", word: say("step_corrected") };
  if (review?.state === "returned") return { state: "returned", sign: "return", word: say("step_returned") };
  return { state: "todo", sign: "todo", word: say("step_review") };
}
