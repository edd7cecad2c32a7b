"""Where photo bytes are: a small interface, and the folder behind it. Everything acknowledged was fsynced.

Names are made here from ids and digests, never from what a phone sent. `objects.py` puts an object
store behind the same interface.
"""

import errno
import hashlib
import os
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol
from uuid import UUID

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_KEY = re.compile(r"[0-9a-f]{64}")
_UPLOAD = re.compile(r"[0-9a-f]{32}")


class StoreFailed(Exception):
    """The store could not do it; nothing was acknowledged."""


class StoreFull(StoreFailed):
    """No room is left."""


class Store(Protocol):
    """What photos need of a place for bytes."""

    def append(self, upload: UUID, offset: int, piece: bytes) -> None:
        """Make a piece of an upload durable at an offset; writing the same piece again is harmless."""

    def part(self, upload: UUID) -> bytes:
        """All bytes of an upload so far."""

    def discard(self, upload: UUID) -> None:
        """Forget an upload's pieces."""

    def unfinished(self) -> dict[UUID, datetime]:
        """The uploads of which there are pieces, and when the last one came."""

    def put(self, content: bytes) -> str:
        """Keep whole content durably; answers its key (SHA-256 in hex). Keeping it again is harmless."""

    def get(self, key: str) -> bytes:
        """Content by key; raises StoreFailed when it is not there."""

    def holds(self, key: str) -> bool:
        """Whether there is content under a key."""

    def lacking(self, lengths: Mapping[str, int]) -> set[str]:
        """The keys under which there is not so much content, by its length in bytes; content is not read for it.
        Raises StoreFailed when the store itself is not there: then nothing is known to be lost."""

    def contents(self) -> Iterator[tuple[str, datetime]]:
        """The keys of all content, each with the time at which it was written."""

    def forget(self, key: str) -> None:
        """Delete content and its copies for people; deleting it again is harmless."""

    def clear(self, before: datetime, everywhere: bool = False) -> int:
        """Delete what killed processes began to write before then and never finished; says how many. `everywhere`
        looks among all content too, where earlier versions left theirs."""

    def copy(self, key: str, name: str) -> bytes | None:
        """A copy made earlier for people, if it is there."""

    def keep_copy(self, key: str, name: str, content: bytes) -> None:
        """Keep a copy for people; it can be made again, so it need not be durable."""

    def probe(self) -> None:
        """Write, read and delete something; raises StoreFailed."""


