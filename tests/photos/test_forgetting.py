"""Bytes that nothing names any more go, whoever was killed before; and never those that somebody was promised."""

import os
from uuid import UUID, uuid4

import pytest

from field.core.db import db
from field.core.ids import new_id
from field.photos import forgetting, service, uploads
from field.photos.models import Photo
from tests import factories
from tests.phone import Phone
from tests.photos.pictures import PLACE, noise, saved, talkative
from tests.steps import Died


def _store(app):
    return app.extensions["photo_store"]


def _files(app, folder):
    return [path for path in (_store(app).root / folder).rglob("*") if path.is_file()]


def _expire(app):
    assert app.test_cli_runner().invoke(args=["photos", "expire"]).exit_code == 0
    db.session.expire_all()


def _killed_before_the_pieces_went(sender, visit, monkeypatch):
    """A photo that says where it was taken is stored; its phone is lost and never asks again."""
    content = talkative("JPEG")
    location = sender.start_photo(visit, sender.photo_part(content)).headers["Location"]
    sender.send_piece(location, 0, content[:100])

    def die(*_):
        raise Died

    with monkeypatch.context() as killed:
        killed.setattr("field.photos.store.FolderStore.discard", die)
        with pytest.raises(Died):
            sender.send_piece(location, 100, content[100:])
    db.session.remove()


def _left(app):
    return [path.read_bytes() for path in _files(app, "parts")]


def test_pieces_that_a_killed_process_left_go_with_the_first_photo_after_the_start(
    app, make_app, worker, sender, visit, content, monkeypatch
):
    _killed_before_the_pieces_went(sender, visit, monkeypatch)
    left = _left(app)
    started = make_app()

    with started.app_context():
        other = Phone(started, factories.a_user("second_worker")).enrol()
        other.start_photo(visit, other.photo_part(content))

    assert [PLACE in piece or b"Exif" in piece for piece in left] == [True]
    assert _left(app) == []


def test_pieces_that_a_killed_process_left_go_within_the_hour(
    app, sender, visit, content, monkeypatch, clock
):
    _killed_before_the_pieces_went(sender, visit, monkeypatch)
    sender.start_photo(visit, sender.photo_part(content))
    at_once = len(_left(app))
    clock.forward(minutes=61)

    sender.start_photo(visit, sender.photo_part(content + b"x"))

    assert (at_once, _left(app)) == (1, [])


def test_pieces_that_a_killed_process_left_go_with_the_daily_command(app, sender, visit, monkeypatch):
    _killed_before_the_pieces_went(sender, visit, monkeypatch)

    _expire(app)

    assert _left(app) == []
    assert db.session.query(Photo).one().state == "stored"


def test_a_photo_that_comes_in_one_piece_leaves_none_behind_even_when_killed(
    app, sender, visit, content, monkeypatch
):
    location = sender.start_photo(visit, sender.photo_part(content)).headers["Location"]
    monkeypatch.setattr("field.photos.store.FolderStore.discard", lambda *_: None)

    answer = sender.send_piece(location, 0, content)

    assert "Photo-Receipt" in answer.headers
    assert _left(app) == []


def test_what_is_on_its_way_or_kept_aside_keeps_its_pieces(app, sender, visit, content):
    half = sender.start_photo(visit, sender.photo_part(content)).headers["Location"]
    sender.send_piece(half, 0, content[:1000])
    page = b"<html>Sign in to this network</html>"
    sender.upload_photo(visit, sender.photo_part(page), page)

    _expire(app)

    assert sorted(_left(app)) == sorted([content[:1000], page])


def test_pieces_of_no_upload_go_after_thirty_days(app, clock):
    _store(app).append(uuid4(), 0, b"of a database that was lost")
    _expire(app)
    early = len(_left(app))
    clock.forward(days=31)

    _expire(app)

    assert (early, _left(app)) == (1, [])


def test_an_upload_that_began_again_meanwhile_keeps_its_pieces(app, sender, visit, content, clock):
    photo = sender.photo_part(content)
    location = sender.start_photo(visit, photo).headers["Location"]
    sender.send_piece(location, 0, content[:1000])
    clock.forward(days=31)
    _expire(app)
    sender.start_photo(visit, photo)
    sender.send_piece(location, 0, content[:700])

    forgetting.forget_pieces([UUID(location.rpartition("/")[2])], _store(app))

    assert _left(app) == [content[:700]]


