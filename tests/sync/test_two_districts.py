"""A phone that is handed to somebody of another district: nothing of the first district is taken there."""

from uuid import UUID

import pytest

from field.administration.queries import missing_numbers
from field.core.db import db
from field.photos.models import Photo
from field.sync.models import InboxEvent
from field.visits.models import Visit
from tests import factories
from tests.photos.pictures import noise, saved

OTHER = int(factories.ABROAD[:6])


@pytest.fixture
def stranger(app):
    """A worker of another district."""
    factories.a_grid(factories.ABROAD)
    return factories.a_user("abroad", role="worker", areas=(factories.ABROAD,), district=OTHER)


@pytest.fixture
def handed_on(phone, worker, stranger):
    """A phone with an unsent visit of its first worker, enrolled for the second; answers (phone, event)."""
    shared = phone(worker)
    event = shared.event(shared.visit_body(factories.a_dwelling()))
    shared.sign_in(stranger).enrol()
    return shared, event


def test_what_belongs_to_another_district_gets_no_result_and_is_kept_nowhere(handed_on):
    shared, event = handed_on

    assert shared.send(event) == []
    assert db.session.query(InboxEvent).count() == 0


def test_what_the_new_worker_records_goes_on_beside_it(handed_on, stranger):
    shared, event = handed_on
    own = shared.event(shared.visit_body(factories.a_dwelling(grid=factories.ABROAD)))

    [result] = shared.send(event, own)

    assert (result["id"], result["result"]) == (own["id"], "accepted")
    assert db.session.query(InboxEvent).one().district == OTHER


def test_its_number_is_not_called_missing_in_the_other_district(handed_on, client_of, stranger):
    shared, event = handed_on
    lead = factories.a_user("abroad-lead", role="lead", areas=(factories.ABROAD[:9],), district=OTHER)
    own = shared.event(shared.visit_body(factories.a_dwelling(grid=factories.ABROAD)))
    shared.send(event, own)

    page = client_of(lead).get("/phones?lang=en").get_data(as_text=True)

    assert stranger.name in page
    assert "Missing" not in page


def test_a_record_that_comes_home_leaves_no_gap_in_either_district(phone, worker, stranger):
    """Enrolled in one district, handed to the other, and back: three devices."""
    names = []
    shared = phone(worker)
    waiting, sent = (shared.event(shared.visit_body(factories.a_dwelling())) for _ in range(2))
    shared.send(sent)
    for user in (stranger, worker):
        names.append({"device": shared.device, "seq": waiting["seq"]})
        shared.sign_in(user).enrol()
        waiting |= {"seq": 1, "earlier": list(names)}
        shared.seq = 1
        shared.send(
            waiting, shared.event(shared.visit_body(factories.a_dwelling(grid=user.areas[0].area_code)))
        )

    assert db.session.get(InboxEvent, UUID(waiting["id"])).result == "accepted"
    devices = [UUID(one["device"]) for one in names] + [UUID(shared.device)]
    for district in (factories.DISTRICT, OTHER):
        assert missing_numbers(district, devices) == {}


def test_what_is_left_to_its_own_district_leaves_no_gap_when_the_phone_is_enrolled_anew_here(
    handed_on, phone, stranger
):
    shared, event = handed_on
    shared.seq = 1
    shared.send(shared.event(shared.visit_body(factories.a_dwelling(grid=factories.ABROAD))))
    anew = phone(stranger)

    anew.send(event | {"seq": 1, "earlier": [{"device": shared.device, "seq": 1}]})

    assert missing_numbers(OTHER, [UUID(shared.device), UUID(anew.device)]) == {}


def test_it_is_applied_once_its_author_signs_in_again(handed_on, worker):
    shared, event = handed_on
    shared.send(event)

    shared.sign_in(worker).enrol()
    [result] = shared.send(event)

    assert result["result"] == "accepted"
    assert db.session.query(Visit).one().district == factories.DISTRICT


@pytest.mark.parametrize("much", [0, 100, None], ids=["announced", "in part", "whole"])
@pytest.mark.parametrize("outcome", ["done", "nonsense"], ids=["applied", "set aside"])
def test_a_photo_that_went_to_the_other_district_waits_for_its_visit_and_comes_home(
    handed_on, worker, much, outcome
):
    shared, _event = handed_on
    picture = saved(noise(), "JPEG")
    part = shared.photo_part(picture)
    body = shared.visit_body(factories.a_dwelling(), photos=[part], outcome=outcome)
    place = shared.start_photo(body["visit"], part).headers["Location"]
    if much != 0:
        shared.send_piece(place, 0, picture[:much])

    shared.sign_in(worker).enrol()
    before = shared.start_photo(body["visit"], part)
    shared.send(shared.event(body))
    told = shared.upload_photo(body["visit"], part, picture)

    assert before.json["code"] == "not-found"
    assert "Photo-Receipt" in told.headers
    db.session.expire_all()
    assert db.session.query(Photo).one().district == factories.DISTRICT


@pytest.mark.parametrize("announced", [True, False])
def test_a_photo_whose_visit_the_other_district_has_waits_on_the_phone_until_it_is_there_again(
    handed_on, worker, stranger, announced
):
    shared, _event = handed_on
    picture = saved(noise(), "JPEG")
    part = shared.photo_part(picture)
    body = shared.visit_body(factories.a_dwelling(grid=factories.ABROAD), photos=[part])
    shared.send(shared.event(body))
    if announced:
        shared.start_photo(body["visit"], part)

    shared.sign_in(worker).enrol()
    here = [shared.start_photo(body["visit"], part, piece=piece) for piece in (b"", picture)]
    shared.sign_in(stranger).enrol()
    there = shared.upload_photo(body["visit"], part, picture)

    assert [answer.json["code"] for answer in here] == ["not-found", "not-found"]
    assert "Photo-Receipt" in there.headers
    assert db.session.query(Photo).one().district == OTHER


def test_a_photo_whose_visit_was_set_aside_in_the_other_district_stays_with_it(handed_on, worker, stranger):
    shared, _event = handed_on
    picture = saved(noise(), "JPEG")
    part = shared.photo_part(picture)
    body = shared.visit_body(factories.a_dwelling(), photos=[part])  # a door of none of theirs
    shared.send(shared.event(body))
    shared.upload_photo(body["visit"], part, picture)

    shared.sign_in(worker).enrol()

    assert shared.start_photo(body["visit"], part).json["code"] == "not-found"


def test_a_photo_that_went_to_the_other_district_comes_home_with_its_visit(handed_on, worker):
    shared, _event = handed_on
    picture = saved(noise(), "JPEG")
    part = shared.photo_part(picture)
    body = shared.visit_body(factories.a_dwelling(), photos=[part])
    assert "Photo-Receipt" in shared.upload_photo(body["visit"], part, picture).headers

    shared.sign_in(worker).enrol()
    [result] = shared.send(shared.event(body))
    told = shared.upload_photo(body["visit"], part, picture)

    assert result["result"] == "accepted"
    assert "Photo-Receipt" in told.headers
    db.session.expire_all()
    assert db.session.query(Photo).one().district == factories.DISTRICT
