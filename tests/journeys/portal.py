"""A captive portal: answers 200 with a page to whatever is asked, as the network of a hotel does."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_PAGE = "<!doctype html><title>免费上网</title><p>请先登录".encode()


class _Portal(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    asked: list[str]

    def _answer(self) -> None:
        self.asked.append(f"{self.command} {self.path}")
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Connection", "close")
        self.send_header("Content-Length", str(len(_PAGE)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(_PAGE)

    do_GET = do_POST = do_HEAD = do_PATCH = _answer

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def portal(port: int) -> Iterator[list[str]]:
    """Stand where the server was; yields what was asked so far."""
    asked: list[str] = []
    kind = type("Portal", (_Portal,), {"asked": asked})
    with ThreadingHTTPServer(("127.0.0.1", port), kind) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield asked
        server.shutdown()
