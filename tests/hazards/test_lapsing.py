"""A recheck whose photo does not come: after some days it no longer counts, which everybody hears who has to act."""

import threading

import pytest

from field.core.db import db
from field.hazards.lapsing import PHOTO_DAYS
from field.hazards.models import Finding, FindingStatus
from tests import factories
from tests.photos.pictures import noise, saved
from tests.waiting import Side

S = FindingStatus
PICTURE = saved(noise(), "JPEG")
NO_PICTURE = b"this is no picture"


@pytest.fixture
def hazard(worker):
    return factories.a_hazard(worker)


@pytest.fixture
def sender(phone, second_worker):
    """The phone of somebody else than who found it."""
    return phone(second_worker)


@pytest.fixture
def waits(sender, hazard):
    """Somebody looked again and found it put right; the photo has not come. Answers the photo's part and the event."""
    part = sender.photo_part(PICTURE)
    said = {"finding": str(hazard.id), "passed": True, "photos": [part["id"]]}
    event = sender.event(body := sender.visit_body(hazard.dwelling_id, rechecks=[said], photos=[part]))
    sender.send(event)
    return part, body, event


@pytest.fixture
def look(client_of, lead):
    """A lead opens the board."""
    return lambda: client_of(lead).get("/hazards/board?lang=en").get_data(as_text=True)


@pytest.fixture
def pack(phone, second_worker):
    """What the phone of whoever looked fetches; sessions end sooner than waits."""
    return lambda since=None: phone(second_worker).pack(since)


def _now(hazard):
    db.session.expire_all()
    return db.session.get_one(Finding, hazard.id)


def _actions(hazard):
    return [str(step.action) for step in _now(hazard).steps][2:]


def test_it_waits_for_the_days_of_the_district_and_is_then_to_be_looked_at_again(hazard, waits, look, clock):
    clock.forward(days=PHOTO_DAYS)
    look()
    last_day = _now(hazard).status

    clock.forward(days=1)
    board = look()

    assert last_day == S.AWAITING_PHOTO
    assert (_now(hazard).status, _now(hazard).settled) == (S.RECHECK_DUE, False)
    assert _actions(hazard) == ["await_photo", "lapse_recheck"]
    assert "recheck does not count" in board


def test_it_lapses_once_however_many_look(hazard, waits, look, clock, pack):
    clock.forward(days=PHOTO_DAYS + 1)

    for turn in (look, pack, look, pack):
        turn()

    assert _actions(hazard) == ["await_photo", "lapse_recheck"]


@pytest.mark.parametrize("path", ["/hazards", "/hazards/board", "/hazards/{}"])
def test_whichever_page_of_hazards_is_opened(hazard, waits, client_of, lead, clock, path):
    clock.forward(days=PHOTO_DAYS + 1)

    page = client_of(lead).get(path.format(hazard.id) + "?lang=en").get_data(as_text=True)

    assert _now(hazard).status == S.RECHECK_DUE
    assert "recheck does not count" in page or "its photo has not come" in page


@pytest.mark.parametrize("command", ["referrals overdue"])
def test_the_daily_command_ends_waits_where_nobody_looks(app, hazard, waits, clock, command):
    clock.forward(days=PHOTO_DAYS + 1)

    app.test_cli_runner().invoke(args=command.split())

    assert _actions(hazard)[:2] == ["await_photo", "lapse_recheck"]


def test_a_lead_reads_until_when_it_waits_and_then_why_it_does_not_count(
    hazard, waits, client_of, lead, clock
):
    before = client_of(lead).get(f"/hazards/{hazard.id}?lang=en").get_data(as_text=True)
    clock.forward(days=PHOTO_DAYS + 1)
    browser = client_of(lead)
    after = browser.get(f"/hazards/{hazard.id}?lang=en").get_data(as_text=True)
    visit = browser.get(f"/visits/{waits[1]['visit']}?lang=en").get_data(as_text=True)

    assert "If none has come by" in before
    assert "The last recheck does not count: its photo has not come." in after
    assert "The photo has not come: this recheck does not count" in after  # in its life
    assert "The recheck does not count: its photo has not come." in visit


def test_whoever_looked_hears_it_on_the_phone_and_the_finder_does_not(
    hazard, waits, pack, phone, worker, clock
):
    cursor = pack()["cursor"]
    clock.forward(days=PHOTO_DAYS + 1)

    page = pack(cursor)

    assert [row["status"] for row in page["findings"]] == ["recheck_due"]
    assert [(row["finding"], row["status"]) for row in page["endings"]] == [
        (str(hazard.id), "recheck_lapsed")
    ]
    assert phone(worker).pack()["endings"] == []


def test_a_photo_that_cannot_be_used_is_told_to_whoever_looked_too(hazard, waits, sender, pack):
    part, body, _event = waits
    bad = sender.photo_part(NO_PICTURE) | {"id": part["id"]}
    sender.upload_photo(body["visit"], bad, NO_PICTURE)

    assert [row["status"] for row in pack()["endings"]] == ["recheck_void"]


def test_what_is_looked_at_again_is_told_no_more(hazard, waits, pack, phone, worker, clock):
    clock.forward(days=PHOTO_DAYS + 1)
    cursor = pack()["cursor"]
    other = phone(worker)
    said = {"finding": str(hazard.id), "passed": False, "note": "还在"}

    other.send(other.event(other.visit_body(hazard.dwelling_id, rechecks=[said])))

    assert pack(cursor)["endings"] == []


