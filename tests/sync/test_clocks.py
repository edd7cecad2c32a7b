"""A clock that is wrong is marked however late a record is applied; one that nobody measured is not called right."""

import io
from datetime import timedelta

import pytest

from field.accounts.models import UserArea
from field.core.clock import instant_text, utcnow
from field.core.db import db, transaction
from field.visits.models import NO_CLOCK, VisitRevision
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


def _put_right_before_it_was_sent(sender, door, made_at):
    """A visit made under a clock that was right again when it was sent."""
    event = sender.event(sender.visit_body(door), recorded_at=instant_text(made_at))
    [result] = sender.send(event)
    assert result["result"] == "accepted", result
    return event


def test_a_clock_put_right_before_sending_is_marked_and_the_order_is_that_of_coming(
    phone, worker, second_worker, client_of, lead, clock, then
):
    door, sender = factories.a_dwelling(), phone(worker)
    before = phone(second_worker).record(door, outcome="no_answer")
    clock.forward(hours=2)

    _put_right_before_it_was_sent(sender, door, utcnow() - TEN_YEARS)

    revision = db.session.query(VisitRevision).filter_by(author_id=worker.id).one()
    assert revision.clock_skew_s == NO_CLOCK
    db.session.refresh(door)
    assert (door.visit_id, door.visit_at) == (revision.visit_id, revision.received_at)
    sender.sign_in(worker)
    [told] = [one for one in sender.pack()["doors"] if one["id"] == str(door.id)]
    assert (told["last"]["outcome"], [one["outcome"] for one in told["earlier"]]) == ("done", ["no_answer"])
    page = client_of(lead).get(f"/visits/{revision.visit_id}?lang=en").get_data(as_text=True)
    assert "clock cannot have been right" in page
    assert before["id"] != str(revision.id)


@pytest.mark.parametrize("before", [timedelta(hours=1), timedelta(days=30)])
def test_nobody_makes_a_record_before_there_is_an_account(phone, worker, before):
    sender = phone(worker)

    _put_right_before_it_was_sent(sender, factories.a_dwelling(), worker.created_at - before)

    assert db.session.query(VisitRevision).one().clock_skew_s == NO_CLOCK


def test_a_record_that_waited_for_months_keeps_its_time(phone, worker, clock):
    sender, made = phone(worker), utcnow()
    clock.forward(days=200)

    _put_right_before_it_was_sent(sender, factories.a_dwelling(), made)

    assert db.session.query(VisitRevision).one().clock_skew_s == 0
