// The shapes that the phone keeps and sends (docs/developers/contract.md), as types only.

/**
 * @typedef {"waiting" | "accepted" | "quarantined" | "conflict"} RecordState
 * @typedef {"draft" | "waiting" | "sending" | "stored" | "unusable"} PhotoState
 *
 * @typedef {{code: string, detail?: string | null}} Problem
 * @typedef {{number: string, received_at: string, durable_through: string | null}} Receipt
 * @typedef {{id: string, name: string, role: string, language?: string}} Person
 * @typedef {{device: string, user: Person, district: {code: string, name: string}, language: string}} Owner
 *
 * @typedef {object} Draft  a visit that is being written; its id is the visit's
 * @property {string} id
 * @property {string} door
 * @property {number} revision
 * @property {string} [previous]  event id of the revision that this one corrects
 * @property {string} started_at
 * @property {string} touched_at
 * @property {string} author
 * @property {string} [label]  where it is, for when the door has left the round; drafts of earlier releases have none
 * @property {number} [schema]  of the body; missing in drafts of the first release, which wrote schema 1
 * @property {Record<string, any>} body
 * @property {Record<string, any>} screen  what only this phone needs to go on
 * @property {number} saves  grows with every save
 *
 * @typedef {object} OutboxRecord  a finished visit; `body` is the exact text that its digest is over
 * @property {string} id
 * @property {string} visit
 * @property {number} revision
 * @property {string} door
 * @property {number} seq
 * @property {string} [device]  whose number that is; records of earlier releases do not say
 * @property {{device: string, seq: number}[]} [earlier]  the numbers that it had while this phone was another device
 * @property {string} author
 * @property {string} type
 * @property {number} schema
 * @property {string} recorded_at
 * @property {string} digest
 * @property {string} body
 * @property {string[]} photos
 * @property {RecordState} state
 * @property {Problem[]} problems
 * @property {Receipt | null} receipt
 * @property {string} [answered_at]
 * @property {number} attempts
 * @property {number} [stuck]  how often it was not taken although it went alone
 * @property {string} saved_at
 * @property {string} label
 * @property {Record<string, any[]>} [gone]  names of those whom it calls gone
 * @property {string} [outcome]  as in the body, which is not read for it; records of the first releases have none
 * @property {boolean} [hazard]  whether it leaves a new hazard open, likewise
 * @property {string} [again_on]  when they asked for another visit
 * @property {string[]} [remind_on]  the days on which they asked to be reminded
 *
 * @typedef {object} Photo
 * @property {string} id
 * @property {string} visit
 * @property {string} draft
 * @property {string} finding
 * @property {"full" | "preview"} kind
 * @property {string} digest
 * @property {number} size  bytes
 * @property {string} type
 * @property {number} width
 * @property {number} height
 * @property {string} taken_at
 * @property {PhotoState} state
 * @property {number} offset  bytes that the server has acknowledged
 * @property {string | null} location
 * @property {string | null} receipt
 * @property {string | null} stored_at  by the server's clock
 * @property {string | null} problem  why it cannot be used
 * @property {number} attempts
 * @property {{digest: string, size: number, tries?: number} | null} [preview]  a small copy that still has to be sent;
 *   its bytes lie beside the photo's
 *
 * @typedef {{sent: number, photos: number, next_attempt_at: number | null, problem: string | null}} Drained
 */

export {};
