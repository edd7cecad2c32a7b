// Previews: all of them before any photo, after the text; whatever becomes of one, its photo follows.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { drain } from "../../../static/js/offline/drain.js";
import * as photos from "../../../static/js/offline/photos.js";
import { aDraft, aPhone, aPicture, aRecord, get, rows, withKeys } from "./phone.js";
import { lost, problem, Server } from "./server.js";

const KIB = 1024;
/** @type {Server} */
let server;

beforeEach(async () => {
  await aPhone();
  server = new Server().start();
});

const kinds = () => server.announced.map(({ kind }) => kind);

test("text goes first, then the previews of everything, then the photos", async () => {
  await aRecord({ pictures: 2, bytes: 300 * KIB, preview: 15 * KIB });

  const result = await drain("finish");

  assert.deepEqual([result.sent, result.photos, result.problem], [1, 2, null]);
  assert.deepEqual(kinds(), ["preview", "preview", "full", "full"]);
  assert.ok(server.asked.indexOf("POST /sync/batches") < server.asked.indexOf("POST /sync/photos"));
});

test("text that is finished between two previews goes before the second", async () => {
  await aRecord({ pictures: 2, preview: 15 * KIB });
  let later = null;
  server.faults["after:announce"] = async () => {
    later ??= await aRecord();
    return null;
  };

  await drain("now");

  assert.ok(server.events.has(later.id));
  const asked = server.asked.filter((one) => one.startsWith("POST"));
  assert.deepEqual(asked.slice(0, 4), [
    "POST /sync/batches",
    "POST /sync/photos",
    "POST /sync/batches",
    "POST /sync/photos",
  ]);
});

test("a preview makes room once it is sent, and is sent once", async () => {
  await aRecord({ pictures: 1, preview: 15 * KIB });
  server.faults.piece = ({ path }) => (path.endsWith("-preview") ? null : lost());
  await drain("now");
  const [photo] = await rows("photos");
  assert.equal(photo.preview, null);
  assert.equal(await get("bytes", `preview:${photo.id}`), undefined);
  server.faults = {};

  await drain("now");

  assert.equal(kinds().filter((kind) => kind === "preview").length, 1);
  assert.equal((await rows("photos"))[0].state, "stored");
});

test("a preview that the server will not have stops nothing", async () => {
  await aRecord({ pictures: 1, preview: 15 * KIB });
  server.faults.piece = ({ path }) =>
    path.endsWith("-preview") ? problem(422, "photo-unusable", {}, { reason: "format" }) : null;

  const result = await drain("now");

  assert.deepEqual([result.photos, result.problem], [1, null]);
  assert.equal((await rows("photos"))[0].state, "stored");
});

test("the preview of a photo that is not finished yet stays here", async () => {
  const draft = await aDraft({}, "01900000-0000-7000-8000-00000000c002");
  await photos.add(draft.id, "f", { ...aPicture(), preview: aPicture(500).bytes });
  await aRecord();

  await drain("now");

  assert.deepEqual(kinds(), []);
  assert.equal((await withKeys("bytes")).length, 2);
});

test("a photo that is thrown away takes its preview with it", async () => {
  const draft = await aDraft({});
  const photo = await photos.add(draft.id, "f", { ...aPicture(), preview: aPicture(500).bytes });

  await photos.remove(photo.id);

  assert.deepEqual(await withKeys("bytes"), []);
});

test("a visit that is finished while photos are sent has its preview sent before they go on", async () => {
  await aRecord({ pictures: 1, bytes: 3000 * KIB, preview: 10 * KIB });
  let added = false;
  server.faults["after:piece"] = async ({ path }) => {
    if (added || path.endsWith("-preview")) return null;
    added = true;
    await aRecord({ pictures: 1, bytes: 100 * KIB, preview: 10 * KIB });
    return null;
  };

  await drain("now");

  assert.deepEqual(kinds(), ["preview", "full", "preview"]);
});
