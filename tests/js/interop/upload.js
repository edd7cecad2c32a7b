/**
 * Uploads a file with tus-js-client, a client that is not ours; says at the end where it began and what it got.
 *
 * Beyond what every tus client sends, our server wants the checksum of each piece and the phone's cookie.
 * Asked by one argument, JSON: {endpoint, cookie, file, memory, metadata, piece, during}; `during`: the first piece comes
 * with the announcement.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import tus from "tus-js-client";

const { endpoint, cookie, file, memory, metadata, piece, during } = JSON.parse(process.argv[2]);
const content = readFileSync(file);
/** @type {{from: number | null, receipt: string | undefined}} */
const said = { from: null, receipt: undefined };

const upload = new tus.Upload(content, {
  endpoint,
  metadata,
  chunkSize: piece,
  uploadDataDuringCreation: during,
  retryDelays: null,
  headers: { Cookie: cookie },
  urlStorage: new tus.FileUrlStorage(memory),
  fingerprint: async () => metadata.digest,
  onBeforeRequest(request) {
    const first = during && request.getMethod() === "POST";
    if (!first && request.getMethod() !== "PATCH") return;
    const offset = Number(request.getHeader("Upload-Offset") ?? 0);
    said.from ??= offset;
    const digest = createHash("sha256").update(content.subarray(offset, offset + piece));
    request.setHeader("Upload-Checksum", `sha256 ${digest.digest("base64")}`);
  },
  onAfterResponse(_request, response) {
    said.receipt = response.getHeader("Photo-Receipt") ?? said.receipt;
  },
  onError(error) {
    console.error(String(error));
    process.exit(1);
  },
  onSuccess() {
    console.log(JSON.stringify(said));
  },
});

for (const before of await upload.findPreviousUploads()) upload.resumeFromPreviousUpload(before);
upload.start();
