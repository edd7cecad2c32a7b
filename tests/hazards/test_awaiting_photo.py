"""A recheck at the door and its photo, which comes on its own: closed with the photo, open again without it."""

import threading
from datetime import timedelta

import pytest

from field.core.clock import utcnow
from field.core.db import db, transaction
from field.core.ids import new_id
from field.hazards.models import Action, Finding, FindingStatus
from field.photos import service as photos
from field.photos.service import KEPT_UNFINISHED
from tests.hazards.looking import actions, looked_again, now
from tests.photos.pictures import noise, saved
from tests.waiting import Side

S = FindingStatus
PICTURE = saved(noise(), "JPEG")
NO_PICTURE = b"this is no picture"


def test_a_hazard_found_put_right_waits_for_its_photo_and_closes_with_it(sender, hazard):
    part = sender.photo_part(PICTURE)
    body = looked_again(sender, hazard, part, note="已拆除")

    sender.send(sender.event(body))
    waiting = now(hazard).status, now(hazard).settled
    sender.upload_photo(body["visit"], part, PICTURE)

    assert waiting == (S.AWAITING_PHOTO, False)
    assert (now(hazard).status, now(hazard).settled) == (S.CLOSED, True)
    assert actions(hazard) == ["await_photo", "confirm_recheck"]


def test_a_photo_that_came_before_its_visit_closes_at_once(sender, hazard):
    part = sender.photo_part(PICTURE)
    body = looked_again(sender, hazard, part)
    sender.upload_photo(body["visit"], part, PICTURE)

    sender.send(sender.event(body))

    assert now(hazard).status == S.CLOSED
    assert actions(hazard) == ["close"]


def test_a_preview_is_no_photo_to_close_on(sender, hazard):
    part, small = sender.photo_part(PICTURE), saved(noise(40, 30), "JPEG")
    body = looked_again(sender, hazard, part)
    sender.send(sender.event(body))

    preview = sender.photo_part(small) | {"id": part["id"]}
    sender.upload_photo(body["visit"], preview, small, kind="preview")

    assert now(hazard).status == S.AWAITING_PHOTO


@pytest.mark.parametrize("first", ["visit", "photo"])
def test_a_photo_that_cannot_be_used_makes_the_recheck_void_and_the_hazard_open(sender, hazard, first):
    part = sender.photo_part(NO_PICTURE)
    body = looked_again(sender, hazard, part)
    steps = {
        "visit": lambda: sender.send(sender.event(body)),
        "photo": lambda: sender.upload_photo(body["visit"], part, NO_PICTURE),
    }

    for name in sorted(steps, key=lambda name: name != first):
        steps[name]()

    opened = now(hazard)
    assert (opened.status, opened.settled) == (S.RECHECK_DUE, False)
    assert opened.voided_at is not None
    assert actions(hazard) == ["await_photo", "void_recheck"]


def test_one_good_photo_among_unusable_ones_is_enough(sender, hazard):
    bad, good = sender.photo_part(NO_PICTURE), sender.photo_part(PICTURE)
    body = looked_again(sender, hazard, bad, good)
    sender.send(sender.event(body))

    sender.upload_photo(body["visit"], bad, NO_PICTURE)
    between = now(hazard).status
    sender.upload_photo(body["visit"], good, PICTURE)

    assert between == S.AWAITING_PHOTO
    assert now(hazard).status == S.CLOSED


def test_the_old_photo_again_closes_nothing_when_it_comes(sender, hazard, phone, worker):
    part = sender.photo_part(PICTURE)
    with transaction():
        db.session.get_one(Finding, hazard.id).photo_ids = [part["id"]]
    body = looked_again(sender, hazard, part)

    sender.send(sender.event(body))
    sender.upload_photo(body["visit"], part, PICTURE)

    assert actions(hazard) == ["note"]
    assert now(hazard).status == S.NOTIFIED


def test_a_visit_and_a_photo_sent_again_close_once(sender, hazard):
    part = sender.photo_part(PICTURE)
    event = sender.event(body := looked_again(sender, hazard, part))

    for _ in range(2):
        sender.send(event)
        sender.upload_photo(body["visit"], part, PICTURE)

    assert actions(hazard) == ["await_photo", "confirm_recheck"]


def test_a_photo_whose_upload_expired_makes_the_recheck_void(sender, hazard, clock):
    part = sender.photo_part(PICTURE)
    body = looked_again(sender, hazard, part)
    sender.send(sender.event(body))
    sender.start_photo(body["visit"], part)
    clock.forward(days=KEPT_UNFINISHED.days + 1)

    with transaction():
        photos.expire(utcnow())

    assert actions(hazard) == ["await_photo", "void_recheck"]


def test_a_photo_that_comes_after_somebody_acted_changes_nothing(sender, hazard, client_of, lead):
    part = sender.photo_part(PICTURE)
    body = looked_again(sender, hazard, part)
    sender.send(sender.event(body))
    form = {"version": now(hazard).version, "department": "fire_rescue"}
    assert client_of(lead).post(f"/hazards/{hazard.id}/referral", data=form).status_code == 303

    sender.upload_photo(body["visit"], part, PICTURE)

    assert now(hazard).status == S.REFERRED


