"""gzip for what is the same for everybody: static text and the phone's shell. Pages with somebody's data stay as they
are, because compressing a secret beside what a stranger chose tells the secret by its length."""

import gzip
import hashlib

from flask import Flask, Response, request

KINDS = frozenset({"text/css", "text/javascript", "text/html", "image/svg+xml", "application/manifest+json"})
SAME_FOR_EVERYBODY = frozenset({"static", "pwa.shell", "pwa.worker", "pwa.precache", "pwa.manifest"})
# Below this the header costs as much as is saved.
LEAST_BYTES = 600


def compress_shared(app: Flask) -> None:
    """Compress shared answers once each and keep the result in this process."""
    kept: dict[bytes, bytes] = {}

    @app.after_request
    def compress(response: Response) -> Response:
        if request.endpoint not in SAME_FOR_EVERYBODY or response.mimetype not in KINDS:
            return response
        response.vary.add("Accept-Encoding")
        if not _wanted(response):
            return response
        response.direct_passthrough = False
        content = response.get_data()
        if len(content) < LEAST_BYTES:
            return response
        key = hashlib.sha256(content).digest()
        if key not in kept:
            kept[key] = gzip.compress(content, 9, mtime=0)
        response.set_data(kept[key])
        response.headers["Content-Encoding"] = "gzip"
        etag, _weak = response.get_etag()
        if etag:
            response.set_etag(etag, weak=True)
        return response


def _wanted(response: Response) -> bool:
    whole = (
        response.status_code == 200 and request.method == "GET" and "Content-Range" not in response.headers
    )
    return whole and request.accept_encodings["gzip"] > 0
