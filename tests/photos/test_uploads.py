"""Photos come in pieces over bad links: each piece is proved, every answer is true, and nothing is taken twice."""

import base64
import hashlib

import pytest

from field.core.db import db
from field.photos.models import Photo
from tests.phone import PIECE, TUS
from tests.photos.pictures import noise, saved


def _code(answer):
    return answer.status_code, answer.json["code"]


def test_what_this_server_can_do_is_told_to_anybody(anonymous):
    answer = anonymous.options("/sync/photos")

    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == "1.0.0"
    assert answer.headers["Tus-Extension"] == "creation,creation-with-upload,checksum,expiration"
    assert answer.headers["Tus-Checksum-Algorithm"] == "sha256"


def test_an_announced_photo_has_an_address_and_stands_at_nothing(sender, visit, content):
    answer = sender.start_photo(visit, sender.photo_part(content))

    assert answer.status_code == 201
    assert answer.headers["Tus-Resumable"] == "1.0.0"
    assert answer.headers["Upload-Offset"] == "0"
    assert answer.headers["Upload-Expires"].endswith("GMT")
    assert "Photo-Receipt" not in answer.headers


def test_the_same_photo_announced_again_is_the_same_upload_where_it_stands(sender, visit, content):
    photo = sender.photo_part(content)
    first = sender.start_photo(visit, photo)
    sender.send_piece(first.headers["Location"], 0, content[:1000])

    again = sender.start_photo(visit, photo)

    assert (again.status_code, again.headers["Location"]) == (201, first.headers["Location"])
    assert again.headers["Upload-Offset"] == "1000"
    assert db.session.query(Photo).count() == 1


def test_a_preview_and_other_bytes_are_uploads_of_their_own(sender, visit, content):
    photo = sender.photo_part(content)
    other = sender.photo_part(content + b"x", id=photo["id"])

    answers = [
        sender.start_photo(visit, photo),
        sender.start_photo(visit, photo, kind="preview"),
        sender.start_photo(visit, other),
    ]

    assert len({answer.headers["Location"] for answer in answers}) == 3


def test_the_same_digest_with_another_length_is_a_contradiction(sender, visit, content):
    photo = sender.photo_part(content)
    sender.start_photo(visit, photo)

    assert _code(sender.start_photo(visit, photo | {"size": 5})) == (409, "conflict")


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Tus-Resumable": "0.2.2"}, (400, "bad-request")),
        ({"Upload-Length": "many"}, (400, "bad-request")),
        ({"Upload-Length": "-1"}, (400, "bad-request")),
        ({"Upload-Length": "20000001"}, (413, "too-large")),
        ({"Upload-Metadata": ""}, (422, "invalid")),
        ({"Upload-Metadata": "visit !!!"}, (400, "bad-request")),
        ({"Upload-Metadata": f"visit {base64.b64encode(b'../../etc').decode()}"}, (422, "invalid")),
    ],
)
def test_an_announcement_that_cannot_be_read_is_refused(sender, headers, expected):
    usual = TUS | {"Upload-Length": "5", "Upload-Metadata": ""}

    answer = sender.browser.post("/sync/photos", headers=usual | headers)

    assert _code(answer) == expected
    assert db.session.query(Photo).count() == 0


def test_how_far_an_upload_is_can_be_asked(sender, visit, content):
    location = sender.start_photo(visit, sender.photo_part(content)).headers["Location"]
    piece = sender.send_piece(location, 0, content[:777])

    answer = sender.ask_photo(location)

    assert (piece.status_code, piece.headers["Upload-Offset"]) == (204, "777")
    assert (answer.status_code, answer.headers["Upload-Offset"]) == (200, "777")
    assert answer.headers["Upload-Length"] == str(len(content))
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("cut", [1, 2, 1000, -2, -1])
def test_an_upload_that_was_cut_goes_on_at_its_byte(sender, visit, content, cut):
    photo = sender.photo_part(content)
    location = sender.start_photo(visit, photo).headers["Location"]
    sender.send_piece(location, 0, content[:cut])

    answer = sender.upload_photo(visit, photo, content)

    assert len(answer.headers["Photo-Receipt"]) == 8
    assert sender.ask_photo(location).headers["Photo-Receipt"] == answer.headers["Photo-Receipt"]