class FolderStore:
    """Photos in a local folder: parts/, whole/ and copies/ (both by the first two signs of the digest), and fresh/
    for what is not whole yet.

    Content was once kept two levels deep; it is found and forgotten there too.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._durable: set[Path] = set()
        for name in ("parts", "whole", "copies", "fresh"):
            (root / name).mkdir(parents=True, exist_ok=True)
        _fsync_folder(root)

    def append(self, upload: UUID, offset: int, piece: bytes) -> None:
        path = self._part(upload)
        with _translated():
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
            try:
                _write_all(descriptor, piece, offset)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            if (
                offset == 0
            ):  # also when the file is there: whoever made it may have been killed before this line
                _fsync_folder(path.parent)

    def part(self, upload: UUID) -> bytes:
        with _translated():
            return self._part(upload).read_bytes()

    def discard(self, upload: UUID) -> None:
        with _translated():
            self._part(upload).unlink(missing_ok=True)

    def unfinished(self) -> dict[UUID, datetime]:
        with _translated(), os.scandir(self.root / "parts") as entries:
            return {
                UUID(entry.name): datetime.fromtimestamp(entry.stat().st_mtime, UTC)
                for entry in entries
                if _UPLOAD.fullmatch(entry.name)
            }

    def put(self, content: bytes) -> str:
        key = hashlib.sha256(content).hexdigest()
        path = self._whole(key)
        with _translated():
            try:
                self._keep(path, content)
            except FileNotFoundError:  # its folder was cleared away while we served
                self._durable.discard(path.parent)
                self._keep(path, content)
        return key

    def _keep(self, path: Path, content: bytes) -> None:
        self._make_durable(path.parent)
        if path.exists() and path.read_bytes() == content:
            _fsync_folder(path.parent)  # whoever renamed it may have been killed before this
        else:
            self._write_whole(path, content)

    def get(self, key: str) -> bytes:
        with _translated():
            return self._whole(key).read_bytes()

    def holds(self, key: str) -> bool:
        with _translated():
            return self._whole(key).is_file()

    def lacking(self, lengths: Mapping[str, int]) -> set[str]:
        with _translated():
            if not (self.root / "whole").is_dir():
                raise StoreFailed("the photo folder is not there")
            return {key for key, length in lengths.items() if _length(self._whole(key)) != length}

    def contents(self) -> Iterator[tuple[str, datetime]]:
        with _translated():
            for path in (self.root / "whole").rglob("*"):
                if is_key(path.name):
                    yield path.name, datetime.fromtimestamp(path.stat().st_mtime, UTC)

    def forget(self, key: str) -> None:
        with _translated():
            self._whole(key).unlink(missing_ok=True)
            for copy in (self.root / "copies" / key[:2]).glob(f"{key}.*"):
                copy.unlink(missing_ok=True)

    def clear(self, before: datetime, everywhere: bool = False) -> int:
        with _translated():
            places = ["fresh/.*", *(("whole/??/.*", "whole/??/??/.*", "copies/??/.*") if everywhere else ())]
            old = [path for place in places for path in self.root.glob(place) if _written_at(path) < before]
            for path in old:
                path.unlink(missing_ok=True)
        return len(old)

    def copy(self, key: str, name: str) -> bytes | None:
        try:
            return self._copy(key, name).read_bytes()
        except OSError:
            return None

    def keep_copy(self, key: str, name: str, content: bytes) -> None:
        with _translated():
            path = self._copy(key, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            self._write_whole(path, content)

    def probe(self) -> None:
        path = self.root / "whole" / f".probe-{secrets.token_hex(8)}"
        with _translated():
            try:
                self._write_whole(path, b"doorstep")
                if path.read_bytes() != b"doorstep":
                    raise StoreFailed("read back other bytes")
            finally:
                path.unlink(missing_ok=True)

    def _write_whole(self, path: Path, content: bytes) -> None:
        """All or nothing under the final name: a temporary file, fsync, rename, fsync of the folder.

        Whoever is killed leaves the temporary file behind, where `clear` finds it without walking through everything.
        """
        temporary = self.root / "fresh" / f".{path.name.lstrip('.')}-{secrets.token_hex(6)}"
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            try:
                _write_all(descriptor, content, 0)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            temporary.rename(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        _fsync_folder(path.parent)

    def _part(self, upload: UUID) -> Path:
        return self.root / "parts" / upload.hex

    def _whole(self, key: str) -> Path:
        check_key(key)
        folder = self.root / "whole" / key[:2]
        earlier = folder / key[2:4] / key
        return earlier if earlier.exists() else folder / key

    def _copy(self, key: str, name: str) -> Path:
        check_key(key)
        return self.root / "copies" / key[:2] / f"{key}.{name}"

    def _make_durable(self, folder: Path) -> None:
        """Make a folder whose name survives a power cut.

        That it is there is not enough: another thread or process may have made it and not synced it yet.
        """
        if folder not in self._durable:
            folder.mkdir(exist_ok=True)
            _fsync_folder(folder.parent)
            self._durable.add(folder)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise (StoreFull if error.errno in _FULL else StoreFailed)(str(error.strerror)) from error


def _write_all(descriptor: int, content: bytes, offset: int) -> None:
    view = memoryview(content)
    while view:
        written = os.pwrite(descriptor, view, offset)
        view, offset = view[written:], offset + written


def _length(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return None


def _written_at(path: Path) -> datetime:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:  # renamed or removed a moment ago
        return datetime.max.replace(tzinfo=UTC)


def is_key(name: str) -> bool:
    """Whether a digest made this name."""
    return _KEY.fullmatch(name) is not None


def check_key(key: str) -> None:
    """Refuse what no digest made, before it becomes a name; raises FileNotFoundError."""
    if not is_key(key):
        raise FileNotFoundError(errno.ENOENT, "no digest")


def _fsync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
