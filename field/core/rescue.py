"""The key pair to which phones write rescue files: ECDH on P-256, HKDF-SHA-256, AES-256-GCM (see contract.md)."""

import hashlib
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_INFO = b"doorstep rescue 1"


class _Own:
    private: ec.EllipticCurvePrivateKey


def use_rescue_key(secret: bytes) -> None:
    """Set the key of this process; called once at start. 32 random bytes name a private key."""
    number = 1 + int.from_bytes(secret, "big") % (_ORDER - 1)
    _Own.private = ec.derive_private_key(number, ec.SECP256R1())


def public_key() -> bytes:
    """The public key as WebCrypto's raw form: 65 bytes."""
    return _raw(_Own.private.public_key())


def key_id() -> str:
    """Which key a file was written to; 16 hexadecimal digits."""
    return hashlib.sha256(public_key()).hexdigest()[:16]


def cipher_for(their_public: bytes) -> AESGCM:
    """The cipher of a file by the public key that it carries; raises ValueError when that is none."""
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), their_public)
    shared = _Own.private.exchange(ec.ECDH(), theirs)
    derived = HKDF(SHA256(), 32, salt=their_public + public_key(), info=_INFO)
    return AESGCM(derived.derive(shared))


def _raw(key: Any) -> bytes:
    raw: bytes = key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return raw