def test_a_correction_with_another_photo_waits_for_that_one(sender, hazard, client_of, lead):
    first, second = sender.photo_part(NO_PICTURE), sender.photo_part(PICTURE)
    event = sender.event(body := looked_again(sender, hazard, first))
    sender.send(event)
    sender.upload_photo(body["visit"], first, NO_PICTURE)
    client_of(lead).post(
        f"/visits/{body['visit']}/return", data={"revision": 1, "reason": "照片打不开，请重拍"}
    )

    said = {"finding": str(hazard.id), "passed": True, "photos": [second["id"]]}
    sender.send(sender.event(sender.correction_of(event, rechecks=[said], photos=[second])))
    waiting = now(hazard).status
    sender.upload_photo(body["visit"], second, PICTURE)

    assert waiting == S.AWAITING_PHOTO
    assert now(hazard).status == S.CLOSED


def test_a_correction_that_no_longer_says_so_opens_what_its_photo_closed(sender, hazard, client_of, lead):
    part = sender.photo_part(PICTURE)
    event = sender.event(body := looked_again(sender, hazard, part))
    sender.send(event)
    sender.upload_photo(body["visit"], part, PICTURE)
    client_of(lead).post(f"/visits/{body['visit']}/return", data={"revision": 1, "reason": "走错门了"})

    sender.send(sender.event(sender.correction_of(event, rechecks=None, photos=None)))

    assert now(hazard).status == S.NOTIFIED
    assert actions(hazard) == ["await_photo", "confirm_recheck", "take_back"]


def test_two_who_looked_close_it_with_the_photo_that_comes_first(phone, sender, hazard, worker):
    other, parts = phone(worker), [sender.photo_part(PICTURE), sender.photo_part(saved(noise(90), "JPEG"))]
    bodies = [looked_again(one, hazard, part) for one, part in zip((sender, other), parts, strict=True)]
    for one, body in zip((sender, other), bodies, strict=True):
        one.send(one.event(body))

    sender.upload_photo(bodies[0]["visit"], parts[0], PICTURE)

    assert now(hazard).status == S.CLOSED


@pytest.mark.parametrize("turn", range(4))
def test_a_visit_and_its_photo_at_the_same_moment_close_it(app, phone, second_worker, hazard, turn):
    sender = phone(second_worker)
    part = sender.photo_part(PICTURE)
    body = looked_again(sender, hazard, part)
    event, start = sender.event(body), threading.Barrier(2)
    location = sender.start_photo(body["visit"], part).headers["Location"]

    def beside(work):
        def run():
            with app.app_context():
                start.wait(10)
                return work()

        return Side(run)

    answers = [beside(lambda: sender.send(event)), beside(lambda: sender.send_piece(location, 0, PICTURE))]
    [[result], photo] = [side.result() for side in answers]

    assert (result["result"], photo.status_code) == ("accepted", 204)
    assert now(hazard).status == S.CLOSED


def test_the_lead_reads_that_a_recheck_does_not_count(sender, hazard, client_of, lead):
    part = sender.photo_part(NO_PICTURE)
    body = looked_again(sender, hazard, part)
    sender.send(sender.event(body))
    sender.upload_photo(body["visit"], part, NO_PICTURE)
    browser = client_of(lead)

    pages = [
        browser.get(path).get_data(as_text=True)
        for path in (f"/hazards/{hazard.id}?lang=en", "/hazards?lang=en", "/hazards/board?lang=en")
    ]
    visit = browser.get(f"/visits/{body['visit']}?lang=en").get_data(as_text=True)

    assert all("recheck does not count" in page for page in [*pages, visit])


def test_what_happens_next_ends_the_word_that_the_recheck_does_not_count(sender, hazard, client_of, lead):
    part = sender.photo_part(NO_PICTURE)
    body = looked_again(sender, hazard, part)
    sender.send(sender.event(body))
    sender.upload_photo(body["visit"], part, NO_PICTURE)
    late = (utcnow() + timedelta(days=9)).date().isoformat()
    browser = client_of(lead)

    browser.post(
        f"/hazards/{hazard.id}/deadline",
        data={"version": now(hazard).version, "due_on": late, "reason": "再看一次"},
    )
    still = now(hazard).voided_at
    browser.post(
        f"/hazards/{hazard.id}/referral",
        data={"version": now(hazard).version, "department": "fire_rescue"},
    )

    assert still is not None
    assert now(hazard).voided_at is None


def test_phones_are_told_that_it_waits(sender, hazard):
    body = looked_again(sender, hazard, sender.photo_part(PICTURE))
    sender.send(sender.event(body))

    told = {row["id"]: row["status"] for row in sender.pack()["findings"]}

    assert told[str(hazard.id)] == "awaiting_photo"


def test_an_event_of_another_visit_that_names_the_photo_closes_nothing(sender, hazard):
    part = sender.photo_part(PICTURE)
    sender.send(sender.event(looked_again(sender, hazard, part)))

    sender.upload_photo(str(new_id()), part, PICTURE)

    assert now(hazard).status == S.AWAITING_PHOTO
    assert Action.CONFIRM_RECHECK not in actions(hazard)
