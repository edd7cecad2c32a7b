"""All in is said only when every record and every photo is whole here, by id and by digest."""

import pytest

from field.accounts.models import Device
from field.core.clock import instant_text, utcnow
from field.core.db import db, transaction
from field.core.ids import new_id
from field.core.installation import installation
from tests import factories
from tests.photos.pictures import noise, saved

LISTS = ("missing", "quarantined", "photos_missing", "photos_partial", "photos_quarantined")


def _lists(answer):
    """The lists that are not empty."""
    return {name: answer[name] for name in LISTS if answer[name]}


def _held(photo, kind="full"):
    return {"id": photo["id"], "kind": kind, "digest": photo["digest"]}


@pytest.fixture
def content():
    return saved(noise(200, 150), "JPEG")


def test_everything_that_arrived_is_in_no_list(phone, worker, content):
    sender = phone(worker)
    photo = sender.photo_part(content)
    event = sender.record(factories.a_dwelling(), photos=[photo], visit=(visit := str(new_id())))
    sender.upload_photo(visit, photo, content)

    answer = sender.reconcile(event, photos=[_held(photo)])

    assert _lists(answer) == {}
    assert (answer["highest_seq"], answer["epoch"]) == (event["seq"], sender.epoch)


def test_a_phone_that_holds_nothing_misses_nothing(phone, worker):
    assert _lists(phone(worker).reconcile()) == {}


def test_what_never_came_is_missing(phone, worker, content):
    sender, door = phone(worker), factories.a_dwelling()
    sent, unsent = sender.record(door), sender.event(sender.visit_body(door))
    photo = sender.photo_part(content)

    answer = sender.reconcile(sent, unsent, photos=[_held(photo)])

    assert _lists(answer) == {"missing": [unsent["id"]], "photos_missing": [photo["id"]]}
    assert answer["highest_seq"] == sent["seq"]


def test_the_same_id_with_other_bytes_is_missing(phone, worker, content):
    sender = phone(worker)
    event = sender.record(factories.a_dwelling())
    photo = sender.photo_part(content)
    sender.upload_photo(str(new_id()), photo, content)
    other = {"digest": "sha-256:" + "0" * 64}

    answer = sender.reconcile(event | other, photos=[_held(photo | other)])

    assert _lists(answer) == {"missing": [event["id"]], "photos_missing": [photo["id"]]}


def test_a_preview_does_not_stand_for_the_whole_photo(phone, worker, content):
    sender, photo = phone(worker), phone(worker).photo_part(content)
    sender.upload_photo(str(new_id()), photo, content, kind="preview")

    answer = sender.reconcile(photos=[_held(photo, "preview"), _held(photo, "full")])

    assert _lists(answer) == {"photos_missing": [photo["id"]]}


def test_a_photo_that_is_half_here_is_partial(phone, worker, content):
    sender, photo = phone(worker), phone(worker).photo_part(content)
    location = sender.start_photo(str(new_id()), photo).headers["Location"]
    sender.send_piece(location, 0, content[:1000])

    assert _lists(sender.reconcile(photos=[_held(photo)])) == {"photos_partial": [photo["id"]]}


def test_what_was_kept_aside_is_told_apart(phone, worker):
    sender, junk = phone(worker), b"no picture at all"
    outside = sender.event(sender.visit_body(factories.a_dwelling(grid=factories.ELSEWHERE)))
    photo = sender.photo_part(junk)
    sender.send(outside)
    sender.upload_photo(str(new_id()), photo, junk)

    answer = sender.reconcile(outside, photos=[_held(photo)])

    assert _lists(answer) == {"quarantined": [outside["id"]], "photos_quarantined": [photo["id"]]}


def test_what_waited_and_was_then_applied_is_in_no_list(phone, worker):
    sender = phone(worker)
    visit = sender.event(sender.visit_body(factories.a_dwelling()))
    correction = sender.event(sender.correction_of(visit))
    sender.send(correction)
    before = _lists(sender.reconcile(visit, correction))

    sender.send(visit)

    assert before == {"missing": [visit["id"]], "quarantined": [correction["id"]]}
    assert _lists(sender.reconcile(visit, correction)) == {}


def test_after_a_restore_the_phone_hears_another_epoch_and_what_to_send_again(phone, worker):
    sender, door = phone(worker), factories.a_dwelling()
    kept, lost = sender.record(door), sender.event(sender.visit_body(door))
    with transaction():
        installation().epoch = new_id()

    answer = sender.reconcile(kept, lost)

    assert answer["epoch"] != sender.epoch
    assert _lists(answer) == {"missing": [lost["id"]]}


