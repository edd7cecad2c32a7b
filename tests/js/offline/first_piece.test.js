// How large the very first piece of a phone is. In a file of its own: the size is kept as long as the app runs.
import assert from "node:assert/strict";
import { test } from "node:test";
import { drain } from "../../../static/js/offline/drain.js";
import { aPhone, aRecord } from "./phone.js";
import { Server } from "./server.js";

const KIB = 1024;

test("the first piece has 64 KiB", async () => {
  await aPhone();
  const server = new Server().start();
  await aRecord({ pictures: 1, bytes: 300 * KIB });

  await drain("now");

  assert.equal(server.pieces[0], 64 * KIB);
});
