"""Reading a rescue file: what a phone could not send, sealed to this server's key, part by part.

A line that says what it is, a line of JSON with the key ids, then parts: four bytes of length and the ciphertext. The
nonce counts the parts and each is bound to both lines, so none can be exchanged, left out or come from another file.
"""

import base64
from collections.abc import Iterator
from typing import Any, BinaryIO

import orjson
from cryptography.exceptions import InvalidTag

from field.core import rescue

MAGIC = b"DOORSTEP-RESCUE-1\n"
LONGEST_LINE = 1024
LONGEST_PART = 1024 * 1024
_JSON, _BYTES = b"\x01", b"\x02"


class Unreadable(Exception):
    """Why a file cannot be read: `foreign` is no rescue file, `key` is for another server, `damaged` ends early."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def parts_of(file: BinaryIO) -> Iterator[dict[str, Any] | bytes]:
    """Facts (JSON) and pieces of photos, in their order, until the part that ends the file; raises Unreadable."""
    if file.read(len(MAGIC)) != MAGIC:
        raise Unreadable("foreign")
    line = file.readline(LONGEST_LINE)
    cipher = _cipher(line)
    number = 0
    while True:
        part = _opened(file, cipher, number, MAGIC + line)
        if isinstance(part, dict) and part.get("part") == "end":
            return
        yield part
        number += 1


def _cipher(line: bytes) -> Any:
    try:
        head = orjson.loads(line)
        key, public = head["key"], base64.b64decode(head["public"], validate=True)
        if key != rescue.key_id():
            raise Unreadable("key")
        return rescue.cipher_for(public)
    except (ValueError, KeyError, TypeError) as error:
        raise Unreadable("damaged") from error


def _opened(file: BinaryIO, cipher: Any, number: int, bound_to: bytes) -> dict[str, Any] | bytes:
    length = int.from_bytes(file.read(4), "big")
    sealed = file.read(length) if 17 <= length <= LONGEST_PART + 32 else b""
    if len(sealed) != length or not sealed:
        raise Unreadable("damaged")
    try:
        content = cipher.decrypt(number.to_bytes(12, "big"), sealed, bound_to)
        if content[:1] == _BYTES:
            return bytes(content[1:])
        facts = orjson.loads(content[1:]) if content[:1] == _JSON else None
    except (InvalidTag, ValueError) as error:
        raise Unreadable("damaged") from error
    if not isinstance(facts, dict):
        raise Unreadable("damaged")
    return facts
