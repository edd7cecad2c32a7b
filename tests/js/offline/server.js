// A server for tests that speaks the protocol in memory, keeps what it took, and misbehaves where a test says so.
import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { DEVICE, DISTRICT, EPOCH, WORKER } from "./phone.js";

const NOW = "2026-11-24T08:00:00Z";

export class Server {
  constructor() {
    this.epoch = EPOCH;
    this.device = DEVICE;
    this.user = WORKER;
    this.now = NOW;
    this.durable_through = null;
    this.events = new Map();
    this.photos = new Map();
    this.pages = [];
    /** Requests as "METHOD path", and the batches as they came. */
    this.asked = [];
    this.batches = [];
    this.enrolments = [];
    /** The highest number that this phone has sent. */
    this.highest = 0;
    this.lostStorage = false;
    this.pieces = [];
    this.announced = [];
    /** Name → function(request) that may answer in place of the server; "after:…" alters its answer. */
    this.faults = {};
  }

  /** Take the place of the network. */
  start() {
    globalThis.fetch = (path, options = {}) => this.take(String(path), options);
    return this;
  }

  async take(path, options) {
    const method = options.method ?? "GET";
    const name = nameOf(method, path);
    this.asked.push(`${method} ${path}`);
    const request = { method, path, headers: new Headers(options.headers), body: bytesOf(options.body) };
    if (name === "announce" && request.body.length > 0) return this.announceWith(request);
    return this.judged(name, request);
  }

  async judged(name, request) {
    const early = await this.faults[name]?.(request);
    if (early) return early;
    const answer = this[name](request);
    return (await this.faults[`after:${name}`]?.(request, answer)) ?? answer;
  }

  probe() {
    return json({ doorstep: this.epoch });
  }

  enrolment(request) {
    const asked = read(request);
    this.enrolments.push(asked);
    this.lostStorage ||= asked.seq < this.highest;
    const { device, user, epoch, highest } = this;
    return json({ device, user, district: DISTRICT, epoch, now: this.now, highest_seq: highest });
  }

  batch(request) {
    const batch = read(request);
    this.batches.push(batch);
    const results = batch.events.map((event) => this.judge(event));
    return json({ epoch: this.epoch, now: this.now, results });
  }

  judge({ id, digest, body, seq }) {
    const known = this.events.get(id);
    const right = digest === `sha-256:${createHash("sha256").update(body).digest("hex")}`;
    if (!right) return { id, result: "quarantined", problems: [{ code: "digest", detail: null }] };
    if (!known) this.events.set(id, { digest, body, seq });
    const stands = { receipt: this.receipt(), answered_at: this.now };
    return { id, result: known ? "duplicate" : "accepted", ...stands, problems: [] };
  }

  receipt() {
    return { number: "ABCD2345", received_at: this.now, durable_through: this.durable_through };
  }

  announce({ headers }) {
    const pairs = headers.get("Upload-Metadata").split(",");
    const facts = Object.fromEntries(pairs.map((pair) => pair.split(" ")).map(([k, v]) => [k, atob(v)]));
    const key = facts.kind === "preview" ? `${facts.photo}-preview` : facts.photo;
    const upload = this.photos.get(key) ?? {
      facts,
      size: Number(headers.get("Upload-Length")),
      bytes: Buffer.alloc(0),
    };
    this.photos.set(key, upload);
    this.announced.push(facts);
    return this.place(201, upload, { Location: `/sync/photos/${key}` });
  }

  /** With its first piece: all or nothing; of what is known already no piece is taken. */
  async announceWith(request) {
    const before = new Map(this.photos);
    const answer = await this.judged("announce", request);
    const location = answer.headers.get("Location");
    const key = location?.split("/").at(-1);
    if (answer.status !== 201 || before.has(key) || !this.photos.has(key)) return answer;
    request.headers.set("Upload-Offset", "0");
    const taken = await this.judged("piece", { ...request, method: "PATCH", path: location });
    if (taken.status !== 204) this.photos = before;
    const stands = Object.fromEntries([...answer.headers, ...taken.headers]);
    return taken.status === 204 && taken.headers.has("Date")
      ? new Response(null, { status: 201, headers: stands })
      : taken;
  }

  ask({ path }) {
    const upload = this.photos.get(path.split("/").at(-1));
    return upload ? this.place(200, upload) : new Response(null, { status: 404 });
  }

  piece({ path, headers, body }) {
    const upload = this.photos.get(path.split("/").at(-1));
    if (!upload) return problem(404, "not-found");
    const sum = createHash("sha256").update(body).digest("base64");
    if (headers.get("Upload-Checksum") !== `sha256 ${sum}`) return problem(460, "checksum-mismatch");
    if (Number(headers.get("Upload-Offset")) !== upload.bytes.length) return problem(409, "offset-wrong");
    this.pieces.push(body.length);
    upload.bytes = Buffer.concat([upload.bytes, body]);
    return this.place(204, upload);
  }

  place(status, upload, headers = {}) {
    const whole = upload.bytes.length === upload.size;
    const facts = {
      "Upload-Offset": String(upload.bytes.length),
      Date: new Date(this.now).toUTCString(),
      ...headers,
    };
    return new Response(null, { status, headers: whole ? { ...facts, "Photo-Receipt": "PHOT2345" } : facts });
  }

  pack() {
    const page = this.pages.shift() ?? {};
    return json({
      epoch: this.epoch,
      now: this.now,
      cursor: "c0",
      more: false,
      reset: false,
      user: this.user,
      ...page,
    });
  }

  reconciliation(request) {
    const held = read(request);
    this.held = held;
    const lists = {
      missing: [],
      quarantined: [],
      photos_missing: [],
      photos_partial: [],
      photos_quarantined: [],
    };
    lists.missing = held.visits.map(({ id }) => id).filter((id) => !this.events.has(id));
    lists.photos_missing = held.photos.map(({ id }) => id).filter((id) => !this.photos.has(id));
    const { epoch, now, durable_through } = this;
    return json({ epoch, now, durable_through, highest_seq: 0, ...lists });
  }
}

export function json(body, status = 200, headers = {}) {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "Content-Type": "application/json", ...headers },
  });
}

export function problem(status, code, headers = {}, members = {}) {
  return json(
    { type: `urn:doorstep:problem:${code}`, code, title: code, status, ...members },
    status,
    headers,
  );
}

export function portal() {
  return new Response("<html>Welcome to our network</html>", { headers: { "Content-Type": "text/html" } });
}

export function lost() {
  throw new TypeError("Failed to fetch");
}

function nameOf(method, path) {
  if (path.startsWith("/sync/photos")) return { POST: "announce", HEAD: "ask", PATCH: "piece" }[method];
  if (path.startsWith("/sync/pack")) return "pack";
  return {
    "/sync/probe": "probe",
    "/sync/enrolment": "enrolment",
    "/sync/batches": "batch",
    "/sync/reconciliation": "reconciliation",
  }[path];
}

function bytesOf(body) {
  return body ? Buffer.from(body) : Buffer.alloc(0);
}

function read({ headers, body }) {
  return JSON.parse(headers.get("Content-Encoding") === "gzip" ? gunzipSync(body) : body);
}
