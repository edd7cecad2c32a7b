"""gzip for what is the same for everybody: static text and the phone's shell. Pages with somebody's data stay as they
are, because compressing a secret beside what a stranger chose tells the secret by its length. Scripts and styles go
out without their comments and indentation: those are for us, and phones pay for every byte."""

import gzip
import hashlib
import re
from collections.abc import Callable

from flask import Flask, Response, request
from rjsmin import jsmin

KINDS = frozenset({"text/css", "text/javascript", "text/html", "image/svg+xml", "application/manifest+json"})
SAME_FOR_EVERYBODY = frozenset(
    {"static", "pwa.shell", "pwa.worker", "pwa.shrinker", "pwa.precache", "pwa.manifest"}
)
_REMARK = re.compile(rb"/\*.*?\*/", re.DOTALL)
# Below this the header costs as much as is saved.
LEAST_BYTES = 600
# Made small elsewhere, or written in ways that the reader of scripts does not know.
_AS_THEY_ARE = (".min.", "vendor/qr/")
_GZIP = b"\x1f\x8b"


def _lean_style(content: bytes) -> bytes:
    """Remarks and indentation only: minifiers have been seen to take the space out of `.top :focus`."""
    return b"\n".join(filter(None, map(bytes.strip, _REMARK.sub(b"", content).splitlines())))


_LEANER: dict[str, Callable[[bytes], bytes]] = {".js": jsmin, ".css": _lean_style}


def lean(content: bytes, name: str) -> bytes:
    """A script or style as it goes out."""
    kind = "." + name.rpartition(".")[2]
    as_it_is = kind not in _LEANER or any(part in name for part in _AS_THEY_ARE)
    return content if as_it_is else _LEANER[kind](content)


def compress_shared(app: Flask) -> None:
    """Make shared answers lean and compress them, once each; the results are kept in this process."""
    kept: dict[tuple[bytes, bool], bytes] = {}

    @app.after_request
    def compress(response: Response) -> Response:
        if request.endpoint not in SAME_FOR_EVERYBODY or response.mimetype not in KINDS:
            return response
        response.vary.add("Accept-Encoding")
        if not _whole(response):
            return response
        response.direct_passthrough = False
        source = response.get_data()
        packed = request.accept_encodings["gzip"] > 0
        key = (hashlib.sha256(source).digest(), packed)
        if key not in kept:
            content = lean(source, request.path)
            kept[key] = _pack(content) if packed else content
        response.set_data(kept[key])
        if kept[key].startswith(_GZIP):
            _say_packed(response)
        return response


def _whole(response: Response) -> bool:
    return response.status_code == 200 and request.method == "GET" and "Content-Range" not in response.headers


def _pack(content: bytes) -> bytes:
    return content if len(content) < LEAST_BYTES else gzip.compress(content, 9, mtime=0)


def _say_packed(response: Response) -> None:
    response.headers["Content-Encoding"] = "gzip"
    etag, _weak = response.get_etag()
    if etag:
        response.set_etag(etag, weak=True)
