"""The store keeps whole things under their digest, or nothing; what it acknowledged was made durable first."""

import errno
import os
from pathlib import Path
from uuid import UUID

import pytest

from field.photos.store import FolderStore, StoreFailed, StoreFull
from tests.photos.disks import CONTENT, KEY, Journal, failing, files

# Pieces


def test_pieces_make_the_whole(store: FolderStore, upload: UUID) -> None:
    for offset in range(0, len(CONTENT), 4096):
        store.append(upload, offset, CONTENT[offset : offset + 4096])

    assert store.part(upload) == CONTENT


def test_a_piece_sent_twice_is_harmless(store: FolderStore, upload: UUID) -> None:
    for offset in (0, 0, 100, 0, 100):
        store.append(upload, offset, CONTENT[offset : offset + 100])

    assert store.part(upload) == CONTENT[:200]


def test_a_piece_is_on_the_disk_before_it_is_acknowledged(
    store: FolderStore, upload: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(monkeypatch)

    store.append(upload, 0, CONTENT)

    part, folder = str(store.root / "parts" / upload.hex), str(store.root / "parts")
    assert journal.steps == [("pwrite", part), ("fsync", part), ("fsync", folder)]


def test_a_first_piece_sent_again_after_a_crash_makes_its_name_durable(
    store: FolderStore, upload: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    (store.root / "parts" / upload.hex).write_bytes(b"half a pie")
    journal = Journal(monkeypatch)

    store.append(upload, 0, CONTENT)

    assert str(store.root / "parts") in journal.synced()


def test_a_slow_disk_that_takes_a_few_bytes_at_a_time_gets_all(
    store: FolderStore, upload: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.pwrite
    monkeypatch.setattr(os, "pwrite", lambda descriptor, content, at: real(descriptor, content[:999], at))

    store.append(upload, 0, CONTENT)

    assert store.part(upload) == CONTENT


def test_a_forgotten_upload_is_gone_and_can_be_forgotten_again(store: FolderStore, upload: UUID) -> None:
    store.append(upload, 0, CONTENT)

    store.discard(upload)
    store.discard(upload)

    assert files(store) == []
    with pytest.raises(StoreFailed):
        store.part(upload)


# Whole things


def test_what_is_kept_is_found_by_its_digest(store: FolderStore) -> None:
    key = store.put(CONTENT)

    assert key == KEY
    assert store.get(key) == CONTENT
    assert files(FolderStore(store.root)) == [KEY]


def test_keeping_twice_is_the_same_as_once(store: FolderStore) -> None:
    assert store.put(CONTENT) == store.put(CONTENT)
    assert files(store) == [KEY]


def test_the_content_is_durable_before_its_name_and_the_name_before_the_answer(
    store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(monkeypatch)

    store.put(CONTENT)

    folder = store.root / "whole" / KEY[:2]
    steps = [step for step, _ in journal.steps]
    assert steps[-4:] == ["pwrite", "fsync", "rename", "fsync"]
    assert journal.steps[-1] == ("fsync", str(folder))
    assert str(folder.parent) in journal.synced()


def test_keeping_again_after_a_crash_makes_name_and_folders_durable(
    store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put(CONTENT)
    after_the_crash = FolderStore(store.root)
    journal = Journal(monkeypatch)

    after_the_crash.put(CONTENT)

    folder = store.root / "whole" / KEY[:2]
    assert {str(folder), str(folder.parent)} <= journal.synced()


def test_a_folder_that_was_cleared_away_is_made_anew(store: FolderStore) -> None:
    store.put(CONTENT)
    store.forget(KEY)
    (store.root / "whole" / KEY[:2]).rmdir()

    assert store.put(CONTENT) == KEY
    assert store.get(KEY) == CONTENT


def test_a_store_that_is_not_there_is_not_made_anew(store: FolderStore) -> None:
    """Nobody would find there what was kept before: its disk may come back."""
    store.put(CONTENT)
    (store.root / "whole").rename(store.root / "elsewhere")

    with pytest.raises(StoreFailed):
        store.put(CONTENT)
    assert not (store.root / "whole").exists()


def test_what_was_kept_two_levels_deep_is_found_there_and_forgotten_there(store: FolderStore) -> None:
    earlier = store.root / "whole" / KEY[:2] / KEY[2:4] / KEY
    earlier.parent.mkdir(parents=True)
    earlier.write_bytes(CONTENT)

    assert (store.get(KEY), store.holds(KEY), [key for key, _ in store.contents()]) == (CONTENT, True, [KEY])
    assert store.put(CONTENT) == KEY
    assert files(store) == [KEY]
    store.forget(KEY)

    assert not store.holds(KEY)


@pytest.mark.parametrize(
    "damage", [b"", CONTENT[:-1], CONTENT[:-1] + b"?"], ids=["empty", "short", "flipped"]
)
def test_damaged_content_is_not_taken_for_kept(store: FolderStore, damage: bytes) -> None:
    store.put(CONTENT)
    (store.root / "whole" / KEY[:2] / KEY).write_bytes(damage)

    store.put(CONTENT)

    assert store.get(KEY) == CONTENT


@pytest.mark.parametrize("key", ["../../../etc/passwd", "..", "", "/etc/passwd", KEY.upper(), KEY + "/x"])
def test_a_key_that_no_digest_made_is_refused(store: FolderStore, key: str) -> None:
    with pytest.raises(StoreFailed):
        store.get(key)
    assert store.copy(key, "thumb-1") is None


def test_what_is_not_there_is_said_to_be_missing(store: FolderStore) -> None:
    with pytest.raises(StoreFailed):
        store.get(KEY)


# Copies for people


def test_a_copy_is_kept_beside_the_content_and_never_instead_of_it(store: FolderStore) -> None:
    key = store.put(CONTENT)
    assert store.copy(key, "thumb-6") is None

    store.keep_copy(key, "thumb-6", b"small")

    assert store.copy(key, "thumb-6") == b"small"
    assert store.copy(key, "screen-6") is None
    assert store.get(key) == CONTENT


def test_a_copy_made_twice_at_once_is_whole(store: FolderStore) -> None:
    store.keep_copy(KEY, "thumb-1", b"one")
    store.keep_copy(KEY, "thumb-1", b"the other")

    assert store.copy(KEY, "thumb-1") == b"the other"


# Health


def test_the_probe_leaves_nothing(store: FolderStore) -> None:
    store.probe()

    assert files(store) == []


def test_the_probe_notices_a_full_disk(store: FolderStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "pwrite", failing(errno.ENOSPC))

    with pytest.raises(StoreFull):
        store.probe()
    assert files(store) == []


def test_the_probe_notices_a_disk_that_gives_back_other_bytes(
    store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "read_bytes", lambda _: b"something else")

    with pytest.raises(StoreFailed):
        store.probe()
    assert files(store) == []
