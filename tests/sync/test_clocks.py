"""A clock that is wrong is marked however late a record is applied; one that nobody measured is not called right."""

import io
from datetime import timedelta

import pytest

from field.accounts.models import UserArea
from field.core.clock import instant_text, utcnow
from field.core.db import db, transaction
from field.visits.models import VisitRevision
from tests import factories
from tests.rescue_file import rescue_file

TEN_YEARS = timedelta(days=3650)


@pytest.fixture
def then():
    """What a phone's clock says that is ten years behind."""
    return instant_text(utcnow() - TEN_YEARS)


def _is_marked(revision):
    return abs(revision.clock_skew_s - TEN_YEARS.total_seconds()) < 600


def test_a_wrong_clock_is_marked_also_when_the_record_is_judged_again_later(
    phone, worker, client_of, lead, clock, then
):
    sender, door = phone(worker), factories.a_dwelling(grid=factories.ELSEWHERE)
    event = sender.event(sender.visit_body(door), recorded_at=then)
    sender.send(event, sent_at=then)
    made = utcnow()
    clock.forward(days=3)
    with transaction() as session:
        session.add(UserArea(user_id=worker.id, area_code=factories.ELSEWHERE))

    client_of(lead).post(f"/set-aside/{event['id']}/judgement")

    assert _is_marked(db.session.query(VisitRevision).one())
    db.session.refresh(door)
    assert abs(door.visit_at - made) < timedelta(minutes=1)


def test_what_waited_is_marked_by_the_clock_that_sent_it(phone, worker, then):
    wrong, right, door = phone(worker), phone(worker), factories.a_dwelling()
    visit = right.event(right.visit_body(door))
    wrong.send(wrong.event(wrong.correction_of(visit), recorded_at=then), sent_at=then)

    right.send(visit)

    first, second = db.session.query(VisitRevision).order_by(VisitRevision.number)
    assert first.clock_skew_s == 0
    assert _is_marked(second)


def test_of_a_clock_that_nobody_measured_nothing_is_said(phone, worker, client_of, lead):
    sender = phone(worker)
    event = sender.event(sender.visit_body(factories.a_dwelling()))
    file = io.BytesIO(rescue_file(sender.pack()["rescue"], sender.device, [event]))
    client_of(lead).post("/rescue", data={"file": (file, "x")}, content_type="multipart/form-data")

    revision = db.session.query(VisitRevision).one()

    assert revision.clock_skew_s is None
    assert client_of(lead).get(f"/visits/{revision.visit_id}").status_code == 200
