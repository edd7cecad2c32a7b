/**
 * Writes a rescue file with the phone's own code, of one record with a photo, for the server to read.
 *
 * Asked by one argument, JSON: {key, device, record, photo, picture, out}; `picture` names a file with its bytes.
 */
import { readFileSync, writeFileSync } from "node:fs";
import "fake-indexeddb/auto";
import { setMeta, withStores } from "../../../static/js/offline/db.js";
import { writeRescue } from "../../../static/js/offline/rescue.js";

const { key, device, record, photo, picture, out } = JSON.parse(process.argv[2]);
const bytes = readFileSync(picture);
await setMeta({ rescue: key, device, build: "interop" });
await withStores(["outbox", "photos", "bytes"], "readwrite", async (stores) => {
  await stores("outbox").put({
    ...record,
    state: "waiting",
    door: "",
    visit: photo.visit,
    photos: [photo.id],
  });
  await stores("photos").put({ ...photo, kind: "full", state: "waiting", attempts: 0, offset: 0 });
  await stores("bytes").put(
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
    photo.id,
  );
});
const { file } = await writeRescue();
writeFileSync(out, new Uint8Array(await file.arrayBuffer()));
process.exit(0);
