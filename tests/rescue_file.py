"""Rescue files as phones write them (docs/developers/contract.md), and ways to spoil them."""

import base64
from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

PIECE = 64 * 1024
Photo = tuple[str, dict[str, Any], bytes]


def rescue_file(
    key: dict[str, str], device: str, events: list[Any], photos: list[Photo] | None = None, piece: int = PIECE
) -> bytes:
    """The file of a phone: `key` as the pack gives it, photos as (visit, part of the body, content)."""
    shown = photos or []
    about = {"part": "about", "device": device, "build": "b1", "records": len(events), "photos": len(shown)}
    parts: list[dict[str, Any] | bytes] = [about, *({"part": "event", "event": event} for event in events)]
    for visit, part, content in shown:
        facts = {"visit": visit, "photo": part["id"], "digest": part["digest"], "type": part["type"]}
        parts.append({"part": "photo", "kind": "full", "size": part["size"]} | facts)
        parts += [content[start : start + piece] for start in range(0, len(content), piece)]
    return sealed_parts(key, [*parts, {"part": "end"}])


def sealed_parts(key: dict[str, str], parts: list[dict[str, Any] | bytes]) -> bytes:
    """Any parts, sealed to a key."""
    own = ec.generate_private_key(ec.SECP256R1())
    public = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    theirs = base64.b64decode(key["public"])
    shared = own.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs))
    cipher = AESGCM(HKDF(SHA256(), 32, salt=public + theirs, info=b"doorstep rescue 1").derive(shared))
    line = orjson.dumps({"key": key["key"], "public": base64.b64encode(public).decode()})
    head = b"DOORSTEP-RESCUE-1\n" + line + b"\n"
    whole = [head]
    for number, part in enumerate(parts):
        content = b"\x02" + part if isinstance(part, bytes) else b"\x01" + orjson.dumps(part)
        sealed = cipher.encrypt(number.to_bytes(12, "big"), content, head)
        whole += [len(sealed).to_bytes(4, "big"), sealed]
    return b"".join(whole)
