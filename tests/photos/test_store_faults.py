"""When the process is killed or the disk is full or bad, nothing is half kept and nothing is acknowledged."""

import errno
import os
from pathlib import Path
from uuid import UUID

import pytest

from field.photos.store import FolderStore, StoreFailed, StoreFull
from tests.photos.disks import CONTENT, KEY, failing, failing_after, files

# Killed


@pytest.mark.parametrize("step", ["pwrite", "fsync", "rename"])
def test_killed_at_any_step_nothing_is_visible_and_sending_again_heals(
    store: FolderStore, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """A killed process runs no clean-up, so the temporary file stays; it must never pass for the content.

    The first sync is that of the folders, before there is a file at all.
    """
    with monkeypatch.context() as killed:
        killed.setattr(Path, "unlink", lambda *_, **__: None)
        killed.setattr(Path if step == "rename" else os, step, _kill)
        with pytest.raises(KeyboardInterrupt):
            store.put(CONTENT)
    left = files(store)
    with pytest.raises(StoreFailed):
        store.get(KEY)

    store.put(CONTENT)

    assert all(name.startswith(".") for name in left)
    assert len(left) == (0 if step == "fsync" else 1)
    assert store.get(KEY) == CONTENT


def _kill(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_temporary_file_is_visible_under_no_key(store: FolderStore) -> None:
    folder = store.root / "whole" / KEY[:2]
    folder.mkdir(parents=True)
    (folder / f".{KEY}-0123456789ab").write_bytes(CONTENT)

    with pytest.raises(StoreFailed):
        store.get(KEY)
    with pytest.raises(StoreFailed):
        store.get(f".{KEY}-0123456789ab")


# No room, bad disk


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EDQUOT])
@pytest.mark.parametrize("written", [0, 1, 4096, len(CONTENT) - 1])
def test_on_a_full_disk_nothing_is_half_kept(
    store: FolderStore, upload: UUID, monkeypatch: pytest.MonkeyPatch, error: int, written: int
) -> None:
    monkeypatch.setattr(os, "pwrite", failing_after(written, error))

    with pytest.raises(StoreFull):
        store.put(CONTENT)

    assert files(store) == []


def test_a_piece_that_found_no_room_is_whole_when_it_comes_again(
    store: FolderStore, upload: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.append(upload, 0, CONTENT[:1000])
    with monkeypatch.context() as full:
        full.setattr(os, "pwrite", failing_after(10, errno.ENOSPC))
        with pytest.raises(StoreFull):
            store.append(upload, 1000, CONTENT[1000:])

    store.append(upload, 1000, CONTENT[1000:])

    assert store.part(upload) == CONTENT


@pytest.mark.parametrize(
    ("error", "expected"), [(errno.ENOSPC, StoreFull), (errno.EIO, StoreFailed), (errno.EROFS, StoreFailed)]
)
def test_a_failed_sync_acknowledges_nothing(
    store: FolderStore, upload: UUID, monkeypatch: pytest.MonkeyPatch, error: int, expected: type[StoreFailed]
) -> None:
    monkeypatch.setattr(os, "fsync", failing(error))

    with pytest.raises(expected):
        store.append(upload, 0, CONTENT)
    with pytest.raises(expected):
        store.put(CONTENT)

    assert KEY not in files(store)


def test_a_bad_disk_is_not_called_full(store: FolderStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "pwrite", failing(errno.EIO))

    with pytest.raises(StoreFailed) as failure:
        store.put(CONTENT)

    assert not isinstance(failure.value, StoreFull)
