"""A phone that is handed to somebody of another district: nothing of the first district is taken there."""

import pytest

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


def test_it_is_applied_once_its_author_signs_in_again(handed_on, worker):
    shared, event = handed_on
    shared.send(event)

    shared.sign_in(worker).enrol()
    [result] = shared.send(event)

    assert result["result"] == "accepted"
    assert db.session.query(Visit).one().district == factories.DISTRICT


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
