// Bodies that an older release of the app wrote, brought up to the schema that this one writes and sends.
// The server has the same steps (field/visits/upcasts.py); both are tested with the same frozen bodies.

/** @typedef {Record<string, any>} Body */

/** The step from the schema of its index + 1 to the next. @type {((body: Body) => Body)[]} */
const STEPS = [noticeAsObject, moreToSay, languages, comeAgain];
/** The schema that this release writes. */
export const SCHEMA = STEPS.length + 1;

/**
 * A body of an older schema in the shape of the newest; one of a newer release stays as it is.
 * @param {Body} body
 * @param {number} schema
 * @returns {Body}
 */
export function upcast(body, schema) {
  return STEPS.slice(schema - 1).reduce((older, step) => step(older), body);
}

/**
 * A draft as this release goes on with it, also when an older one began it.
 * @template {import("./types.js").Draft | undefined} T
 * @param {T} draft
 * @returns {T}
 */
export function currentDraft(draft) {
  return draft && { ...draft, schema: SCHEMA, body: upcast(draft.body, draft.schema ?? 1) };
}

/** When it was shown the older app did not say. @param {Body} body @returns {Body} */
function noticeAsObject({ notice_version, ...body }) {
  if (notice_version === undefined) return body;
  const same = body.notice?.version === notice_version;
  return { ...body, notice: same ? body.notice : { version: notice_version } };
}

/** Places of work, rechecks, the hazard notice and more: the older app said nothing of them. @param {Body} body */
function moreToSay(body) {
  return body;
}

/** In which languages the household saw what it was shown: the older app did not say. @param {Body} body */
function languages(body) {
  return body;
}

/** When a household that put the visit off asked for it: the older app did not ask. @param {Body} body */
function comeAgain(body) {
  return body;
}
