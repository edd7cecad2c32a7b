// A phone for tests: a fresh database, an owner, doors to visit, and short ways to look into its stores.
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { close, setMeta, withStores } from "../../../static/js/offline/db.js";
import * as drafts from "../../../static/js/offline/drafts.js";
import { uuid7 } from "../../../static/js/offline/ids.js";
import { finish } from "../../../static/js/offline/outbox.js";
import * as photos from "../../../static/js/offline/photos.js";
import { reviews } from "../../../static/js/offline/register.js";
import { doubt, newest, standings } from "../../../static/js/offline/standing.js";

export const DEVICE = "01900000-0000-7000-8000-00000000d001";
export const EPOCH = "01900000-0000-7000-8000-00000000e001";
export const NEXT_EPOCH = "01900000-0000-7000-8000-00000000e002";
export const WORKER = {
  id: "01900000-0000-7000-8000-00000000a001",
  name: "Worker",
  role: "worker",
  language: "zh",
};
export const SECOND = {
  id: "01900000-0000-7000-8000-00000000a002",
  name: "Second",
  role: "worker",
  language: "en",
};
export const BUILDING = "01900000-0000-7000-8000-00000000b001";
export const DOOR = "01900000-0000-7000-8000-00000000c001";
export const DISTRICT = { code: "999001", name: "Example District" };

/** A phone that nobody has used yet. */
export async function aNewPhone() {
  await close();
  doubt();
  globalThis.indexedDB = new IDBFactory();
}

/** A phone that is enrolled for the worker, with one building and one door. */
export async function aPhone() {
  await aNewPhone();
  await setMeta({
    device: DEVICE,
    user: WORKER,
    district: DISTRICT,
    epoch: EPOCH,
    build: "b1",
    language: "zh",
  });
  await put("buildings", { id: BUILDING, grid: "g1", address: "9 Example Road", name: "Block 9" });
  await put("doors", aDoor());
}

export function aDoor(overrides = {}) {
  return { id: DOOR, building: BUILDING, unit: "2", floor: 3, door: "301", revision: 4, ...overrides };
}

export async function aDraft(body = {}, door = DOOR) {
  const draft = await drafts.start(door, { outcome: "done" });
  await drafts.save(draft.id, { body: { ...draft.body, ...body } });
  return drafts.read(draft.id);
}

/** A finished visit with so many photos of so many bytes. */
export async function aRecord({ pictures = 0, bytes = 100, preview = 0 } = {}) {
  const finding = { id: uuid7(), item: "H09", action: "notice_left" };
  const checklist = { code: "home-safety", version: 1, checked: true };
  const draft = await aDraft(pictures ? { checklist, findings: [finding] } : {});
  for (let count = 0; count < pictures; count++) {
    const small = preview ? { preview: aPicture(preview).bytes } : {};
    await photos.add(draft.id, finding.id, { ...aPicture(bytes), ...small });
  }
  return finish(draft.id);
}

/** The outbox as its screen reads it, newest first. */
export async function theOutbox() {
  return newest(await standings(), 1000, await reviews());
}

export function aPicture(size = 100) {
  const bytes = crypto.getRandomValues(new Uint8Array(Math.min(size, 65_536)));
  const whole = new Uint8Array(size);
  for (let at = 0; at < size; at += bytes.length) whole.set(bytes.subarray(0, size - at), at);
  return { bytes: whole.buffer, type: "image/jpeg", width: 4, height: 3, taken_at: "2026-11-23T08:00:00Z" };
}

export const put = (name, row, key) =>
  withStores([name], "readwrite", (stores) => stores(name).put(row, key));
export const get = (name, key) => withStores([name], "readonly", (stores) => stores(name).get(key));
export const withdraw = (name, key) => withStores([name], "readwrite", (stores) => stores(name).delete(key));
export const rows = (name) => withStores([name], "readonly", (stores) => stores(name).getAll());

/** What the browser would have in `navigator`, until the test ends. */
export function withNavigator(context, parts) {
  const before = Object.getOwnPropertyDescriptor(globalThis, "navigator");
  Object.defineProperty(globalThis, "navigator", { value: parts, configurable: true, writable: true });
  context.after(() => {
    if (before) Object.defineProperty(globalThis, "navigator", before);
    else delete globalThis.navigator;
  });
}
export const withKeys = (name) => withStores([name], "readonly", (stores) => stores(name).getAllKeys());
