"""Photos in an object store: what it confirmed is there, and one that is down, full or lying acknowledges nothing."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from field.photos.objects import ObjectStore
from field.photos.store import StoreFailed, StoreFull
from tests.photos.buckets import BUCKET, Bucket, running_bucket
from tests.photos.disks import CONTENT, KEY

KEYS = {"region": "anywhere", "access_key": "key", "secret_key": "secret"}


@pytest.fixture
def bucket() -> Iterator[Bucket]:
    with running_bucket() as running:
        yield running


@pytest.fixture
def objects(bucket: Bucket) -> ObjectStore:
    return ObjectStore(f"s3://{BUCKET}/baiyin", endpoint=bucket.address, **KEYS)


def _flipped(content: bytes) -> bytes:
    return content[:-1] + bytes([content[-1] ^ 1])


# What it is


def test_pieces_make_the_whole_in_whatever_order_they_are_listed(objects: ObjectStore, upload: UUID) -> None:
    for offset in range(0, len(CONTENT), 7000):
        objects.append(upload, offset, CONTENT[offset : offset + 7000])

    assert objects.part(upload) == CONTENT


def test_pieces_that_came_twice_or_overlap_are_harmless(objects: ObjectStore, upload: UUID) -> None:
    for offset, length in ((0, 3000), (0, 9000), (0, 3000), (3000, 1000), (9000, 41000)):
        objects.append(upload, offset, CONTENT[offset : offset + length])

    assert objects.part(upload) == CONTENT


def test_what_lies_behind_a_gap_does_not_count(objects: ObjectStore, upload: UUID) -> None:
    objects.append(upload, 0, CONTENT[:1000])
    objects.append(upload, 2000, CONTENT[2000:])

    assert objects.part(upload) == CONTENT[:1000]


def test_what_is_kept_is_found_by_its_digest_and_goes_with_its_copies(
    objects: ObjectStore, bucket: Bucket
) -> None:
    assert objects.put(CONTENT) == objects.put(CONTENT) == KEY
    objects.keep_copy(KEY, "thumb-1", b"small")

    assert objects.get(KEY) == CONTENT
    assert objects.holds(KEY)
    assert objects.copy(KEY, "thumb-1") == b"small"
    assert bucket.names() == [f"baiyin/copies/{KEY}/thumb-1", f"baiyin/whole/{KEY}"]

    objects.forget(KEY)
    objects.forget(KEY)

    assert bucket.names() == []
    assert not objects.holds(KEY)
    assert objects.copy(KEY, "thumb-1") is None
    with pytest.raises(StoreFailed):
        objects.get(KEY)


def test_all_content_is_listed_with_its_time_and_nothing_else(objects: ObjectStore, upload: UUID) -> None:
    objects.append(upload, 0, b"a piece")
    key = objects.put(CONTENT)
    objects.keep_copy(key, "thumb-1", b"small")

    assert [name for name, _written_at in objects.contents()] == [key]
    assert all(written_at.tzinfo for _name, written_at in objects.contents())


def test_a_forgotten_upload_is_gone_and_is_no_longer_listed(objects: ObjectStore, upload: UUID) -> None:
    objects.append(upload, 0, CONTENT)
    assert set(objects.unfinished()) == {upload}

    objects.discard(upload)
    objects.discard(upload)

    assert objects.unfinished() == {}
    with pytest.raises(StoreFailed):
        objects.part(upload)


@pytest.mark.parametrize("key", ["../../../etc/passwd", "", "/etc/passwd", KEY.upper(), KEY + "/x"])
def test_a_key_that_no_digest_made_is_refused(objects: ObjectStore, key: str) -> None:
    with pytest.raises(StoreFailed):
        objects.get(key)
    assert objects.copy(key, "thumb-1") is None


def test_the_probe_leaves_nothing(objects: ObjectStore, bucket: Bucket) -> None:
    objects.probe()

    assert bucket.names() == []


# Down, full, lying


@pytest.mark.parametrize(
    ("refusal", "expected"),
    [
        ((503, "SlowDown"), StoreFailed),
        ((403, "AccessDenied"), StoreFailed),
        ((507, "XMinioStorageFull"), StoreFull),
        ((403, "QuotaExceeded"), StoreFull),
    ],
)
def test_a_store_that_refuses_acknowledges_nothing(
    objects: ObjectStore, bucket: Bucket, upload: UUID, refusal: tuple[int, str], expected: type[StoreFailed]
) -> None:
    bucket.refuse = refusal

    for attempt in (lambda: objects.append(upload, 0, CONTENT), lambda: objects.put(CONTENT), objects.probe):
        with pytest.raises(expected) as failure:
            attempt()
        assert type(failure.value) is expected
    assert bucket.names() == []


def test_a_name_that_looks_like_a_status_is_not_taken_for_one(objects: ObjectStore, bucket: Bucket) -> None:
    bucket.refuse = (503, "SlowDown")

    with pytest.raises(StoreFailed) as failure:
        objects.append(UUID("507" * 10 + "50"), 0, CONTENT)

    assert type(failure.value) is StoreFailed


def test_a_store_that_is_down_is_a_failure_and_names_no_address(upload: UUID) -> None:
    down = ObjectStore(f"s3://{BUCKET}", endpoint="http://127.0.0.1:9", **KEYS)

    with pytest.raises(StoreFailed, match=r"^\w+$"):
        down.append(upload, 0, CONTENT)


@pytest.mark.parametrize("fault", ["lie", "damage", "lose"])
def test_a_store_that_does_not_give_back_what_it_took_has_not_kept_it(
    objects: ObjectStore, bucket: Bucket, fault: str
) -> None:
    setattr(bucket, fault, True if fault == "lose" else _flipped)

    with pytest.raises(StoreFailed):
        objects.put(CONTENT)
    with pytest.raises(StoreFailed):
        objects.probe()


def test_a_piece_that_comes_back_changed_is_a_failure_of_the_store_and_not_of_the_photo(
    objects: ObjectStore, bucket: Bucket, upload: UUID
) -> None:
    objects.append(upload, 0, CONTENT)
    bucket.lie = _flipped

    with pytest.raises(StoreFailed):
        objects.part(upload)

    bucket.mend()
    assert objects.part(upload) == CONTENT
