"""Photo bytes in an object store that speaks S3, behind the interface of `store.py`.

What is acknowledged was confirmed by the store's own SHA-256 of what it received, and whole photos are read back.
Whatever comes from the store is compared with its digest before it is used: a store that lies is a store that fails.
Nothing is tried again here for long; the phone does that.
"""

import hashlib
import re
import secrets
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import S3Store

from field.photos.store import StoreFailed, StoreFull, check_key, is_key

if TYPE_CHECKING:
    from obstore import ObjectMeta
    from obstore.store import S3Config

# A piece says where it begins, how long it is and what it holds, so that a late one can never pass for another.
_PIECE = re.compile(r"parts/([0-9a-f]{32})/(\d{12})-(\d{8})-([0-9a-f]{64})")
# How different stores say that no room is left: status 507, or their own word.
_FULL = re.compile(r"status code: 507|<Code>\w*(StorageFull|QuotaExceeded|InsufficientStorage)")
_PATIENCE = timedelta(seconds=20)
# So many questions are on their way together.
_AT_ONCE = 16


class ObjectStore:
    """Photos in a bucket: parts/<upload>/<piece>, whole/<digest>, copies/<digest>/<name>."""

    def __init__(self, place: str, *, endpoint: str, region: str, access_key: str, secret_key: str) -> None:
        bucket, _, prefix = place.removeprefix("s3://").partition("/")
        config: S3Config = {
            "region": region,
            "access_key_id": access_key,
            "secret_access_key": secret_key,
            "checksum_algorithm": "SHA256",
            "disable_bulk_delete": True,  # not every store has it
        }
        if endpoint:
            config["endpoint"] = endpoint
        self._store = S3Store(
            bucket,
            prefix=prefix.strip("/") or None,
            config=config,
            client_options={
                "allow_http": endpoint.startswith("http://"),
                "connect_timeout": timedelta(seconds=5),
                "timeout": _PATIENCE,
            },
            retry_config={"max_retries": 2, "retry_timeout": _PATIENCE},
        )

    def append(self, upload: UUID, offset: int, piece: bytes) -> None:
        name = f"parts/{upload.hex}/{offset:012d}-{len(piece):08d}-{_digest(piece)}"
        with _translated():
            obstore.put(self._store, name, piece, use_multipart=False)

    def part(self, upload: UUID) -> bytes:
        """All bytes from the beginning on that are here without a gap."""
        whole = bytearray()
        with _translated():
            for name, offset, length, digest in self._pieces(upload):
                if offset > len(whole):
                    break
                if offset + length > len(whole):
                    whole[offset:] = self._read(name, digest)
        if not whole:
            raise StoreFailed("no pieces of this upload")
        return bytes(whole)

    def discard(self, upload: UUID) -> None:
        with _translated():
            self._delete(f"parts/{upload.hex}/")

    def unfinished(self) -> dict[UUID, datetime]:
        newest: dict[UUID, datetime] = {}
        with _translated():
            for found in self._listed("parts/"):
                piece = _PIECE.fullmatch(found["path"])
                if piece:
                    upload = UUID(piece[1])
                    newest[upload] = max(found["last_modified"], newest.get(upload, found["last_modified"]))
        return newest

    def put(self, content: bytes) -> str:
        key = _digest(content)
        with _translated():
            obstore.put(self._store, _whole(key), content, use_multipart=False)
            self._read(_whole(key), key)
        return key

    def get(self, key: str) -> bytes:
        with _translated():
            return self._read(_whole(key), key)

    def holds(self, key: str) -> bool:
        try:
            with _translated():
                obstore.head(self._store, _whole(key))
        except Missing:
            return False
        return True

    def lacking(self, lengths: Mapping[str, int]) -> set[str]:
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            found = pool.map(self._length, lengths)
            return {key for key, length in zip(lengths, found, strict=True) if length != lengths[key]}

    def _length(self, key: str) -> int | None:
        try:
            with _translated():
                return obstore.head(self._store, _whole(key))["size"]
        except Missing:
            return None

    def contents(self) -> Iterator[tuple[str, datetime]]:
        with _translated():
            for found in self._listed("whole/"):
                key = found["path"].removeprefix("whole/")
                if is_key(key):
                    yield key, found["last_modified"]

    def forget(self, key: str) -> None:
        with _translated():
            obstore.delete(self._store, _whole(key))
            self._delete(f"copies/{key}/")

    def clear(self, before: datetime, everywhere: bool = False) -> int:
        del before, everywhere
        return 0  # an object is there whole or not at all

    def copy(self, key: str, name: str) -> bytes | None:
        try:
            with _translated():
                check_key(key)
                return bytes(obstore.get(self._store, f"copies/{key}/{name}").bytes())
        except StoreFailed:
            return None

    def keep_copy(self, key: str, name: str, content: bytes) -> None:
        with _translated():
            check_key(key)
            obstore.put(self._store, f"copies/{key}/{name}", content, use_multipart=False)

    def probe(self) -> None:
        content = secrets.token_bytes(16)
        name = f"probe/{content.hex()}"
        with _translated():
            try:
                obstore.put(self._store, name, content, use_multipart=False)
                self._read(name, _digest(content))
            finally:
                obstore.delete(self._store, name)

    def _pieces(self, upload: UUID) -> list[tuple[str, int, int, str]]:
        """In the order of their offsets, the longest of each offset first."""
        named = (_PIECE.fullmatch(found["path"]) for found in self._listed(f"parts/{upload.hex}/"))
        pieces = [(piece[0], int(piece[2]), int(piece[3]), piece[4]) for piece in named if piece]
        return sorted(pieces, key=lambda piece: (piece[1], -piece[2]))

    def _read(self, name: str, digest: str) -> bytes:
        content = bytes(obstore.get(self._store, name).bytes())
        if _digest(content) != digest:
            raise StoreFailed("the object store gave back other bytes")
        return content

    def _listed(self, prefix: str) -> Iterator["ObjectMeta"]:
        for some in obstore.list(self._store, prefix=prefix):
            yield from some

    def _delete(self, prefix: str) -> None:
        for name in [found["path"] for found in self._listed(prefix)]:
            obstore.delete(self._store, name)


class Missing(StoreFailed):
    """The store answers, and has nothing under this name."""


@contextmanager
def _translated() -> Iterator[None]:
    """Reasons stay short and without addresses: they go to the log."""
    try:
        yield
    except (FileNotFoundError, NotFoundError) as error:
        raise Missing("not there") from error
    except (BaseError, OSError, TimeoutError) as error:
        full = _FULL.search(str(error))
        raise StoreFull("no room") if full else StoreFailed(type(error).__name__) from error


def _whole(key: str) -> str:
    check_key(key)
    return f"whole/{key}"


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
