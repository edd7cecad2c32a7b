"""A phone sends photos while they are kept in an object store, also in one that is down, full or lying."""

import pytest

from field.core.db import db
from field.photos.models import Photo, PhotoState
from tests.phone import digest_of
from tests.photos.buckets import BUCKET, running_bucket


@pytest.fixture
def bucket():
    with running_bucket() as running:
        yield running


@pytest.fixture
def app(make_app, bucket):
    """The application over an object store."""
    built = make_app(
        FIELD_PHOTO_STORE=f"s3://{BUCKET}/baiyin",
        FIELD_S3_ENDPOINT=bucket.address,
        FIELD_S3_ACCESS_KEY="key",
        FIELD_S3_SECRET_KEY="secret",
    )
    with built.app_context():
        yield built


def _row() -> Photo:
    db.session.rollback()
    return db.session.query(Photo).populate_existing().one()


def test_a_photo_in_pieces_is_kept_whole_and_its_pieces_go(sender, visit, content, bucket):
    answer = sender.upload_photo(visit, sender.photo_part(content), content, piece=1000)

    [name] = bucket.names()
    assert len(answer.headers["Photo-Receipt"]) == 8
    assert name == f"baiyin/whole/{_row().stored_digest}"
    assert digest_of(bucket.objects[name]) == f"sha-256:{_row().stored_digest}"


def test_a_store_that_fails_acknowledges_no_piece_and_takes_it_later(sender, visit, content, bucket):
    location = sender.start_photo(visit, sender.photo_part(content)).headers["Location"]
    bucket.refuse = (503, "SlowDown")

    refused = sender.send_piece(location, 0, content[:1000])

    assert (refused.status_code, refused.json["code"]) == (503, "busy")
    assert "Retry-After" in refused.headers
    assert _row().offset == 0
    bucket.mend()
    assert sender.send_piece(location, 0, content[:1000]).headers["Upload-Offset"] == "1000"


def test_a_store_without_room_answers_507_and_keeps_the_offset(sender, visit, content, bucket):
    location = sender.start_photo(visit, sender.photo_part(content)).headers["Location"]
    bucket.refuse = (507, "XMinioStorageFull")

    refused = sender.send_piece(location, 0, content)

    assert (refused.status_code, refused.json["code"]) == (507, "storage-full")
    assert _row().offset == 0


@pytest.mark.parametrize("fault", ["lie", "damage", "lose"])
def test_a_store_that_lies_gives_no_receipt_and_the_photo_comes_again(sender, visit, content, bucket, fault):
    photo = sender.photo_part(content)
    location = sender.start_photo(visit, photo).headers["Location"]
    setattr(bucket, fault, True if fault == "lose" else lambda sent: sent[:-1] + bytes([sent[-1] ^ 1]))

    refused = sender.send_piece(location, 0, content)

    assert (refused.status_code, refused.json["code"]) == (503, "busy")
    assert (_row().state, _row().offset) == (PhotoState.UPLOADING, 0)
    bucket.mend()
    assert sender.send_piece(location, 0, content).headers["Photo-Receipt"]
    assert _row().state == PhotoState.STORED


def test_health_tries_the_object_store(anonymous, bucket):
    assert anonymous.get("/healthz").json["photos"] == "ok"


def test_health_notices_an_object_store_that_lies(anonymous, bucket):
    bucket.lie = lambda _: b"something else"

    answer = anonymous.get("/healthz")

    assert (answer.status_code, answer.json["photos"]) == (503, "failing")
