"""Disks for tests: what was asked of one is written down, and it fails when told to."""

import hashlib
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from field.photos.store import FolderStore

CONTENT = b"a picture " * 5000
KEY = hashlib.sha256(CONTENT).hexdigest()


def files(store: FolderStore) -> list[str]:
    return sorted(path.name for path in store.root.rglob("*") if path.is_file())


class Journal:
    """What was asked of the disk, in order: names of files and folders that were written, synced and renamed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.steps: list[tuple[str, str]] = []
        self._watch(monkeypatch, "pwrite", lambda descriptor, *_: self._name(descriptor))
        self._watch(monkeypatch, "fsync", self._name)
        for name in ("rename", "mkdir"):
            self._watch(monkeypatch, name, lambda path, *_: str(path))

    def _watch(self, monkeypatch: pytest.MonkeyPatch, name: str, where: Callable[..., str]) -> None:
        real = getattr(os, name)

        def watched(*args: object, **options: object) -> object:
            self.steps.append((name, where(*args)))
            return real(*args, **options)

        monkeypatch.setattr(os, name, watched)

    @staticmethod
    def _name(descriptor: int) -> str:
        return os.readlink(f"/proc/self/fd/{descriptor}")

    def synced(self) -> set[str]:
        return {path for step, path in self.steps if step == "fsync"}


def failing(error: int) -> Callable[..., int]:
    def fail(*_: object, **__: object) -> int:
        raise OSError(error, os.strerror(error))

    return fail


def failing_after(written: int, error: int) -> Callable[..., int]:
    """A disk that takes some bytes and then no more."""
    real, left = os.pwrite, written

    def write(descriptor: int, content: bytes, offset: int) -> int:
        nonlocal left
        if left == 0:
            raise OSError(error, os.strerror(error))
        taken = min(left, len(content))
        left -= taken
        return real(descriptor, bytes(content)[:taken], offset)

    return write


@contextmanager
def small_disk(folder: Path, room: int) -> Iterator[Path]:
    """A disk of so many bytes: a real one when the machine lets us mount it, else the test is skipped."""
    folder.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", f"size={room}", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mounting, capture_output=True, check=False).returncode != 0:
        pytest.skip("no right to mount a small disk; the same is tried with a disk that says it is full")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)  # a failed test may still hold a file
