// Reads a text aloud where the browser can: some people at the door do not read, or not this language.

/** @type {Record<string, string>} */
const VOICES = { zh: "zh-CN", en: "en-GB" };

/** Whether this browser can speak. */
export function canSpeak() {
  return "speechSynthesis" in globalThis && "SpeechSynthesisUtterance" in globalThis;
}

/**
 * Read these lines one after the other; what was being read stops.
 * @param {string[]} lines
 * @param {string} code  zh or en
 * @param {() => void} begun  when somebody hears it: some phones have no voice for it
 * @param {() => void} ended  when the last line was read, or reading was stopped or failed
 */
export function readAloud(lines, code, begun, ended) {
  hush();
  lines.forEach((line, at) => {
    const speech = new SpeechSynthesisUtterance(line);
    speech.lang = VOICES[code] ?? code;
    speech.rate = 0.9;
    speech.addEventListener("error", ended);
    if (at === 0) speech.addEventListener("start", begun);
    if (at === lines.length - 1) speech.addEventListener("end", ended);
    speechSynthesis.speak(speech);
  });
}

/** Stop reading. */
export function hush() {
  if (canSpeak()) speechSynthesis.cancel();
}