def test_a_photo_that_comes_after_all_closes_while_nobody_has_looked_again(
    hazard, waits, sender, look, clock
):
    part, body, _event = waits
    clock.forward(days=PHOTO_DAYS + 1)
    look()

    sender.upload_photo(body["visit"], part, PICTURE)

    assert (_now(hazard).status, _now(hazard).voided_at) == (S.CLOSED, None)
    assert _actions(hazard) == ["await_photo", "lapse_recheck", "confirm_recheck"]
    assert "recheck does not count" not in look()


def test_a_photo_that_comes_after_somebody_looked_again_changes_nothing(
    hazard, waits, sender, phone, worker, look, clock
):
    part, body, _event = waits
    clock.forward(days=PHOTO_DAYS + 1)
    look()
    other = phone(worker)
    said = {"finding": str(hazard.id), "passed": False, "note": "还在"}
    other.send(other.event(other.visit_body(hazard.dwelling_id, rechecks=[said])))

    sender.upload_photo(body["visit"], part, PICTURE)

    assert _now(hazard).status == S.RECHECK_FAILED


def test_a_late_photo_that_cannot_be_used_is_written_down_once(hazard, waits, sender, look, clock):
    part, body, _event = waits
    clock.forward(days=PHOTO_DAYS + 1)
    look()
    bad = sender.photo_part(NO_PICTURE) | {"id": part["id"]}

    for _unused in range(2):
        sender.upload_photo(body["visit"], bad, NO_PICTURE)

    assert _actions(hazard) == ["await_photo", "lapse_recheck", "void_recheck"]
    assert _now(hazard).status == S.RECHECK_DUE


def test_while_photos_of_the_visit_still_move_it_waits(hazard, waits, sender, look, clock):
    part, body, _event = waits
    clock.forward(days=PHOTO_DAYS - 1)
    sender.start_photo(body["visit"], part)
    clock.forward(days=3)
    look()
    moving = _now(hazard).status
    clock.forward(days=PHOTO_DAYS)
    look()

    assert moving == S.AWAITING_PHOTO
    assert _now(hazard).status == S.RECHECK_DUE


def test_days_count_from_when_the_visit_came_here(hazard, sender, look, clock):
    part = sender.photo_part(PICTURE)
    said = {"finding": str(hazard.id), "passed": True, "photos": [part["id"]]}
    event = sender.event(sender.visit_body(hazard.dwelling_id, rechecks=[said], photos=[part]))
    clock.forward(days=PHOTO_DAYS + 5)  # without a signal

    sender.send(event)
    look()

    assert _now(hazard).status == S.AWAITING_PHOTO


def test_the_office_says_how_many_days_and_what_waits_already_follows(
    hazard, waits, client_of, office, look, clock
):
    clock.forward(days=3)
    look()
    before, browser = _now(hazard).status, client_of(office)

    answer = browser.post("/hazards/rules/rechecks", data={"photo_days": "2"})
    look()

    assert (answer.status_code, before) == (303, S.AWAITING_PHOTO)
    assert 'value="2"' in browser.get("/hazards/rules").get_data(as_text=True)
    assert _now(hazard).status == S.RECHECK_DUE


@pytest.mark.parametrize("days", ["", "0", "31", "many", "=1"])
def test_days_that_are_none_are_refused_beside_their_field(client_of, office, days):
    answer = client_of(office).post("/hazards/rules/rechecks", data={"photo_days": days})

    assert answer.status_code == 422
    assert 'id="rechecks-photo_days-error"' in answer.get_data(as_text=True)


def test_a_correction_that_says_the_same_does_not_make_it_wait_anew(
    hazard, waits, sender, client_of, lead, look, clock
):
    _part, body, event = waits
    clock.forward(days=PHOTO_DAYS + 1)
    look()
    client_of(lead).post(f"/visits/{body['visit']}/return", data={"revision": 1, "reason": "请补写备注"})

    sender.send(sender.event(sender.correction_of(event, note="已补")))

    assert _now(hazard).status == S.RECHECK_DUE
    assert _now(hazard).voided_at is not None


def test_a_correction_that_no_longer_says_so_leaves_it_as_it_was_before(
    hazard, waits, sender, client_of, lead, look, clock
):
    _part, body, event = waits
    clock.forward(days=PHOTO_DAYS + 1)
    look()
    client_of(lead).post(f"/visits/{body['visit']}/return", data={"revision": 1, "reason": "走错门了"})

    sender.send(sender.event(sender.correction_of(event, rechecks=None, photos=None)))

    assert (_now(hazard).status, _now(hazard).voided_at) == (S.NOTIFIED, None)


@pytest.mark.parametrize("turn", range(3))
def test_its_end_and_its_photo_at_the_same_moment_leave_it_closed(
    app, hazard, waits, sender, client_of, lead, clock, turn
):
    part, body, _event = waits
    location, start = sender.start_photo(body["visit"], part).headers["Location"], threading.Barrier(2)

    def beside(work):
        def run():
            with app.app_context():
                start.wait(10)
                return work().status_code

        return Side(run)

    clock.forward(days=PHOTO_DAYS + 1)
    browser = client_of(lead)
    sides = [
        beside(lambda: browser.get("/hazards")),
        beside(lambda: sender.send_piece(location, 0, PICTURE)),
    ]

    assert [side.result() for side in sides] == [200, 204]
    assert _now(hazard).status == S.CLOSED
