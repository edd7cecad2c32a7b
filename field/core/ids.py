"""Identifiers: UUIDv7 made where the thing is made, and short codes to read out."""

import hashlib
from base64 import b32encode
from datetime import datetime
from uuid import UUID

import uuid_utils


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562): unique, and near in time means near in the index."""
    return UUID(bytes=uuid_utils.uuid7().bytes)


def short_code(*parts: str | bytes | UUID) -> str:
    """Eight characters (A-Z, 2-7) that follow from the parts; for reading over the phone, not a secret."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part if isinstance(part, bytes) else str(part).encode())
        digest.update(b"\0")
    return b32encode(digest.digest()[:5]).decode()


def first_id_at(moment: datetime) -> UUID:
    """Not above any UUIDv7 made at this moment or later, and above all made before."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)