def test_a_store_that_cannot_look_takes_photos_all_the_same(sender, visit, content, monkeypatch):
    monkeypatch.setattr(os, "scandir", _fail)

    assert sender.upload_photo(visit, sender.photo_part(content), content).headers["Photo-Receipt"]


def _fail(*_):
    raise OSError(5, "Input/output error")


# Content of expired photos


def test_a_photo_whose_visit_never_came_goes_with_its_bytes_and_copies(app, sender, visit, content, clock):
    sender.upload_photo(visit, sender.photo_part(content), content)
    row = db.session.query(Photo).one()
    service.copy_for_people(row, "thumb", _store(app))
    before = len(_files(app, "whole")), len(_files(app, "copies"))
    clock.forward(days=31)

    _expire(app)

    assert before == (1, 1)
    assert (_files(app, "whole"), _files(app, "copies")) == ([], [])
    assert db.session.query(Photo).one().state == "expired"


def test_content_that_another_photo_has_too_stays(app, sender, visit, content, clock):
    orphan, photo = sender.photo_part(content), sender.photo_part(content)
    kept = str(new_id())
    sender.record(factories.a_dwelling(), photos=[photo], visit=kept)
    sender.upload_photo(visit, orphan, content)
    sender.upload_photo(kept, photo, content)
    clock.forward(days=31)

    _expire(app)

    states = {str(row.photo_id): row.state for row in db.session.query(Photo)}
    assert states == {orphan["id"]: "expired", photo["id"]: "stored"}
    [row] = db.session.query(Photo).filter_by(state="stored")
    assert _store(app).get(row.stored_digest)


def test_an_expired_photo_can_come_again(app, sender, visit, content, clock):
    photo = sender.photo_part(content)
    sender.upload_photo(visit, photo, content)
    clock.forward(days=31)
    _expire(app)

    answer = sender.upload_photo(visit, photo, content)

    assert answer.headers["Photo-Receipt"]
    assert _store(app).get(db.session.query(Photo).one().stored_digest)


def test_content_that_goes_while_the_same_comes_again_is_never_called_stored(
    app, sender, visit, content, clock, monkeypatch
):
    sender.upload_photo(visit, sender.photo_part(content), content)
    clock.forward(days=31)
    photo = sender.photo_part(content)
    location = sender.start_photo(visit, photo).headers["Location"]
    proved = uploads._proved

    def expired_meanwhile(upload, whole):
        outcome = proved(upload, whole)
        monkeypatch.setattr(uploads, "_proved", proved)
        _expire(app)
        return outcome

    monkeypatch.setattr(uploads, "_proved", expired_meanwhile)
    refused = sender.send_piece(location, 0, content)
    stands = sender.ask_photo(location)
    answer = sender.send_piece(location, 0, content)

    assert (refused.status_code, refused.headers["Upload-Offset"]) == (409, "0")
    assert "Photo-Receipt" not in stands.headers
    assert answer.headers["Photo-Receipt"]
    [row] = db.session.query(Photo).filter_by(state="stored")
    assert _store(app).get(row.stored_digest)


# A whole that is never what was announced


def test_a_whole_that_is_wrong_twice_is_kept_aside_and_told(app, sender, visit):
    """The phone's own bytes are not what it says: sending them a third time would end the same."""
    content = saved(noise(), "JPEG")
    photo = sender.photo_part(content) | {"digest": "sha-256:" + "0" * 64}

    first = sender.upload_photo(visit, photo, content)
    second = sender.upload_photo(visit, photo, content)
    asked = sender.start_photo(visit, photo)

    assert (first.status_code, first.json["code"]) == (460, "checksum-mismatch")
    assert (second.status_code, second.json["code"]) == (422, "photo-unusable")
    assert (second.json["reason"], asked.headers["Photo-Problem"]) == ("damaged", "damaged")
    assert _store(app).part(db.session.query(Photo).one().id) == content
    held = {"id": photo["id"], "kind": "full", "digest": photo["digest"]}
    assert sender.reconcile(photos=[held])["photos_quarantined"] == [photo["id"]]
