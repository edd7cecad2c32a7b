// The photo lane: resumed where it stopped, never ahead of text, and no photo stops the others.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { drain } from "../../../static/js/offline/drain.js";
import { aPhone, aRecord, get, put, rows, theOutbox } from "./phone.js";
import { json, lost, portal, problem, Server } from "./server.js";

const KIB = 1024;
/** @type {Server} */
let server;

beforeEach(async () => {
  await aPhone();
  server = new Server().start();
});

const photosOf = async () => (await rows("photos")).sort((a, b) => a.id.localeCompare(b.id));
const states = async () => (await photosOf()).map(({ state }) => state);
const whole = async (id) => Buffer.from(await get("bytes", id)).equals(server.photos.get(id).bytes);

test("photos are sent after their text and keep the server's receipt", async () => {
  const record = await aRecord({ pictures: 2, bytes: 300 * KIB });

  const result = await drain("finish");

  assert.deepEqual([result.sent, result.photos, result.problem], [1, 2, null]);
  const first = server.asked.findIndex((line) => line.startsWith("POST /sync/photos"));
  assert.ok(server.asked.indexOf("POST /sync/batches") < first);
  for (const photo of await photosOf()) {
    assert.deepEqual([photo.state, photo.receipt, photo.offset], ["stored", "PHOT2345", photo.size]);
    assert.equal(photo.stored_at, "2026-11-24T08:00:00.000Z");
    assert.ok(await whole(photo.id));
    assert.equal(server.photos.get(photo.id).facts.visit, record.visit);
  }
});

test("pieces grow to no more than 1 MiB on a good link", async () => {
  await aRecord({ pictures: 1, bytes: 3500 * KIB });

  await drain("now");

  for (const [index, size] of server.pieces.entries()) {
    assert.ok(size <= 1024 * KIB);
    if (index) assert.ok(size <= 2 * server.pieces[index - 1]);
  }
  assert.ok(Math.max(...server.pieces) > 64 * KIB);
});

test("a photo whose connection broke goes on from the byte where it stopped, in smaller pieces", async () => {
  await aRecord({ pictures: 1, bytes: 5000 * KIB });
  let count = 0;
  server.faults.piece = () => (++count === 2 ? lost() : null);
  const broken = await drain("now");
  const [largest, at] = [server.pieces.at(-1), server.photos.values().next().value.bytes.length];
  server.faults = {};
  server.pieces = [];
  const announced = server.asked.filter((line) => line.startsWith("POST /sync/photos")).length;

  const result = await drain("timer");

  assert.equal(broken.problem, "offline");
  assert.ok(at > 0);
  assert.ok(server.pieces[0] <= largest * 2 && server.pieces[0] < 1024 * KIB);
  assert.equal(
    server.pieces.reduce((sum, size) => sum + size),
    5000 * KIB - at,
  );
  assert.equal(server.asked.filter((line) => line.startsWith("POST /sync/photos")).length, announced);
  assert.equal(result.photos, 1);
});

test("a photo that fits into one piece is there after one request", async () => {
  await aRecord({ pictures: 1, bytes: 60 * KIB });

  await drain("now");

  assert.deepEqual(server.asked.slice(2), ["POST /sync/photos"]);
  assert.deepEqual(await states(), ["stored"]);
});

test("a photo whose announcement broke is announced alone, and its first piece comes only if it is missing", async () => {
  await aRecord({ pictures: 1, bytes: 60 * KIB });
  server.faults["after:piece"] = lost;
  await drain("now");
  server.faults = { piece: () => assert.fail("it is there") };

  await drain("now");

  assert.deepEqual(await states(), ["stored"]);
  assert.deepEqual(server.pieces, [60 * KIB]);
});

test("a reply that is lost after a piece was stored does not send the piece again", async () => {
  await aRecord({ pictures: 1, bytes: 200 * KIB });
  server.faults["after:piece"] = lost;
  await drain("now");
  server.faults = {};

  await drain("now");

  assert.equal(
    server.pieces.reduce((sum, size) => sum + size),
    200 * KIB,
  );
  assert.deepEqual(await states(), ["stored"]);
});

