"""What becomes of a photo: stored whole and bare, kept aside, expired, or not acknowledged."""

from uuid import UUID

import pytest

from field.audit.models import AuditEntry
from field.core.db import db
from field.core.ids import new_id
from field.photos.models import Photo
from field.sync.models import InboxEvent
from tests import factories
from tests.phone import Phone, digest_of
from tests.photos.pictures import (
    assert_same_pixels,
    assert_tells_nothing,
    exif,
    noise,
    opened,
    quarters,
    saved,
    talkative,
)

GIF = b"GIF89a" + b"\0" * 40


def _record_with(sender, photo):
    """A visit that names a photo; answers its id."""
    visit = str(new_id())
    sender.record(factories.a_dwelling(), photos=[photo], visit=visit)
    return visit


def _stored():
    return db.session.query(Photo).one()


# Whole and bare


@pytest.mark.parametrize("first", ["photo", "visit"])
def test_a_photo_is_seen_whether_it_came_before_its_visit_or_after(sender, client_of, lead, first):
    content, visit = saved(noise(), "JPEG"), str(new_id())
    photo, door = sender.photo_part(content), factories.a_dwelling()
    browser = client_of(lead)
    address = f"/photos/{photo['id']}/screen"
    steps = {
        "photo": lambda: sender.upload_photo(visit, photo, content),
        "visit": lambda: sender.record(door, photos=[photo], visit=visit),
    }

    steps.pop(first)()
    half_way = browser.get(address)
    [last] = steps.values()
    last()

    assert half_way.status_code == 404
    assert browser.get(address).mimetype == "image/jpeg"


def test_what_is_stored_and_what_is_served_says_nothing_of_where_it_was_taken(app, sender, client_of, lead):
    content = talkative("JPEG", 6)
    photo = sender.photo_part(content)
    visit = _record_with(sender, photo)

    sender.upload_photo(visit, photo, content)

    kept = app.extensions["photo_store"].get(_stored().stored_digest)
    assert_same_pixels(kept, content)
    for served in (kept, *(_served(client_of(lead), photo, size) for size in ("thumb", "screen"))):
        assert_tells_nothing(served)


def _served(browser, photo, size):
    answer = browser.get(f"/photos/{photo['id']}/{size}")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    return answer.get_data()


def test_a_photo_taken_sideways_is_served_upright(sender, client_of, lead):
    sideways = saved(quarters().transpose(2), "JPEG", exif=exif(6), quality=95, subsampling=0)
    photo = sender.photo_part(sideways)
    sender.upload_photo(_record_with(sender, photo), photo, sideways)

    shown = opened(_served(client_of(lead), photo, "screen"))

    assert opened(sideways).size == (48, 64)
    assert shown.size == (64, 48)
    red, green, blue = shown.getpixel((8, 8))
    assert red > 150
    assert max(green, blue) < 100


def test_the_digests_of_what_came_and_of_what_is_kept_are_both_on_record(app, sender):
    content = talkative("JPEG")
    sender.upload_photo(str(new_id()), sender.photo_part(content), content)

    row = _stored()

    assert row.digest == digest_of(content)
    assert digest_of(app.extensions["photo_store"].get(row.stored_digest)) == f"sha-256:{row.stored_digest}"
    assert row.stored_digest not in row.digest
    assert (row.media_type, row.width, row.height) == ("image/jpeg", 160, 120)
    assert row.stored_at is not None


def test_the_pieces_are_forgotten_when_the_whole_is_stored(app, sender):
    content = saved(noise(), "JPEG")
    sender.upload_photo(str(new_id()), sender.photo_part(content), content, piece=1000)

    assert list((app.extensions["photo_store"].root / "parts").iterdir()) == []


# Kept aside