def test_a_photo_in_many_small_pieces_is_the_same_photo(app, sender, visit, content):
    sender.upload_photo(visit, sender.photo_part(content), content, piece=997)
    stored = db.session.query(Photo).one()

    other = saved(noise(20, 20), "JPEG")
    sender.upload_photo(visit, sender.photo_part(other), other)

    assert (stored.state, stored.length, stored.offset) == ("stored", len(content), len(content))
    assert app.extensions["photo_store"].get(stored.stored_digest) == content


def test_a_flipped_bit_is_noticed_and_moves_nothing(sender, visit, content):
    location = sender.start_photo(visit, sender.photo_part(content)).headers["Location"]
    sender.send_piece(location, 0, content[:500])
    piece = content[500:900]
    meant = base64.b64encode(hashlib.sha256(piece).digest()).decode()
    flipped = bytes([piece[0] ^ 1]) + piece[1:]

    damaged = sender.send_piece(location, 500, flipped, **{"Upload-Checksum": f"sha256 {meant}"})

    assert _code(damaged) == (460, "checksum-mismatch")
    assert sender.ask_photo(location).headers["Upload-Offset"] == "500"


@pytest.mark.parametrize("offset", [0, 499, 501, 10**9])
def test_a_piece_that_does_not_follow_is_refused_and_told_where_to_go_on(sender, visit, content, offset):
    location = sender.start_photo(visit, sender.photo_part(content)).headers["Location"]
    sender.send_piece(location, 0, content[:500])

    answer = sender.send_piece(location, offset, content[500:600])

    assert _code(answer) == (409, "offset-wrong")
    assert answer.headers["Upload-Offset"] == sender.ask_photo(location).headers["Upload-Offset"] == "500"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Upload-Checksum": ""}, (400, "bad-request")),
        ({"Upload-Checksum": "md5 AAAA"}, (400, "bad-request")),
        ({"Upload-Offset": "x"}, (400, "bad-request")),
        ({"Content-Type": "image/jpeg"}, (415, "media-type")),
        ({"Tus-Resumable": ""}, (400, "bad-request")),
    ],
)
def test_a_piece_without_its_papers_is_refused(sender, visit, content, headers, expected):
    location = sender.start_photo(visit, sender.photo_part(content)).headers["Location"]

    answer = sender.browser.patch(
        location,
        data=content[:100],
        headers=TUS
        | {
            "Content-Type": "application/offset+octet-stream",
            "Upload-Offset": "0",
            "Upload-Checksum": "sha256 AAAA",
        }
        | headers,
    )

    assert _code(answer) == expected
    assert sender.ask_photo(location).headers["Upload-Offset"] == "0"


def test_pieces_and_photos_have_a_largest_size(sender, visit, content):
    large = sender.photo_part(b"", size=3 * PIECE, digest="sha-256:" + "0" * 64)
    location = sender.start_photo(visit, large).headers["Location"]
    small = sender.start_photo(visit, sender.photo_part(content)).headers["Location"]

    assert _code(sender.send_piece(location, 0, b"x" * (PIECE + 1))) == (413, "too-large")
    assert _code(sender.send_piece(small, 0, content + b"x")) == (413, "too-large")
    assert sender.ask_photo(small).headers["Upload-Offset"] == "0"


def test_when_the_last_answer_is_lost_the_receipt_can_be_asked_for(sender, visit, content):
    photo = sender.photo_part(content)
    lost = sender.upload_photo(visit, photo, content)
    again = sender.start_photo(visit, photo)

    late = sender.send_piece(again.headers["Location"], 0, content)

    assert again.headers["Photo-Receipt"] == lost.headers["Photo-Receipt"]
    assert again.headers["Upload-Offset"] == str(len(content))
    assert _code(late) == (409, "offset-wrong")
    assert db.session.query(Photo).count() == 1
