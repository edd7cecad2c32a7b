"""Encryption of single values: AES-256-GCM bound to table, column and row, and keyed blind indexes.

Sealed form: one version byte, a 12-byte random nonce, the ciphertext with its tag.
"""

import hashlib
import hmac
import os
from typing import Any, Self, overload
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from field.core.keys import Keys
from field.core.masking import masked

_VERSION = b"\x01"


class _Box:
    cipher: AESGCM
    index_key: bytes


def use_keys(keys: Keys) -> None:
    """Set the keys of this process; called once at start."""
    _Box.cipher = AESGCM(keys.data)
    _Box.index_key = keys.index


def seal(data: bytes, table: str, column: str, row: UUID) -> bytes:
    """Encrypt so that the value opens only in this table, column and row."""
    nonce = os.urandom(12)
    return _VERSION + nonce + _Box.cipher.encrypt(nonce, data, _place(table, column, row))


def unseal(sealed: bytes, table: str, column: str, row: UUID) -> bytes:
    """Decrypt; raises cryptography's InvalidTag when moved, altered, or under another key."""
    return _Box.cipher.decrypt(sealed[1:13], sealed[13:], _place(table, column, row))


def blind_index(text: str, purpose: str) -> bytes:
    """16 bytes of HMAC-SHA-256 that find equal values of one purpose without telling them."""
    return hmac.new(_Box.index_key, f"{purpose}\0{text}".encode(), hashlib.sha256).digest()[:16]


def _place(table: str, column: str, row: UUID) -> bytes:
    return f"{table}\0{column}\0{row}".encode()


class SealedText:
    """A text attribute of a model, kept encrypted in the column `<name>_sealed`.

    The row's id must be set first, since the value is bound to it. `<name>_masked` receives what
    pages and packs may show; with `index`, `<name>_index` receives the blind index.
    """

    def __init__(self, index: str | None = None) -> None:
        self.index = index

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, row: None, owner: type) -> Self: ...
    @overload
    def __get__(self, row: Any, owner: type) -> str | None: ...
    def __get__(self, row: Any, owner: type) -> Self | str | None:
        if row is None:
            return self
        sealed = getattr(row, f"{self.name}_sealed")
        if sealed is None:
            return None
        return unseal(sealed, row.__tablename__, self.name, row.id).decode()

    def __set__(self, row: Any, text: str | None) -> None:
        assert row.id is not None, "set the id before a sealed value"
        sealed = seal(text.encode(), row.__tablename__, self.name, row.id) if text else None
        setattr(row, f"{self.name}_sealed", sealed)
        setattr(row, f"{self.name}_masked", masked(text))
        if self.index:
            setattr(row, f"{self.name}_index", blind_index(text, self.index) if text else None)
