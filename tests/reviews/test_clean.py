"""Clean visits: only those at which there was nothing to see, approved together, and taken back in time."""

import pytest

from field.core.db import db
from field.core.ids import new_id
from field.reviews.models import Review
from field.visits.models import Visit
from tests import factories


def _text(browser, path="/reviews/clean"):
    return browser.get(path).get_data(as_text=True)


def _approve(browser, *visits):
    return browser.post("/reviews/clean/approval", data={"visit": [str(visit.id) for visit in visits]})


def _states():
    return sorted(visit.state for visit in db.session.query(Visit))


@pytest.fixture
def clean(worker):
    """Two visits at which nothing had changed."""
    return [factories.a_visit(worker, factories.a_dwelling()) for _ in range(2)]


def test_a_visit_with_anything_to_see_is_not_among_the_clean_ones(client_of, lead, worker, clean):
    changed = factories.a_visit(
        worker, factories.a_dwelling(), unchanged=None, dwelling_changes={"headcount": 77}
    )
    asking = factories.a_visit(
        worker, factories.a_dwelling(), requests=[{"id": str(new_id()), "kind": "permit"}]
    )

    page = _text(client_of(lead))

    assert all(str(visit.id) in page for visit in clean)
    assert str(changed.id) not in page
    assert str(asking.id) not in page


def test_a_note_is_read_before_approving(client_of, lead, worker):
    factories.a_visit(worker, factories.a_dwelling(), note="住户说晚上再来")

    assert "住户说晚上再来" in _text(client_of(lead))


def test_ticked_visits_are_approved_together_and_the_others_wait(client_of, lead, clean):
    answer = _approve(client_of(lead), clean[0])

    assert answer.headers["Location"].startswith("/reviews/clean?approved=1&batch=")
    assert _states() == ["approved", "waiting"]


def test_a_visit_that_a_colleague_decided_meanwhile_is_left_as_it_is(client_of, lead, clean):
    browser = client_of(lead)
    browser.post(f"/visits/{clean[0].id}/return", data={"revision": 1, "reason": "再看看"})

    answer = _approve(browser, *clean)

    assert "approved=1&" in answer.headers["Location"]
    assert _states() == ["approved", "returned"]


def test_what_was_approved_together_is_taken_back_within_ten_minutes(client_of, lead, clean):
    browser = client_of(lead)
    batch = _approve(browser, *clean).headers["Location"].split("batch=")[1]

    answer = browser.post(f"/reviews/clean/approval/{batch}/reversal")

    assert answer.headers["Location"] == "/reviews/clean?reopened=2"
    assert _states() == ["waiting", "waiting"]
    assert db.session.query(Review).count() == 0


def test_nothing_is_taken_back_after_ten_minutes(client_of, lead, clean, clock):
    browser = client_of(lead)
    batch = _approve(browser, *clean).headers["Location"].split("batch=")[1]
    clock.forward(minutes=11)

    answer = browser.post(f"/reviews/clean/approval/{batch}/reversal")

    assert answer.headers["Location"] == "/reviews/clean?reopened=0"
    assert _states() == ["approved", "approved"]


def test_forged_ids_of_another_area_approve_nothing(client_of, clean):
    stranger = factories.a_user("far-lead", role="lead", areas=("620402002001",))

    answer = _approve(client_of(stranger), *clean)

    assert "approved=0&" in answer.headers["Location"]
    assert _states() == ["waiting", "waiting"]


def test_an_id_that_is_none_is_refused(client_of, lead):
    answer = client_of(lead).post("/reviews/clean/approval", data={"visit": "x"})

    assert answer.status_code == 400
