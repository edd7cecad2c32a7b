"""An object store for tests, on the loopback: it speaks as much S3 as we use, and lies when told to."""

import base64
import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

BUCKET = "photos"


class Bucket:
    """What is stored, and how it misbehaves: `refuse` answers a status, `lie` changes what is read,
    `lose` takes and forgets, `damage` stores something else and checks nothing."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.address = ""
        self.mend()

    def mend(self) -> None:
        self.refuse: tuple[int, str] | None = None
        self.lie: Callable[[bytes], bytes] = lambda content: content
        self.lose = False
        self.damage: Callable[[bytes], bytes] | None = None

    def names(self, prefix: str = "") -> list[str]:
        return sorted(name for name in self.objects if name.startswith(prefix))


@contextmanager
def running_bucket() -> Iterator[Bucket]:
    """A bucket that answers until the block ends."""
    bucket = Bucket()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.bucket = bucket  # type: ignore[attr-defined]
    server.daemon_threads = True
    bucket.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield bucket
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def bucket(self) -> Bucket:
        bucket: Bucket = self.server.bucket  # type: ignore[attr-defined]
        return bucket

    def handle_any(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        address = urlsplit(self.path)
        assert self.headers["Authorization"].startswith("AWS4-HMAC-SHA256 Credential=key/")
        name = unquote(address.path).removeprefix(f"/{BUCKET}").removeprefix("/")
        if self.bucket.refuse is not None:
            status, code = self.bucket.refuse
            self.reply(status, f"<Error><Code>{code}</Code><Message>{code}</Message></Error>".encode())
        elif self.command == "PUT":
            self.put(name, body)
        elif self.command == "DELETE":
            self.bucket.objects.pop(name, None)
            self.reply(204)
        elif name:
            self.get(name)
        else:
            self.rows(parse_qs(address.query))

    do_GET = do_HEAD = do_PUT = do_DELETE = handle_any

    def put(self, name: str, body: bytes) -> None:
        claimed = self.headers["x-amz-checksum-sha256"]
        received = self.bucket.damage(body) if self.bucket.damage else body
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        if claimed != digest:
            self.reply(400, b"<Error><Code>BadDigest</Code></Error>")
            return
        if not self.bucket.lose:
            self.bucket.objects[name] = received
        self.reply(200, headers={"ETag": f'"{hashlib.md5(received).hexdigest()}"'})

    def get(self, name: str) -> None:
        content = self.bucket.objects.get(name)
        if content is None:
            self.reply(404, b"<Error><Code>NoSuchKey</Code></Error>")
            return
        self.reply(200, self.bucket.lie(content), {"ETag": '"tag"', "Last-Modified": _http_date()})

    def rows(self, asked: dict[str, list[str]]) -> None:
        prefix = asked.get("prefix", [""])[0]
        rows = "".join(
            f"<Contents><Key>{escape(name)}</Key><LastModified>{datetime.now(UTC).isoformat()[:23]}Z"
            f'</LastModified><ETag>"tag"</ETag><Size>{len(self.bucket.objects[name])}</Size></Contents>'
            for name in self.bucket.names(prefix)
        )
        self.reply(
            200, f"<ListBucketResult><IsTruncated>false</IsTruncated>{rows}</ListBucketResult>".encode()
        )

    def reply(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for header, value in (headers or {}).items():
            self.send_header(header, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


def _http_date() -> str:
    return datetime.now(UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