test("409 asks where the server stands and goes on from there", async () => {
  await aRecord({ pictures: 1, bytes: 200 * KIB });
  let once = true;
  server.faults.piece = ({ body, path }) => {
    if (!once) return null;
    once = false;
    // Another connection has already brought this piece.
    server.photos.get(path.split("/").at(-1)).bytes = Buffer.from(body);
    return problem(409, "offset-wrong");
  };

  await drain("now");

  const [photo] = await photosOf();
  assert.equal(photo.state, "stored");
  assert.ok(await whole(photo.id));
});

test("460 sends the damaged piece again", async () => {
  await aRecord({ pictures: 1, bytes: 20 * KIB });
  let once = true;
  server.faults.piece = (request) => {
    if (once) request.body = Buffer.from(request.body).fill(0, 0, 9);
    once = false;
    return null;
  };

  await drain("now");

  const [photo] = await photosOf();
  assert.equal(photo.state, "stored");
  assert.ok(await whole(photo.id));
});

test("a piece that stays damaged gives the turn to the next photo", async () => {
  await aRecord({ pictures: 2, bytes: 20 * KIB });
  const [bad, good] = await photosOf();
  server.faults.piece = ({ path }) => (path.endsWith(bad.id) ? problem(460, "checksum-mismatch") : null);

  const result = await drain("now");

  assert.equal(result.problem, "refused");
  assert.ok(result.next_attempt_at > Date.now());
  assert.equal((await get("photos", bad.id)).state, "waiting");
  assert.equal((await get("photos", good.id)).state, "stored");
});

test("a photo that the server cannot use is set aside with its bytes, and the rest goes on", async () => {
  await aRecord({ pictures: 3 });
  const [bad] = await photosOf();
  server.faults.piece = ({ path }) =>
    path.endsWith(bad.id) ? problem(422, "photo-unusable", {}, { reason: "truncated" }) : null;

  const result = await drain("now");

  assert.deepEqual([result.photos, result.problem], [2, null]);
  const kept = await get("photos", bad.id);
  assert.deepEqual([kept.state, kept.problem], ["unusable", "truncated"]);
  assert.equal((await get("bytes", bad.id)).byteLength, bad.size);
  const asked = server.asked.length;
  await drain("now");
  assert.equal(server.asked.length, asked, "it is not sent again");
});

test("a photo that was found unusable while nobody listened is set aside when the upload is asked for", async () => {
  await aRecord({ pictures: 1 });
  server.faults["after:announce"] = (_request, answer) =>
    new Response(null, {
      status: 201,
      headers: { ...Object.fromEntries(answer.headers), "Photo-Problem": "empty" },
    });

  await drain("now");

  const [photo] = await photosOf();
  assert.deepEqual([photo.state, photo.problem], ["unusable", "empty"]);
});

test("a photo larger than the server takes is set aside", async () => {
  await aRecord({ pictures: 1 });
  server.faults.announce = () => problem(413, "too-large");

  await drain("now");

  assert.deepEqual(await states(), ["unusable"]);
});

test("413 to a piece makes the pieces smaller", async () => {
  await aRecord({ pictures: 1, bytes: 200 * KIB });
  server.faults.piece = ({ body }) => (body.length > 30 * KIB ? problem(413, "too-large") : null);

  assert.equal((await drain("now")).photos, 1);
});

test("a photo that breaks the server waits behind the others and is tried for ever", async () => {
  await aRecord({ pictures: 2 });
  const [bad] = await photosOf();
  server.faults.piece = ({ path }) => (path.endsWith(bad.id) ? problem(500, "unexpected") : null);
  for (let count = 0; count < 5; count++) await drain("timer");
  assert.equal((await get("photos", bad.id)).attempts, 5);
  assert.deepEqual((await states()).sort(), ["stored", "waiting"]);
  server.faults = {};

  assert.equal((await drain("timer")).photos, 1);
});

for (const [status, code, told] of [
  [401, "device-unknown", "enrol"],
  [429, "too-many-requests", "busy"],
  [503, "busy", "busy"],
  [507, "storage-full", "full"],
]) {
  test(`${status} in the middle of a photo stops the lane and loses nothing`, async () => {
    await aRecord({ pictures: 2 });
    server.faults.piece = () => problem(status, code);
    server.faults.enrolment = () => problem(401, "sign-in-needed");

    assert.equal((await drain("now")).problem, told);
    assert.deepEqual(await states(), ["waiting", "waiting"]);
    assert.equal((await rows("bytes")).length, 2);
  });
}

