"""The tus 1.0 protocol's headers: reading, checking, answering. What an upload means is in service."""

import base64
import hashlib
from typing import Any, NamedTuple

from flask import Response, request
from marshmallow import ValidationError

from field.core.errors import Problem
from field.photos.models import Photo, PhotoState
from field.photos.schemas import UploadMetadata
from field.photos.service import KEPT_UNFINISHED, receipt_number

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,checksum,expiration"
PIECE_TYPE = "application/offset+octet-stream"
MAX_PIECE = 1024 * 1024
_METADATA = UploadMetadata()


class Piece(NamedTuple):
    """Bytes of a picture, and their digest as announcements write it: a picture of one piece is hashed once."""

    content: bytes
    digest: str


def insist_on_version() -> None:
    """Refuse another version of tus."""
    if request.headers.get("Tus-Resumable") != VERSION:
        raise Problem("bad-request", "This server speaks tus 1.0.0.", headers={"Tus-Version": VERSION})


def announced_length(largest: int) -> int:
    """Upload-Length in bytes; raises Problem bad-request or too-large."""
    length = _number("Upload-Length")
    if length > largest:
        raise Problem("too-large", headers={"Tus-Max-Size": str(largest)})
    return length


def claimed_offset() -> int:
    """Upload-Offset."""
    return _number("Upload-Offset")


def metadata() -> dict[str, Any]:
    """Upload-Metadata, decoded and checked."""
    try:
        pairs = [
            part.split() for part in request.headers.get("Upload-Metadata", "").split(",") if part.strip()
        ]
        raw = {pair[0]: base64.b64decode(pair[1], validate=True).decode() for pair in pairs if len(pair) == 2}
        content: dict[str, Any] = _METADATA.load(raw)
    except ValidationError as error:
        raise Problem("invalid", errors=error.messages) from error
    except ValueError as error:
        raise Problem("bad-request", "Upload-Metadata cannot be read.") from error
    return content


def piece_of_announcement(length: int) -> Piece | None:
    """The first piece, if it came with the announcement (creation-with-upload), checked like any other."""
    if request.mimetype != PIECE_TYPE:
        return None
    piece = checked_piece()
    if len(piece.content) > length:
        raise more_than_announced()
    return piece


def more_than_announced() -> Problem:
    """A piece does not fit what was announced."""
    return Problem("too-large", "More bytes than were announced.")


def checked_piece() -> Piece:
    """The body of a request, whole and as its checksum says; raises Problem media-type, too-large or
    checksum-mismatch."""
    if request.mimetype != PIECE_TYPE:
        raise Problem("media-type")
    content = request.get_data(cache=False)
    if len(content) > MAX_PIECE:
        raise Problem("too-large")
    algorithm, _, text = request.headers.get("Upload-Checksum", "").partition(" ")
    if algorithm != "sha256" or not text:
        raise Problem("bad-request", "Every piece needs Upload-Checksum: sha256 <base64>.")
    digest = hashlib.sha256(content)
    if base64.b64encode(digest.digest()).decode() != text.strip():
        raise Problem("checksum-mismatch")
    return Piece(content, f"sha-256:{digest.hexdigest()}")


def answer(status: int, photo: Photo, *, location: str | None = None) -> Response:
    """What tus and our contract say of an upload."""
    response = Response(status=status)
    response.headers["Tus-Resumable"] = VERSION
    response.headers["Upload-Offset"] = str(photo.offset)
    response.headers["Upload-Length"] = str(photo.length)
    if location is not None:
        response.headers["Location"] = location
    if photo.state == PhotoState.STORED:
        response.headers["Photo-Receipt"] = receipt_number(photo)
    elif photo.state == PhotoState.QUARANTINED:
        response.headers["Photo-Problem"] = photo.reason or "unusable"
    else:
        expires = photo.touched_at + KEPT_UNFINISHED
        response.headers["Upload-Expires"] = expires.strftime("%a, %d %b %Y %H:%M:%S GMT")
    return response


def _number(header: str) -> int:
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise Problem("bad-request", f"{header} is missing or no number.")
    return int(text)
