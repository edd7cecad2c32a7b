"""Reading and writing the wire: bounded bodies, gzip both ways."""

import gzip
import zlib
from typing import Any

import orjson
from flask import Response, request

from field.core.errors import Problem
from field.core.responses import json_answer

_GZIP_WINDOW = 31
_WORTH_PACKING = 1024


def read_json(limit: int) -> Any:
    """The JSON of the request, at most `limit` bytes unpacked; raises Problem too-large or bad-request."""
    raw = request.get_data(cache=False)
    if request.headers.get("Content-Encoding", "").lower() == "gzip":
        raw = _unpacked(raw, limit)
    if len(raw) > limit:
        raise Problem("too-large")
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise Problem("bad-request", "This is not JSON.") from error


def packed_answer(body: Any) -> Response:
    """A JSON answer, gzipped where the asker can read it and it is worth it."""
    answer = json_answer(body)
    content = answer.get_data()
    if len(content) > _WORTH_PACKING and "gzip" in request.headers.get("Accept-Encoding", ""):
        answer.set_data(gzip.compress(content, 6, mtime=0))
        answer.headers["Content-Encoding"] = "gzip"
    answer.headers["Vary"] = "Accept-Encoding"
    return answer


def _unpacked(raw: bytes, limit: int) -> bytes:
    unpacker = zlib.decompressobj(_GZIP_WINDOW)
    try:
        content = unpacker.decompress(raw, limit + 1)
    except zlib.error as error:
        raise Problem("bad-request", "The gzip content is damaged.") from error
    if len(content) > limit:
        raise Problem("too-large")
    if not unpacker.eof:
        raise Problem("bad-request", "The gzip content is not whole.")
    return content