test("a captive portal in the photo lane stores nothing and deletes nothing", async () => {
  await aRecord({ pictures: 1 });
  for (const name of ["announce", "piece", "ask"]) {
    server.faults = { [name]: portal };
    assert.equal((await drain("now")).problem, "portal", name);
    assert.deepEqual(await states(), ["waiting"], name);
    assert.equal((await rows("bytes")).length, 1);
  }
});

for (const offset of ["99999", "50", "0", "x", ""]) {
  test(`204 with the offset "${offset}" after a hundred bytes is no answer of ours`, async () => {
    await aRecord({ pictures: 1, bytes: 100 });
    server.faults.piece = () => new Response(null, { status: 204, headers: { "Upload-Offset": offset } });

    assert.equal((await drain("now")).problem, "portal");
    assert.deepEqual(await states(), ["waiting"]);
  });
}

test("a receipt that was cut on its way is none", async () => {
  await aRecord({ pictures: 1, bytes: 100 });
  server.faults["after:piece"] = (_request, answer) =>
    new Response(null, {
      status: answer.status,
      headers: { ...Object.fromEntries(answer.headers), "Photo-Receipt": "PHOT23" },
    });

  assert.equal((await drain("now")).problem, "portal");
  assert.deepEqual(await states(), ["waiting"]);
  server.faults = {};

  await drain("now");
  assert.equal((await photosOf())[0].receipt, "PHOT2345");
});

test("an upload that the server has forgotten begins anew", async () => {
  await aRecord({ pictures: 1 });
  const [photo] = await photosOf();
  await put("photos", { ...photo, state: "sending", location: "/sync/photos/forgotten", offset: 50 });

  assert.equal((await drain("now")).photos, 1);
  assert.ok(await whole(photo.id));
});

test("an address outside of the uploads is never followed", async () => {
  await aRecord({ pictures: 1 });
  server.faults.announce = () =>
    json({}, 201, { Location: "https://elsewhere.example/sync/photos/1", "Upload-Offset": "0" });

  assert.equal((await drain("now")).problem, "portal");
  assert.deepEqual(server.pieces, []);
});

test("text that is finished during a photo goes before its next piece", async () => {
  await aRecord({ pictures: 1, bytes: 6000 * KIB });
  let late;
  server.faults["after:piece"] = async () => {
    late ??= await aRecord();
    return null;
  };

  const result = await drain("now");

  const lines = server.asked.map((line) => line.split("/").slice(0, 3).join("/"));
  const second = lines.lastIndexOf("POST /sync/batches");
  assert.equal(lines.indexOf("POST /sync/photos"), second - 1);
  assert.ok(lines.indexOf("PATCH /sync/photos") > second);
  assert.equal(result.sent, 2);
  assert.ok(server.events.has(late.id));
});

test("photos go although their text gets no answer", async () => {
  await aRecord({ pictures: 1 });
  server.judge = () => null;

  assert.equal((await drain("now")).photos, 1);
});

test("bytes that the browser has lost or damaged are said, not sent", async () => {
  await aRecord({ pictures: 2 });
  const [gone, damaged] = await photosOf();
  await put("bytes", undefined, gone.id);
  await put("bytes", new Uint8Array(damaged.size).buffer, damaged.id);

  await drain("now");

  const problems = (await photosOf()).map(({ state, problem: code }) => `${state} ${code}`);
  assert.deepEqual(problems, ["unusable bytes-missing", "unusable bytes-damaged"]);
  assert.deepEqual(server.pieces, []);
});

test("a link that moves something each time is weak, not dead: its pauses stay short", async (context) => {
  context.mock.method(Math, "random", () => 1);
  await aRecord({ pictures: 1, bytes: 3000 * KIB });
  for (let count = 0; count < 3; count++) {
    let pieces = 0;
    server.faults.piece = () => (++pieces === 2 ? lost() : null);
    const { next_attempt_at } = await drain("timer");
    assert.ok(next_attempt_at - Date.now() <= 2000);
  }
});

test("the outbox shows photos with their record", async () => {
  await aRecord({ pictures: 2 });
  await drain("now");

  const [record] = await theOutbox();

  assert.deepEqual(
    record.photos.map(({ state }) => state),
    ["stored", "stored"],
  );
});