def _half():
    whole = saved(noise(), "JPEG")
    return whole[: len(whole) // 2]


UNUSABLE = {
    "not_a_picture": lambda: b"<html>Sign in to this network</html>",
    "incomplete": _half,
    "unsupported": lambda: GIF,
    "too_many_pixels": lambda: saved(noise(8, 8, "1").resize((1500, 1000)), "PNG"),
}


@pytest.mark.parametrize("reason", UNUSABLE)
def test_what_is_no_usable_picture_is_kept_aside_and_told_at_once(make_app, reason):
    app = make_app(FIELD_PHOTO_MAX_PIXELS="1000000")
    with app.app_context():
        sender = Phone(app, factories.a_user("worker")).enrol()
        content = UNUSABLE[reason]()
        photo = sender.photo_part(content)
        visit = _record_with(sender, photo)

        answer = sender.upload_photo(visit, photo, content)
        again = sender.start_photo(visit, photo)

        assert (answer.status_code, answer.json["code"]) == (422, "photo-unusable")
        assert (answer.json["reason"], again.headers["Photo-Problem"]) == (reason, reason)
        assert sender.ask_photo(again.headers["Location"]).headers["Photo-Problem"] == reason
        assert app.extensions["photo_store"].part(_stored().id) == content
        assert db.session.query(InboxEvent).one().result == "accepted"
        assert db.session.query(AuditEntry).filter_by(action="photo.quarantined").count() == 1


def test_an_empty_photo_is_told_when_it_is_announced(sender):
    answer = sender.start_photo(str(new_id()), sender.photo_part(b""))

    assert (answer.status_code, answer.headers["Photo-Problem"]) == (201, "empty")


def test_a_photo_that_was_kept_aside_is_shown_to_nobody(sender, client_of, lead):
    content = _half()
    photo = sender.photo_part(content)
    sender.upload_photo(_record_with(sender, photo), photo, content)

    assert client_of(lead).get(f"/photos/{photo['id']}/screen").status_code == 404


def test_a_whole_that_is_not_what_was_announced_is_never_acknowledged_and_starts_anew(app, sender):
    """Every piece was right and the whole is not: something here damaged it, and the phone still has it."""
    content, visit = saved(noise(), "JPEG"), str(new_id())
    photo = sender.photo_part(content)
    location = sender.start_photo(visit, photo).headers["Location"]
    sender.send_piece(location, 0, content[:1000])
    part = app.extensions["photo_store"].root / "parts" / UUID(location.rpartition("/")[2]).hex
    part.write_bytes(b"\0" * 1000)

    answer = sender.send_piece(location, 1000, content[1000:])
    stands = sender.ask_photo(location).headers["Upload-Offset"]
    healed = sender.upload_photo(visit, photo, content)

    assert (answer.status_code, answer.json["code"]) == (460, "checksum-mismatch")
    assert stands == "0"
    assert healed.headers["Photo-Receipt"]


# Expired


def _expire(app):
    assert app.test_cli_runner().invoke(args=["photos", "expire"]).exit_code == 0
    db.session.expire_all()


def test_an_upload_that_was_never_finished_expires_and_can_start_again(app, sender, clock):
    content, visit = saved(noise(), "JPEG"), str(new_id())
    photo = sender.photo_part(content)
    location = sender.start_photo(visit, photo).headers["Location"]
    sender.send_piece(location, 0, content[:1000])
    clock.forward(days=31)
    _expire(app)

    asked = sender.ask_photo(location)
    held = {"id": photo["id"], "kind": "full", "digest": photo["digest"]}
    missing = sender.reconcile(photos=[held])["photos_missing"]
    again = sender.start_photo(visit, photo)
    answer = sender.upload_photo(visit, photo, content)

    assert (asked.status_code, missing) == (410, [photo["id"]])
    assert (again.status_code, again.headers["Upload-Offset"]) == (201, "0")
    assert answer.headers["Photo-Receipt"]
    assert sender.reconcile(photos=[held])["photos_missing"] == []


def test_a_photo_expires_only_when_its_visit_never_came(app, sender, clock):
    content = saved(noise(), "JPEG")
    photo, orphan = sender.photo_part(content), sender.photo_part(content)
    sender.upload_photo(_record_with(sender, photo), photo, content)
    sender.upload_photo(str(new_id()), orphan, content)
    clock.forward(days=31)
    _expire(app)

    states = {str(row.photo_id): row.state for row in db.session.query(Photo)}

    assert states == {photo["id"]: "stored", orphan["id"]: "expired"}


def test_nothing_expires_before_thirty_days(app, sender, clock):
    content = saved(noise(), "JPEG")
    sender.upload_photo(str(new_id()), sender.photo_part(content), content)
    clock.forward(days=29)
    _expire(app)

    assert _stored().state == "stored"
