"""A photo's first piece may come with its announcement: a small photo is there after one request, and all else is
as it is with pieces that come by themselves."""

import errno
import os
import threading

import pytest

from field.core.db import db
from field.photos.models import Photo
from tests.photos.disks import failing_after
from tests.photos.lines import beside, second_line
from tests.steps import Died, watched


def _code(answer):
    return answer.status_code, answer.json["code"]


def test_a_photo_announced_with_all_its_bytes_is_there_after_one_request(app, sender, visit, content):
    photo = sender.photo_part(content)
    answer = sender.start_photo(visit, photo, piece=content)

    assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, str(len(content)))
    assert answer.headers["Photo-Receipt"]
    assert (
        sender.ask_photo(answer.headers["Location"]).headers["Photo-Receipt"]
        == answer.headers["Photo-Receipt"]
    )
    assert not list((app.extensions["photo_store"].root / "parts").iterdir())


def test_a_photo_announced_with_its_first_piece_goes_on_behind_it(sender, visit, content):
    photo = sender.photo_part(content)
    first = sender.start_photo(visit, photo, piece=content[:900])
    last = sender.send_piece(first.headers["Location"], 900, content[900:])

    assert (first.headers["Upload-Offset"], "Photo-Receipt" in first.headers) == ("900", False)
    assert last.headers["Photo-Receipt"]


def test_a_piece_that_comes_with_the_announcement_of_a_known_photo_is_not_taken(sender, visit, content):
    photo = sender.photo_part(content)
    first = sender.start_photo(visit, photo)

    again = sender.start_photo(visit, photo, piece=content[:900])

    assert (again.status_code, again.headers["Upload-Offset"]) == (201, "0")
    assert again.headers["Location"] == first.headers["Location"]


def test_when_the_answer_to_an_announcement_with_all_bytes_is_lost_the_next_one_has_the_receipt(
    sender, visit, content
):
    photo = sender.photo_part(content)
    lost = sender.start_photo(visit, photo, piece=content)

    again = sender.start_photo(visit, photo)

    assert again.headers["Photo-Receipt"] == lost.headers["Photo-Receipt"]
    assert db.session.query(Photo).count() == 1


@pytest.mark.parametrize(
    ("piece", "headers", "expected"),
    [
        (b"\0" * 900, {"Upload-Checksum": "sha256 AAAA"}, (460, "checksum-mismatch")),
        (b"\0" * 900, {"Upload-Checksum": ""}, (400, "bad-request")),
        (b"\0" * 9_000_000, {}, (413, "too-large")),
    ],
)
def test_a_piece_that_cannot_be_taken_announces_nothing(sender, visit, content, piece, headers, expected):
    answer = sender.start_photo(visit, sender.photo_part(content), piece=piece, **headers)

    assert _code(answer) == expected
    assert db.session.query(Photo).count() == 0


def test_more_bytes_than_were_announced_are_refused(sender, visit, content):
    answer = sender.start_photo(visit, sender.photo_part(content), piece=content + b"x")

    assert _code(answer) == (413, "too-large")


def test_other_bytes_than_were_announced_are_not_taken(sender, visit, content):
    other = content[:-1] + bytes([content[-1] ^ 1])
    photo = sender.photo_part(content)
    answer = sender.start_photo(visit, photo, piece=other)

    assert (answer.status_code, answer.headers["Upload-Offset"]) == (201, "0")
    assert sender.upload_photo(visit, photo, content).headers["Photo-Receipt"]


def test_what_is_no_picture_is_kept_aside_and_said_at_once(sender, visit):
    content = b"no picture " * 90
    photo = sender.photo_part(content)
    answer = sender.start_photo(visit, photo, piece=content)

    assert (*_code(answer), answer.json["reason"]) == (422, "photo-unusable", "not_a_picture")
    assert sender.start_photo(visit, photo).headers["Photo-Problem"] == "not_a_picture"


def test_a_photo_announced_whole_over_two_connections_at_once_is_one_photo(app, sender, visit, content):
    photos = [sender.photo_part(content) for _ in range(5)]
    start = threading.Barrier(2)

    def announce(line):
        start.wait(10)
        return [line.start_photo(visit, photo, piece=content) for photo in photos]

    lines = (sender, second_line(app, sender))
    sides = [beside(app, lambda line=line: announce(line)) for line in lines]
    one, other = [side.result() for side in sides]

    assert {answer.status_code for answer in (*one, *other)} == {201}
    assert [answer.headers["Location"] for answer in one] == [answer.headers["Location"] for answer in other]
    assert [row.state for row in db.session.query(Photo)] == ["stored"] * len(photos)
    assert not list((app.extensions["photo_store"].root / "parts").iterdir())


@pytest.mark.parametrize("size", [900, None])
def test_a_full_disk_announces_nothing(sender, visit, content, monkeypatch, size):
    photo = sender.photo_part(content)
    with monkeypatch.context() as full:
        full.setattr(os, "pwrite", failing_after(0, errno.ENOSPC))
        answer = sender.start_photo(visit, photo, piece=content[:size])
    written_down = db.session.query(Photo).count()

    assert (_code(answer), written_down) == ((507, "storage-full"), 0)
    assert sender.upload_photo(visit, photo, content).headers["Photo-Receipt"]


@pytest.mark.parametrize(
    ("step", "stored"),
    [
        ("photo.sync", False),
        ("photo.decode", False),
        ("photo.keep", False),
        ("photo.arrive", False),
        ("photo.forget", True),
        ("photo.answer", True),
    ],
)
def test_a_process_that_dies_at_any_step_of_an_announcement_with_all_bytes_has_told_nothing_untrue(
    app, sender, visit, content, step, stored
):
    def die(passed):
        if passed == step:
            raise Died

    photo = sender.photo_part(content)
    with watched(die), pytest.raises(Died):
        sender.start_photo(visit, photo, piece=content)
    db.session.remove()

    stands = sender.start_photo(visit, photo)
    answer = sender.upload_photo(visit, photo, content)

    assert ("Photo-Receipt" in stands.headers) == stored
    assert answer.headers["Photo-Receipt"]
    assert db.session.query(Photo).one().state == "stored"
