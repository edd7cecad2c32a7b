"""The bytes in a backup folder, photos and what was kept aside: each once under its digest, shared by all backups."""

import hashlib
import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path

from field.backups.databases import BackupFailed

_IS_KEY = re.compile(r"[0-9a-f]{64}")


def hold(folder: Path, key: str, fetch: Callable[[], bytes]) -> bool:
    """Have content in the folder, whole; fetched and written only when it is not. Tells whether it was.

    A copy that has rotted is replaced: as long as the store has the bytes, no backup need fail of it. Raises
    BackupFailed when what was fetched is not what the key says either.
    """
    path = _path(folder, key)
    if path.exists() and is_content(key, path.read_bytes()):
        return False
    content = fetch()
    if not is_content(key, content):
        raise BackupFailed(f"photo {key} is damaged where photos are kept")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_last(path, content)
    read(folder, key)
    return True


def read(folder: Path, key: str) -> bytes:
    """Content by key; raises BackupFailed when it is not there as it was."""
    try:
        content = _path(folder, key).read_bytes()
    except OSError as error:
        raise BackupFailed(f"photo {key} is missing from the backup") from error
    if not is_content(key, content):
        raise BackupFailed(f"photo {key} is damaged in the backup")
    return content


def write_list(path: Path, keys: Iterable[str]) -> str:
    """Write down which content a backup holds; answers the list's digest."""
    text = "".join(f"{key}\n" for key in sorted(keys)).encode()
    write_last(path, text)
    return hashlib.sha256(text).hexdigest()


def read_list(path: Path, count: int | None, digest: str | None) -> list[str]:
    """The keys of a list, whole; raises BackupFailed otherwise. Backups of before know no digest of theirs."""
    try:
        text = path.read_bytes()
    except OSError as error:
        raise BackupFailed(f"{path.name} is missing from {path.parent.name}") from error
    keys = text.decode(errors="replace").split()
    right = digest is None or hashlib.sha256(text).hexdigest() == digest
    if not right or count not in {None, len(keys)} or not all(map(_IS_KEY.fullmatch, keys)):
        raise BackupFailed(f"{path.name} of {path.parent.name} is damaged: it does not name every photo")
    return keys


def forget_all_but(folder: Path, keys: Iterable[str]) -> None:
    """Remove content that no backup names any more."""
    named = set(keys)
    for path in folder.glob("*/*"):
        if path.name not in named:
            path.unlink()


def key_of(content: bytes) -> str:
    """What content is kept under."""
    return hashlib.sha256(content).hexdigest()


def is_content(key: str, content: bytes) -> bool:
    """Whether content is what its key says."""
    return key_of(content) == key


def write_last(path: Path, content: bytes) -> None:
    """All or nothing under this name, durably."""
    partial = path.with_name(path.name + ".partial")
    with partial.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    descriptor = os.open(path.parent, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def _path(folder: Path, key: str) -> Path:
    return folder / key[:2] / key
