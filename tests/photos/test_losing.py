"""Photos whose bytes are no longer in the store: no receipt is given for them, and phones send them again."""

import shutil

import pytest

from field.audit.models import AuditEntry
from field.core.db import db
from field.photos.models import Photo, PhotoState
from tests.photos.buckets import BUCKET, running_bucket


def _row():
    db.session.rollback()
    return db.session.query(Photo).populate_existing().one()


@pytest.fixture(params=["folder", "objects"])
def app(request, make_app):
    """The application over each kind of store."""
    if request.param == "folder":
        built = make_app()
        with built.app_context():
            yield built
        return
    with running_bucket() as bucket:
        settings = {"PHOTO_STORE": f"s3://{BUCKET}/x", "S3_ENDPOINT": bucket.address}
        settings |= {"S3_ACCESS_KEY": "key", "S3_SECRET_KEY": "secret"}
        built = make_app(**{f"FIELD_{name}": value for name, value in settings.items()})
        with built.app_context():
            yield built


@pytest.fixture
def part(app, sender, visit, content):
    """A photo that was stored, and whose content is gone."""
    part = sender.photo_part(content)
    assert "Photo-Receipt" in sender.upload_photo(visit, part, content).headers
    app.extensions["photo_store"].forget(_row().stored_digest)
    return part


def _held(part):
    return {"id": part["id"], "kind": "full", "digest": part["digest"]}


def test_an_announcement_of_a_lost_photo_opens_it_anew(sender, visit, part, content):
    answer = sender.start_photo(visit, part)

    assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, "0")
    assert "Photo-Receipt" not in answer.headers
    assert _row().state == PhotoState.UPLOADING
    assert "photo.lost" in {row.action for row in db.session.query(AuditEntry)}


def test_a_phone_that_asks_hears_that_nothing_of_a_lost_photo_is_here(sender, part):
    answer = sender.ask_photo(f"/sync/photos/{_row().id}")

    assert (answer.headers["Upload-Offset"], answer.headers.get("Photo-Receipt")) == ("0", None)


def test_reconciliation_asks_for_a_lost_photo(sender, part):
    assert sender.reconcile(photos=[_held(part)])["photos_missing"] == [part["id"]]
    assert _row().state == PhotoState.UPLOADING


def test_what_is_sent_again_is_stored_again_with_its_receipt(app, sender, visit, part, content):
    sender.reconcile(photos=[_held(part)])

    answer = sender.upload_photo(visit, part, content)

    assert "Photo-Receipt" in answer.headers
    assert app.extensions["photo_store"].holds(_row().stored_digest)
    answer = sender.reconcile(photos=[_held(part)])
    assert (answer["photos_missing"], answer["photos_partial"]) == ([], [])


def test_a_photo_cut_short_in_the_folder_is_lost_too(app, sender, visit, content):
    store = app.extensions["photo_store"]
    if not hasattr(store, "root"):
        pytest.skip("an object is there whole or not at all")
    part = sender.photo_part(content)
    sender.upload_photo(visit, part, content)
    path = store._whole(_row().stored_digest)
    path.write_bytes(path.read_bytes()[:-1])

    answer = sender.upload_photo(visit, part, content)

    assert "Photo-Receipt" in answer.headers
    assert path.stat().st_size == _row().stored_length


def test_a_photo_folder_that_is_not_there_means_that_nothing_is_known_to_be_lost(app, sender, visit, part):
    store = app.extensions["photo_store"]
    if not hasattr(store, "root"):
        pytest.skip("of a folder")
    shutil.rmtree(store.root / "whole")

    answer = sender.start_photo(visit, part)

    assert answer.status_code == 503
    assert _row().state == PhotoState.STORED
