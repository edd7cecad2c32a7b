// The rescue file: everything that is not sent, readable only with the server's key, whatever the phone's state.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { setMeta, withStores } from "../../../static/js/offline/db.js";
import { NoKey, writeRescue } from "../../../static/js/offline/rescue.js";
import { aPhone, aRecord, DEVICE, get, put, rows, SECOND } from "./phone.js";

const CURVE = { name: "ECDH", namedCurve: "P-256" };
const encoder = new TextEncoder();
let server;

beforeEach(async () => {
  await aPhone();
  server = await crypto.subtle.generateKey(CURVE, true, ["deriveBits"]);
  await setMeta({ rescue: { key: "00112233", public: await publicText(server) } });
});

async function publicText({ publicKey }) {
  return Buffer.from(await crypto.subtle.exportKey("raw", publicKey)).toString("base64");
}

/** Read a file as the server does. */
async function partsOf(blob, keys = server) {
  const bytes = Buffer.from(await blob.arrayBuffer());
  const headEnd = bytes.indexOf("\n", bytes.indexOf("\n") + 1) + 1;
  const head = bytes.subarray(0, headEnd);
  const [magic, line] = head.toString().split("\n");
  assert.equal(magic, "DOORSTEP-RESCUE-1");
  const theirs = Buffer.from(JSON.parse(line).public, "base64");
  const key = await fileKey(keys, theirs);
  const parts = [];
  for (let at = headEnd; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const iv = new Uint8Array(12);
    new DataView(iv.buffer).setUint32(8, parts.length);
    const sealed = bytes.subarray(at + 4, at + 4 + length);
    const open = await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: head }, key, sealed);
    const content = Buffer.from(open);
    parts.push(content[0] === 1 ? JSON.parse(content.subarray(1)) : content.subarray(1));
    at += 4 + length;
  }
  return parts;
}

async function fileKey(keys, theirs) {
  const point = await crypto.subtle.importKey("raw", theirs, CURVE, false, []);
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: point }, keys.privateKey, 256);
  const basis = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const salt = Buffer.concat([theirs, Buffer.from(await publicText(server), "base64")]);
  const how = { name: "HKDF", hash: "SHA-256", salt, info: encoder.encode("doorstep rescue 1") };
  return crypto.subtle.deriveKey(how, basis, { name: "AES-GCM", length: 256 }, false, ["decrypt"]);
}

test("a record that waited while the phone was another device says so in the file too", async () => {
  const record = await aRecord();
  await put("outbox", { ...record, earlier: [{ device: SECOND.id, seq: 7 }] });

  const { file } = await writeRescue();

  const [event] = (await partsOf(file)).filter(({ part }) => part === "event");
  assert.deepEqual(event.event.earlier, [{ device: SECOND.id, seq: 7 }]);
});

test("the file holds every unsent record and photo, as they would have been sent", async () => {
  const first = await aRecord();
  const second = await aRecord({ pictures: 1, bytes: 1_300_000 });

  const rescue = await writeRescue();

  const parts = await partsOf(rescue.file);
  assert.deepEqual([rescue.records, rescue.photos, rescue.lost], [2, 1, 0]);
  const { part, device, records, photos } = parts[0];
  assert.deepEqual(
    { part, device, records, photos },
    { part: "about", device: DEVICE, records: 2, photos: 1 },
  );
  const events = parts.filter((one) => one.part === "event").map((one) => one.event);
  assert.deepEqual(
    events.map(({ id, seq, digest, body, schema }) => ({ id, seq, digest, body, schema })),
    [first, second].map(({ id, seq, digest, body, schema }) => ({ id, seq, digest, body, schema })),
  );
  const [photo] = await rows("photos");
  const facts = parts.find((one) => one.part === "photo");
  assert.deepEqual(
    [facts.photo, facts.digest, facts.size, facts.visit],
    [photo.id, photo.digest, 1_300_000, second.visit],
  );
  const bytes = Buffer.concat(parts.filter((one) => Buffer.isBuffer(one)));
  assert.deepEqual(bytes, Buffer.from(await get("bytes", photo.id)));
  assert.equal(parts.at(-1).part, "end");
});

test("nothing in it can be read without the server's key", async () => {
  await aRecord();
  const { file } = await writeRescue();
  const other = await crypto.subtle.generateKey(CURVE, true, ["deriveBits"]);

  await assert.rejects(partsOf(file, other));
  const text = Buffer.from(await file.arrayBuffer()).toString("latin1");
  assert.ok(!text.includes("visit") && !text.includes(DEVICE));
});

test("writing it changes nothing on the phone, and it can be written again", async () => {
  await aRecord({ pictures: 1 });
  const before = [await rows("outbox"), await rows("photos")];

  const [one, two] = [await writeRescue(), await writeRescue()];

  assert.deepEqual([await rows("outbox"), await rows("photos")], before);
  const [first, second] = [await partsOf(one.file), await partsOf(two.file)];
  assert.deepEqual(first.slice(1), second.slice(1));
});

test("what was received is left out; a photo that is still to go is in it without its record", async () => {
  const record = await aRecord({ pictures: 1 });
  await put("outbox", { ...record, state: "accepted" });

  const rescue = await writeRescue();

  const parts = await partsOf(rescue.file);
  assert.deepEqual([rescue.records, rescue.photos], [0, 1]);
  assert.deepEqual(
    parts.map((one) => one.part ?? "bytes"),
    ["about", "photo", "bytes", "end"],
  );
});

test("records of a colleague who uses the same phone are in it too", async () => {
  const mine = await aRecord();
  await put("outbox", { ...mine, id: "01900000-0000-7000-8000-0000000000ff", seq: 2, author: SECOND.id });

  assert.equal((await writeRescue()).records, 2);
});

test("a photo whose bytes are gone is told, and the rest is written", async () => {
  await aRecord({ pictures: 2 });
  const [photo] = await rows("photos");
  await withStores(["bytes"], "readwrite", (stores) => stores("bytes").delete(photo.id));

  const rescue = await writeRescue();

  assert.deepEqual([rescue.records, rescue.photos, rescue.lost], [1, 1, 1]);
  assert.equal((await partsOf(rescue.file)).at(-1).part, "end");
});

test("its name says the day and time that the phone showed", async (context) => {
  const zone = process.env.TZ;
  process.env.TZ = "Asia/Shanghai";
  context.mock.timers.enable({ apis: ["Date"], now: Date.parse("2026-01-01T23:05:00Z") });
  try {
    assert.match((await writeRescue()).name, /^20260102-0705-[0-9a-f]{4}\.doorstep$/);
  } finally {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  }
});

test("without the server's key nothing is written, and that is said", async () => {
  await setMeta({ rescue: undefined });

  await assert.rejects(writeRescue(), NoKey);
});
