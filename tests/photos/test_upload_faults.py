"""A disk that is full or fails: nothing is acknowledged, nothing is lost, and the phone goes on when it can."""

import errno
import os
from contextlib import suppress

import pytest

from tests import factories
from tests.phone import Phone
from tests.photos.disks import failing, failing_after, small_disk
from tests.photos.pictures import noise, saved


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
