"""What closes a hazard is a picture that it did not have before, whatever name it comes under."""

from field.hazards.models import Action, FindingStatus
from tests import factories
from tests.hazards.looking import looked_again, now
from tests.photos.pictures import noise, saved

PICTURE, OTHER = saved(noise(201), "JPEG"), saved(noise(202), "JPEG")


def _looked(send, finding, passed, picture):
    return send(finding, "recheck", now(finding).version, passed=passed, reason="看过", photo=picture)


def test_the_picture_of_a_failed_recheck_does_not_close_it(send):
    finding = factories.a_hazard()
    _looked(send, finding, "false", PICTURE)

    again = _looked(send, finding, "true", PICTURE)
    status = now(finding).status
    _looked(send, finding, "true", OTHER)

    assert again.status_code == 422
    assert "This photo was here before" in again.text
    assert status == FindingStatus.RECHECK_FAILED
    assert now(finding).status == FindingStatus.CLOSED


def test_at_the_door_the_same_picture_under_a_new_name_does_not_count(send, sender, worker):
    finding = factories.a_hazard(worker)
    _looked(send, finding, "false", PICTURE)
    part = sender.photo_part(PICTURE)
    body = looked_again(sender, finding, part)

    sender.send(sender.event(body))
    waiting = now(finding).status
    sender.upload_photo(body["visit"], part, PICTURE)

    assert waiting == FindingStatus.AWAITING_PHOTO
    assert now(finding).status == FindingStatus.RECHECK_DUE
    assert now(finding).steps[-1].action == Action.VOID_RECHECK
