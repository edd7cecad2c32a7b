"""Brotli, or gzip, for what is the same for everybody: static text and the phone's shell. Pages with somebody's data
stay as they are, because compressing a secret beside what a stranger chose tells the secret by its length. Scripts and
styles go out without their comments and indentation: those are for us, and phones pay for every byte."""

import hashlib
import re
from collections.abc import Callable

import brotli
import zopfli.gzip
from flask import Flask, Response, request
from rjsmin import jsmin

KINDS = frozenset({"text/css", "text/javascript", "text/html", "image/svg+xml", "application/manifest+json"})
SAME_FOR_EVERYBODY = frozenset(
    {
        "static",
        "pwa.shell",
        "pwa.bundle",
        "pwa.shells",
        "pwa.worker",
        "pwa.precache",
        "pwa.manifest",
    }
)
_REMARK = re.compile(rb"/\*.*?\*/", re.DOTALL)
_NAMED, _LINE_ENDS = re.compile(rb"^([\w-]+): "), re.compile(rb" ?([{;,}])\n")
# Below this the header costs as much as is saved.
LEAST_BYTES = 600
# Made small elsewhere, or written in ways that the reader of scripts does not know.
_AS_THEY_ARE = (
    ".min.",
    "vendor/qr/",
    "/phone/app.js",
    "/phone/queue.js",
    "/phone/shrink-worker.js",
    "/sw.js",
)
# In the order of our liking; browsers offer br over TLS only.
_PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda content: brotli.compress(content, quality=11),
    "gzip": lambda content: zopfli.gzip.compress(content, numiterations=15),
}


def _lean_style(content: bytes) -> bytes:
    """Remarks and what lines need only for us: minifiers have been seen to take the space out of `.top :focus`."""
    lines = filter(None, map(bytes.strip, _REMARK.sub(b"", content).splitlines()))
    return _LINE_ENDS.sub(rb"\1", b"\n".join(_NAMED.sub(rb"\1:", line) for line in lines))


_LEANER: dict[str, Callable[[bytes], bytes]] = {".js": jsmin, ".css": _lean_style}


def lean(content: bytes, name: str) -> bytes:
    """A script or style as it goes out."""
    kind = "." + name.rpartition(".")[2]
    as_it_is = kind not in _LEANER or any(part in name for part in _AS_THEY_ARE)
    return content if as_it_is else _LEANER[kind](content)


def compress_shared(app: Flask) -> None:
    """Make shared answers lean and compress them, once each; the results are kept in this process."""
    kept: dict[tuple[bytes, str], bytes] = {}

    @app.after_request
    def compress(response: Response) -> Response:
        if request.endpoint not in SAME_FOR_EVERYBODY or response.mimetype not in KINDS:
            return response
        response.vary.add("Accept-Encoding")
        if not _whole(response):
            return response
        response.direct_passthrough = False
        source = response.get_data()
        coding = _coding() if len(source) >= LEAST_BYTES else ""
        key = (hashlib.sha256(source).digest(), coding)
        if key not in kept:
            content = lean(source, request.path)
            kept[key] = _PACKERS[coding](content) if coding else content
        response.set_data(kept[key])
        if coding:
            _say_packed(response, coding)
        return response


def _whole(response: Response) -> bool:
    return response.status_code == 200 and request.method == "GET" and "Content-Range" not in response.headers


def _coding() -> str:
    return next((name for name in _PACKERS if request.accept_encodings[name] > 0), "")


def _say_packed(response: Response, coding: str) -> None:
    response.headers["Content-Encoding"] = coding
    etag, _weak = response.get_etag()
    if etag:
        response.set_etag(etag, weak=True)
