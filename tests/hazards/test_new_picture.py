"""What closes a hazard is a picture that it did not have before, whatever name it comes under."""

from io import BytesIO

import pytest

from field.core.db import db
from field.hazards.models import Action, Finding, FindingStatus
from tests import factories
from tests.photos.pictures import noise, saved

PICTURE, OTHER = saved(noise(201), "JPEG"), saved(noise(202), "JPEG")


def _now(finding):
    db.session.expire_all()
    return db.session.get_one(Finding, finding.id)


@pytest.fixture
def looked(client_of, lead):
    """looked(hazard, passed, picture): the lead's recheck, in English."""

    def post(finding, passed, picture):
        data = {"version": _now(finding).version, "passed": passed, "reason": "看过"}
        data["photos"] = (BytesIO(picture), "photo.jpg")
        return client_of(lead).post(f"/hazards/{finding.id}/recheck?lang=en", data=data)

    return post


def test_the_picture_of_a_failed_recheck_does_not_close_it(looked):
    finding = factories.a_hazard()
    looked(finding, "false", PICTURE)

    again = looked(finding, "true", PICTURE)
    status = _now(finding).status
    looked(finding, "true", OTHER)

    assert again.status_code == 422
    assert "This photo was here before" in again.text
    assert status == FindingStatus.RECHECK_FAILED
    assert _now(finding).status == FindingStatus.CLOSED


def test_at_the_door_the_same_picture_under_a_new_name_does_not_count(looked, worker, second_worker, phone):
    finding = factories.a_hazard(worker)
    looked(finding, "false", PICTURE)
    sender = phone(second_worker)
    part = sender.photo_part(PICTURE)
    said = {"finding": str(finding.id), "passed": True, "photos": [part["id"]]}
    body = sender.visit_body(finding.dwelling_id, rechecks=[said], photos=[part])

    sender.send(sender.event(body))
    waiting = _now(finding).status
    sender.upload_photo(body["visit"], part, PICTURE)

    assert waiting == FindingStatus.AWAITING_PHOTO
    assert _now(finding).status == FindingStatus.RECHECK_DUE
    assert _now(finding).steps[-1].action == Action.VOID_RECHECK
