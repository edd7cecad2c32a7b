"""Photos that are found good after they were taken for unusable: what waited for one goes on."""

import pytest

from field.hazards.models import FindingStatus
from field.photos import service as photos
from field.photos.images import Unusable
from field.photos.store import StoreFull
from tests.hazards.looking import actions, looked_again, now
from tests.photos.pictures import noise, saved

S = FindingStatus
PICTURE = saved(noise(), "JPEG")
NO_PICTURE = b"this is no picture"


@pytest.fixture
def refused_for_now(sender, hazard, monkeypatch):
    """A recheck whose good photo the server took for unusable; answers its photo's part, body and event."""

    def refuse(_content, _most):
        raise Unusable("too_slow")

    part = sender.photo_part(PICTURE)
    body = looked_again(sender, hazard, part)
    event = sender.event(body)
    with monkeypatch.context() as patched:
        patched.setattr(photos, "accept", refuse)
        sender.send(event)
        sender.upload_photo(body["visit"], part, PICTURE)
    return part, body, event


def _judge_photos_again(app):
    told = app.test_cli_runner().invoke(args=["photos", "judge-again"])
    assert told.exit_code == 0, told.output
    return told.output.strip()


def test_a_photo_that_is_found_good_after_all_closes_what_waited_for_it(app, sender, hazard, refused_for_now):
    part, body, _event = refused_for_now
    before = now(hazard).status

    told = [_judge_photos_again(app) for _ in range(2)]

    assert before == S.RECHECK_DUE
    assert told == ["1 photos are stored now, 0 stay aside.", "0 photos are stored now, 0 stay aside."]
    assert now(hazard).status == S.CLOSED
    assert actions(hazard) == ["await_photo", "void_recheck", "confirm_recheck"]
    assert "Photo-Receipt" in sender.start_photo(body["visit"], part).headers


def test_a_store_without_room_is_said_and_the_photo_stays_aside(app, hazard, refused_for_now, monkeypatch):
    def full(_content):
        raise StoreFull("no room")

    monkeypatch.setattr(app.extensions["photo_store"], "put", full)

    told = app.test_cli_runner().invoke(args=["photos", "judge-again"])

    assert (told.exit_code, "no room" in told.output) == (1, True)
    assert now(hazard).status == S.RECHECK_DUE


def test_what_is_no_picture_stays_aside_with_its_bytes(app, sender, hazard):
    part = sender.photo_part(NO_PICTURE)
    body = looked_again(sender, hazard, part)
    sender.send(sender.event(body))
    sender.upload_photo(body["visit"], part, NO_PICTURE)

    told = _judge_photos_again(app)

    assert told == "0 photos are stored now, 1 stay aside."
    assert len(app.extensions["photo_store"].unfinished()) == 1
    assert actions(hazard) == ["await_photo", "void_recheck"]


def test_a_photo_found_good_after_somebody_looked_again_changes_nothing(
    app, phone, worker, hazard, refused_for_now
):
    other = phone(worker)
    said = {"finding": str(hazard.id), "passed": False, "note": "还在"}
    other.send(other.event(other.visit_body(hazard.dwelling_id, rechecks=[said])))

    _judge_photos_again(app)

    assert now(hazard).status == S.RECHECK_FAILED


def test_a_correction_still_opens_what_a_photo_found_good_later_closed(app, sender, hazard, refused_for_now):
    _part, _body, event = refused_for_now
    _judge_photos_again(app)
    said = {"finding": str(hazard.id), "passed": False, "note": "还在"}

    sender.send(sender.event(sender.correction_of(event, rechecks=[said])))

    assert now(hazard).status == S.RECHECK_FAILED
