"""A disk that is full or fails, a locked database, a death: nothing is acknowledged or lost, and the phone goes on."""

import errno
import os
from contextlib import suppress
from pathlib import Path

import pytest

from field.core.db import db
from field.photos.models import Photo
from tests import factories
from tests.locks import held
from tests.phone import Phone, digest_of
from tests.photos.disks import failing, failing_after, small_disk
from tests.photos.pictures import noise, saved
from tests.steps import Died, watched


def test_a_real_full_disk_answers_507_and_goes_on_when_there_is_room(make_app, tmp_path, visit):
    content = saved(noise(600, 400), "JPEG")
    with small_disk(tmp_path / "small", 256 * 1024) as folder:
        app = make_app(FIELD_PHOTO_STORE=str(folder))
        with app.app_context():
            sender = Phone(app, factories.a_user("worker")).enrol()
            filler = folder / "filler"
            _fill(filler)
            photo = sender.photo_part(content)
            full = sender.upload_photo(visit, photo, content)
            stands = sender.start_photo(visit, photo).headers["Upload-Offset"]
            filler.unlink()
            answer = sender.upload_photo(visit, photo, content)

    assert (full.status_code, full.json["code"]) == (507, "storage-full")
    assert stands == "0"
    assert answer.headers["Photo-Receipt"]


def _fill(file):
    with file.open("wb", buffering=0) as out, suppress(OSError):
        while True:
            out.write(b"x" * 4096)


@pytest.mark.parametrize("written", [0, 700, 5000])
def test_when_the_disk_fills_up_nothing_is_acknowledged_and_nothing_is_lost(
    sender, visit, content, monkeypatch, written
):
    photo = sender.photo_part(content)
    with monkeypatch.context() as full:
        full.setattr(os, "pwrite", failing_after(written, errno.ENOSPC))
        answer = sender.upload_photo(visit, photo, content, piece=1000)
    stands = int(sender.start_photo(visit, photo).headers["Upload-Offset"])

    healed = sender.upload_photo(visit, photo, content)

    assert (answer.status_code, answer.json["code"]) == (507, "storage-full")
    assert stands == written // 1000 * 1000
    assert healed.headers["Photo-Receipt"]


@pytest.mark.parametrize("call", ["pwrite", "fsync"])
def test_a_disk_that_fails_acknowledges_nothing_and_asks_to_come_again(
    sender, visit, content, monkeypatch, call
):
    photo = sender.photo_part(content)
    with monkeypatch.context() as broken:
        broken.setattr(os, call, failing(errno.EIO))
        answer = sender.upload_photo(visit, photo, content)

    assert (answer.status_code, answer.json["code"]) == (503, "busy")
    assert int(answer.headers["Retry-After"]) > 0
    assert "Photo-Receipt" not in sender.start_photo(visit, photo).headers
    assert sender.upload_photo(visit, photo, content).headers["Photo-Receipt"]


def test_a_database_that_is_locked_when_the_last_piece_comes_acknowledges_nothing(
    make_app, database_url, visit, content
):
    app = make_app(FIELD_LOCK_WAIT_SECONDS="0.05")
    with app.app_context():
        sender = Phone(app, factories.a_user("worker")).enrol()
        photo = sender.photo_part(content)
        location = sender.start_photo(visit, photo).headers["Location"]
        with held(database_url, "photos"):
            busy = sender.send_piece(location, 0, content)
            stands = sender.ask_photo(location)
        answer = sender.send_piece(location, 0, content)

    assert (busy.status_code, busy.json["code"]) == (503, "busy")
    assert int(busy.headers["Retry-After"]) > 0
    assert (stands.headers["Upload-Offset"], "Photo-Receipt" in stands.headers) == ("0", False)
    assert answer.headers["Photo-Receipt"]


@pytest.mark.parametrize(
    ("step", "stored"),
    [
        ("photo.append", False),
        ("photo.sync", False),
        ("photo.decode", False),
        ("photo.keep", False),
        ("photo.settle", False),
        ("photo.forget", True),
        ("photo.answer", True),
    ],
)
def test_a_process_that_dies_at_any_step_of_the_last_piece_has_told_nothing_untrue(
    app, sender, visit, content, step, stored
):
    def die(passed):
        if passed == step:
            raise Died

    photo = sender.photo_part(content)
    location = sender.start_photo(visit, photo).headers["Location"]
    sender.send_piece(location, 0, content[:1000])
    with watched(die), pytest.raises(Died):
        sender.send_piece(location, 1000, content[1000:])
    db.session.remove()

    stands = sender.ask_photo(location)
    answer = sender.upload_photo(visit, photo, content)

    assert ("Photo-Receipt" in stands.headers) == stored
    assert stands.headers["Upload-Offset"] == str(len(content) if stored else 1000)
    assert answer.headers["Photo-Receipt"]
    row = db.session.query(Photo).one()
    assert row.state == "stored"
    assert not list((app.extensions["photo_store"].root / "parts").iterdir()), "these still say where it was"
    assert digest_of(app.extensions["photo_store"].get(row.stored_digest)) == f"sha-256:{row.stored_digest}"


def test_pieces_that_the_disk_does_not_let_go_leave_the_receipt_true(
    app, sender, visit, content, monkeypatch
):
    photo = sender.photo_part(content)
    with monkeypatch.context() as broken:
        broken.setattr(Path, "unlink", failing(errno.EIO))
        answer = sender.upload_photo(visit, photo, content)
    again = sender.start_photo(visit, photo)

    assert answer.headers["Photo-Receipt"] == again.headers["Photo-Receipt"]
    assert not list((app.extensions["photo_store"].root / "parts").iterdir())