def test_a_phone_that_enrolled_anew_finds_what_it_sent_under_its_old_id(phone, worker, content):
    old, renewed = phone(worker), phone(worker)
    photo = old.photo_part(content)
    event = old.record(factories.a_dwelling(), photos=[photo], visit=(visit := str(new_id())))
    old.upload_photo(visit, photo, content)

    assert _lists(renewed.reconcile(event, photos=[_held(photo)])) == {}


def test_another_district_knows_nothing_of_it(phone, worker):
    event = phone(worker).record(factories.a_dwelling())
    abroad = factories.a_user("abroad", role="worker", areas=(factories.ABROAD,), district=620403)

    assert _lists(phone(abroad).reconcile(event)) == {"missing": [event["id"]]}


def test_a_phone_that_only_compares_hears_up_to_when_a_verified_backup_exists(phone, worker):
    sender = phone(worker)
    event = sender.record(factories.a_dwelling())

    before = sender.reconcile(event)
    with transaction():
        installation().durable_through = (backed_up := utcnow())
    after = sender.reconcile(event)

    assert before["durable_through"] is None
    assert after["durable_through"] == instant_text(backed_up)


def test_the_phones_state_is_kept_for_the_lead(phone, worker):
    state = {
        "build": "b\0uild",
        "unsent": 3,
        "oldest_at": "2026-11-20T08:00:00+08:00",
        "photos_unsent": 2,
        "bytes_unsent": 12345,
        "free_bytes": None,
        "persisted": False,
        "battery": 0.4,
        "position": [36.5, 104.2],
    }

    phone(worker).reconcile(state=state)

    kept = db.session.query(Device).one()
    assert kept.state["oldest_at"] == "2026-11-20T00:00:00.000Z"
    assert (kept.state["build"], kept.state["unsent"]) == ("build", 3)
    assert not kept.state.keys() & {"battery", "position"}
    assert kept.contact_at is not None


@pytest.mark.parametrize(
    "said",
    [
        {"visits": [{"id": "x"}]},
        {"photos": 5},
        {"state": {"oldest_at": "0001-01-01T00:00:00+14:00"}},
        {"visits": [{"id": str(new_id()), "digest": "sha-256:" + "0" * 64}] * 5001},
        [],
    ],
    ids=["no digest", "no list", "no such time", "too many", "no object"],
)
def test_what_cannot_be_read_is_told_and_changes_nothing(phone, worker, said):
    answer = phone(worker).browser.post("/sync/reconciliation", json=said)

    assert (answer.status_code, answer.json["code"]) == (422, "invalid")


def test_five_thousand_of_each_are_compared(phone, worker):
    sender = phone(worker)
    known = sender.record(factories.a_dwelling())
    unknown = [{"id": str(new_id()), "digest": known["digest"]} for _ in range(4999)]

    answer = sender.reconcile(known, *unknown)

    assert len(answer["missing"]) == 4999


def test_the_lead_is_told_what_the_comparison_found_not_only_what_the_phone_says(phone, worker, content):
    sender, door = phone(worker), factories.a_dwelling()
    photo = sender.photo_part(content)
    sent, lost = sender.record(door), sender.event(sender.visit_body(door))

    sender.reconcile(sent, lost, photos=[_held(photo)], state={"unsent": 0, "photos_unsent": 0})
    told = db.session.query(Device).one().state["lacking"]
    sender.reconcile(sent, state={"unsent": 0, "photos_unsent": 0, "lacking": {"visits": 9}})
    db.session.expire_all()

    assert told == {"visits": 1, "photos": 1}
    assert db.session.query(Device).one().state["lacking"] == {"visits": 0, "photos": 0}


def test_what_a_phone_compares_in_parts_counts_together_and_anew_the_next_time(phone, worker):
    sender = phone(worker)
    unknown = [sender.event(sender.visit_body(factories.a_dwelling())) for _ in range(3)]
    held = [{"id": event["id"], "digest": event["digest"]} for event in unknown]
    found = []
    for part, some in [(0, held[:2]), (1, held[2:]), (0, held[:1])]:
        sender.browser.post("/sync/reconciliation", json={"visits": some, "part": part})
        db.session.expire_all()
        found.append(db.session.query(Device).one().state["lacking"]["visits"])

    assert found == [2, 3, 1]
